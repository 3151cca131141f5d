// SPDX-License-Identifier: Apache-2.0
#include "os/mailbox.h"

#include "os/threads.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { THREADS = 4, ITEMS = 500 };

struct item {
    struct pl_mailbox_item link;
    uint32_t thread;
    uint32_t number;
};

static struct item items[THREADS][ITEMS];

static struct pl_mailbox *open_mailbox(void)
{
    struct pl_mailbox *mailbox;
    pl_error err = {0};
    assert_int_equal(pl_mailbox_open(&mailbox, &err), PL_OK);
    return mailbox;
}

static int readable(const struct pl_mailbox *mailbox)
{
    struct pollfd wait = {.fd = pl_mailbox_descriptor(mailbox), .events = POLLIN};
    return poll(&wait, 1, 0);
}

static void put_all(void *mailbox, uint32_t index, uint32_t worker)
{
    (void)worker;
    for (uint32_t i = 0; i < ITEMS; i++) {
        items[index][i].thread = index;
        items[index][i].number = i;
        pl_mailbox_put(mailbox, &items[index][i].link);
    }
}

static void items_of_each_thread_come_once_and_in_their_order(void **state)
{
    (void)state;
    struct pl_mailbox *mailbox = open_mailbox();
    pl_threads_run(THREADS, THREADS, put_all, mailbox);
    uint32_t next[THREADS] = {0};
    uint32_t count = 0;
    for (struct pl_mailbox_item *at = pl_mailbox_take(mailbox); at != NULL; at = at->next) {
        const struct item *item = (const struct item *)at;
        assert_int_equal(item->number, next[item->thread]);
        next[item->thread]++;
        count++;
    }
    assert_int_equal(count, THREADS * ITEMS);
    assert_null(pl_mailbox_take(mailbox));
    pl_mailbox_close(mailbox);
}

static void the_descriptor_is_readable_exactly_while_something_waits(void **state)
{
    (void)state;
    struct pl_mailbox *mailbox = open_mailbox();
    assert_int_equal(readable(mailbox), 0);
    struct item item;
    pl_mailbox_put(mailbox, &item.link);
    assert_int_equal(readable(mailbox), 1);
    assert_ptr_equal(pl_mailbox_take(mailbox), &item.link);
    assert_int_equal(readable(mailbox), 0);
    pl_mailbox_wake(mailbox);
    assert_int_equal(readable(mailbox), 1);
    assert_null(pl_mailbox_take(mailbox));
    assert_int_equal(readable(mailbox), 0);
    pl_mailbox_close(mailbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_of_each_thread_come_once_and_in_their_order),
        cmocka_unit_test(the_descriptor_is_readable_exactly_while_something_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
