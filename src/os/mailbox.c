// SPDX-License-Identifier: Apache-2.0
#include "os/mailbox.h"

#include "base/check.h"
#include "os/failure.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct pl_mailbox {
    pthread_mutex_t mutex; /* guards the list */
    struct pl_mailbox_item *first;
    struct pl_mailbox_item *last;
    int descriptor; /* eventfd: readable while its count is not 0 */
};

pl_status pl_mailbox_open(struct pl_mailbox **mailbox_out, pl_error *err)
{
    PL_CHECK(mailbox_out != NULL);
    *mailbox_out = NULL;
    struct pl_mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a mailbox.");
    }
    mailbox->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (mailbox->descriptor < 0) {
        pl_status status = pl_failure_of(err, "open", "an event descriptor", errno);
        free(mailbox);
        return status;
    }
    pthread_mutex_init(&mailbox->mutex, NULL);
    *mailbox_out = mailbox;
    return PL_OK;
}

static void lock(struct pl_mailbox *mailbox)
{
    int failed = pthread_mutex_lock(&mailbox->mutex);
    PL_CHECK(failed == 0);
}

static void unlock(struct pl_mailbox *mailbox)
{
    int failed = pthread_mutex_unlock(&mailbox->mutex);
    PL_CHECK(failed == 0);
}

void pl_mailbox_put(struct pl_mailbox *mailbox, struct pl_mailbox_item *item)
{
    PL_CHECK(mailbox != NULL && item != NULL);
    item->next = NULL;
    lock(mailbox);
    bool was_empty = mailbox->first == NULL;
    if (was_empty) {
        mailbox->first = item;
    } else {
        mailbox->last->next = item;
    }
    mailbox->last = item;
    unlock(mailbox);
    if (was_empty) {
        pl_mailbox_wake(mailbox);
    }
}

void pl_mailbox_wake(struct pl_mailbox *mailbox)
{
    int before = errno;
    uint64_t one = 1;
    /* It can only fail when the count is at its limit, and then the descriptor is readable. */
    ssize_t written = write(mailbox->descriptor, &one, sizeof one);
    (void)written;
    errno = before;
}

struct pl_mailbox_item *pl_mailbox_take(struct pl_mailbox *mailbox)
{
    PL_CHECK(mailbox != NULL);
    uint64_t count;
    /* First the count, then the list: what is put in between wakes once more. */
    ssize_t got = read(mailbox->descriptor, &count, sizeof count);
    (void)got;
    lock(mailbox);
    struct pl_mailbox_item *first = mailbox->first;
    mailbox->first = NULL;
    mailbox->last = NULL;
    unlock(mailbox);
    return first;
}

int pl_mailbox_descriptor(const struct pl_mailbox *mailbox)
{
    PL_CHECK(mailbox != NULL);
    return mailbox->descriptor;
}

void pl_mailbox_close(struct pl_mailbox *mailbox)
{
    if (mailbox == NULL) {
        return;
    }
    PL_CHECK(mailbox->first == NULL);
    (void)close(mailbox->descriptor);
    pthread_mutex_destroy(&mailbox->mutex);
    free(mailbox);
}
