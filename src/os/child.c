// SPDX-License-Identifier: Apache-2.0
//
// A message is its kind, its size and its bytes. What has been read of one that is not whole yet
// stays in the handle, so that a timeout loses nothing.
#define _GNU_SOURCE /* close_range, SCHED_IDLE */
#include "os/child.h"

#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_OWN = 3, SELF_FILE = 0, LEAST = 19 };

struct head {
    uint32_t kind;
    uint32_t size;
};

struct pl_child {
    int file;
    pid_t process; /* 0: this is the child's end */
    struct head head;
    size_t got; /* bytes of head and data together */
    char *data; /* of the message, owned */
    size_t room;
};

/*
 * Run where nobody else would, as far as the kernel knows it: it weighs terminals and services
 * against each other before it looks at processes, so a busy child in our group would take half of
 * a processor from a browser. In a group of its own it has a tenth beside others that want all;
 * with less an analysis that somebody waits for would not end. Where there are no such groups the
 * file is missing.
 */
static void give_way(void)
{
    static const char tenth[] = "10";
    (void)setsid();
    int file = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
        (void)!write(file, tenth, sizeof tenth - 1);
        (void)close(file);
    }
    (void)sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0});
}

/* Between fork and exec: only what a signal handler may call. */
static void become(int file, char *const *arguments, int steps, pid_t parent)
{
    (void)nice(steps);
    if (steps == LEAST) {
        give_way();
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || dup2(file, SELF_FILE) < 0) {
        _exit(1);
    }
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    (void)close_range(FIRST_OWN, ~0U, 0);
    (void)execv("/proc/self/exe", arguments);
    _exit(1);
}

pl_status
pl_child_start(struct pl_child **child_out, const char *argument, int steps, pl_error *err)
{
    PL_CHECK(child_out != NULL && argument != NULL);
    PL_CHECK(steps >= 0 && steps <= LEAST);
    int files[2];
    union {
        const char *text;
        char *word;
    } words[2] = {{.text = "plumb"}, {.text = argument}};
    char *const arguments[] = {words[0].word, words[1].word, NULL};
    struct pl_child *child = calloc(1, sizeof *child);
    *child_out = NULL;
    if (child == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, files) != 0) {
        free(child);
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a process.");
    }
    pid_t parent = getpid();
    child->file = files[0];
    child->process = fork();
    if (child->process == 0) {
        become(files[1], arguments, steps, parent);
    }
    (void)close(files[1]);
    if (child->process < 0) {
        (void)close(files[0]);
        free(child);
        return pl_fail(err, PL_LIMIT, NULL, "The machine refuses another process.");
    }
    *child_out = child;
    return PL_OK;
}

struct pl_child *pl_child_self(void)
{
    int type = 0;
    socklen_t size = sizeof type;
    bool started = getsockopt(SELF_FILE, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
    struct pl_child *child = started ? calloc(1, sizeof *child) : NULL;
    if (child != NULL) {
        child->file = SELF_FILE;
    }
    return child;
}

static bool send_all(int file, const void *memory, size_t size)
{
    const char *at = memory;
    while (size > 0) {
        ssize_t sent = send(file, at, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

bool pl_child_send(struct pl_child *child, uint32_t kind, pl_slice data)
{
    PL_CHECK(child != NULL && data.size <= PL_CHILD_MESSAGE_MAX);
    const struct head head = {.kind = kind, .size = (uint32_t)data.size};
    return send_all(child->file, &head, sizeof head) && send_all(child->file, data.data, data.size);
}

/* Room for the message whose head has come. */
static bool make_room(struct pl_child *child)
{
    if (child->head.size > PL_CHILD_MESSAGE_MAX) {
        return false;
    }
    if (child->head.size > child->room || child->data == NULL) {
        char *data = realloc(child->data, child->head.size + 1);
        if (data == NULL) {
            return false;
        }
        child->data = data;
        child->room = child->head.size;
    }
    return true;
}

/* Read what there is of the message; false: the other side has ended. */
static bool read_on(struct pl_child *child)
{
    bool in_head = child->got < sizeof child->head;
    size_t at = in_head ? child->got : child->got - sizeof child->head;
    char *into = in_head ? (char *)&child->head + at : child->data + at;
    size_t wanted = (in_head ? sizeof child->head : child->head.size) - at;
    ssize_t size = recv(child->file, into, wanted, 0);
    if (size <= 0) {
        return size < 0 && errno == EINTR;
    }
    child->got += (size_t)size;
    return child->got != sizeof child->head || make_room(child);
}

static bool is_whole(const struct pl_child *child)
{
    return child->got >= sizeof child->head && child->got == sizeof child->head + child->head.size;
}

enum pl_child_heard
pl_child_receive(struct pl_child *child, int timeout_ms, struct pl_child_message *message)
{
    PL_CHECK(child != NULL && message != NULL);
    while (!is_whole(child)) {
        struct pollfd ready = {.fd = child->file, .events = POLLIN};
        int count = poll(&ready, 1, timeout_ms);
        if (count == 0 || (count < 0 && errno == EINTR)) {
            return PL_CHILD_NOTHING;
        }
        if (count < 0 || !read_on(child)) {
            return PL_CHILD_GONE;
        }
    }
    child->got = 0;
    child->data[child->head.size] = '\0';
    *message = (struct pl_child_message){.kind = child->head.kind,
                                         .data = {child->data, child->head.size}};
    return PL_CHILD_MESSAGE;
}

void pl_child_end(struct pl_child *child)
{
    if (child == NULL) {
        return;
    }
    if (child->process > 0) {
        int state = 0;
        (void)kill(child->process, SIGKILL);
        while (waitpid(child->process, &state, 0) < 0 && errno == EINTR) {
        }
        (void)close(child->file);
    }
    free(child->data);
    free(child);
}
