// SPDX-License-Identifier: Apache-2.0
//
// A message is its kind, its size and its bytes. What has been read of one that is not whole yet
// stays in the handle, so that a timeout loses nothing.
//
// A child gives way by itself once it runs this program: before that it has the memory of its
// parent, who waits for it (posix_spawn) or, after a fork, pays for a copy of each page that it
// changes meanwhile. A server of a thousand sessions stood still for two seconds that way.
#define _GNU_SOURCE /* closefrom, SCHED_IDLE, ucred */
#include "os/child.h"

#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_OWN = 3, SELF_FILE = STDIN_FILENO, LEAST = 19 };

struct head {
    uint32_t kind;
    uint32_t size;
};

/* The first thing that a parent sends. */
struct greeting {
    int32_t steps;
};

struct pl_child {
    int file;
    pid_t process; /* 0: this is the child's end */
    struct head head;
    size_t got; /* bytes of head and data together */
    char *data; /* of the message, owned */
    size_t room;
};

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

/* What a new program is to have open: our socket, and our errors as all that it prints. */
static bool set_files(posix_spawn_file_actions_t *files, int file)
{
    return posix_spawn_file_actions_adddup2(files, file, SELF_FILE) == 0 &&
           posix_spawn_file_actions_adddup2(files, STDERR_FILENO, STDOUT_FILENO) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(files, FIRST_OWN) == 0;
}

/* Start this program with `file` as its way to us; false: the machine refuses. */
static bool spawn(pid_t *process, int file, const char *argument)
{
    union {
        const char *text;
        char *word;
    } words[2] = {{.text = "plumb"}, {.text = argument}};
    char *const arguments[] = {words[0].word, words[1].word, NULL};
    posix_spawn_file_actions_t files;
    if (posix_spawn_file_actions_init(&files) != 0) {
        return false;
    }
    bool good = set_files(&files, file) &&
                posix_spawn(process, "/proc/self/exe", &files, NULL, arguments, environ) == 0;
    (void)posix_spawn_file_actions_destroy(&files);
    return good;
}

pl_status
pl_child_start(struct pl_child **child_out, const char *argument, int steps, pl_error *err)
{
    PL_CHECK(child_out != NULL && argument != NULL);
    PL_CHECK(steps >= 0 && steps <= LEAST);
    const struct greeting greeting = {.steps = steps};
    int files[2];
    struct pl_child *child = calloc(1, sizeof *child);
    *child_out = NULL;
    if (child == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, files) != 0) {
        free(child);
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a process.");
    }
    child->file = files[0];
    bool started = spawn(&child->process, files[1], argument);
    (void)close(files[1]);
    if (!started) {
        (void)close(files[0]);
        free(child);
        return pl_fail(err, PL_LIMIT, NULL, "The machine refuses another process.");
    }
    (void)send_all(child->file, &greeting, sizeof greeting);
    *child_out = child;
    return PL_OK;
}

/* False: our parent has ended before it could be heard of. */
static bool stay_with_parent(void)
{
    struct ucred parent = {0};
    socklen_t size = sizeof parent;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    return getsockopt(SELF_FILE, SOL_SOCKET, SO_PEERCRED, &parent, &size) == 0 &&
           getppid() == parent.pid;
}

struct pl_child *pl_child_self(void)
{
    struct greeting greeting;
    ssize_t size = recv(SELF_FILE, &greeting, sizeof greeting, MSG_WAITALL);
    if (size < 0) {
        return NULL;
    }
    if (size != (ssize_t)sizeof greeting || !stay_with_parent()) {
        _exit(EXIT_FAILURE); /* as it would be killed a moment later */
    }
    (void)nice(greeting.steps);
    if (greeting.steps == LEAST) {
        give_way();
    }
    struct pl_child *child = calloc(1, sizeof *child);
    if (child != NULL) {
        child->file = SELF_FILE;
    }
    return child;
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
