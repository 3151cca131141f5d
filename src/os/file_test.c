// SPDX-License-Identifier: Apache-2.0
//
// Files in a scratch directory: limits, replacement in one step, locks between processes.
#include "os/file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char scratch[] = "/tmp/plumb-file-XXXXXX";
static char path[64];
static char lock_path[64];

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(scratch) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/f", scratch);
    (void)snprintf(lock_path, sizeof lock_path, "%s/lock", scratch);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(lock_path);
    return rmdir(scratch);
}

static void saved_text_is_loaded(void **state)
{
    (void)state;
    size_t size = 300000;
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 0; i < size; i++) {
        text[i] = (char)(i * 31);
    }
    pl_slice loaded;
    assert_int_equal(pl_file_save(path, (pl_slice){text, size}, NULL), PL_OK);
    assert_true(pl_file_exists(path));
    assert_int_equal(pl_file_load(path, size, &loaded, NULL), PL_OK);
    assert_int_equal(loaded.size, size);
    assert_memory_equal(loaded.data, text, size);
    assert_int_equal(loaded.data[size], '\0');
    free((void *)(uintptr_t)loaded.data);

    pl_error err = {0};
    assert_int_equal(pl_file_load(path, size - 1, &loaded, &err), PL_LIMIT);
    assert_null(loaded.data);
    assert_non_null(strstr(err.message, "larger than 299999 bytes"));

    assert_int_equal(pl_file_save(path, (pl_slice){NULL, 0}, NULL), PL_OK);
    assert_int_equal(pl_file_load(path, 0, &loaded, NULL), PL_OK);
    assert_int_equal(loaded.size, 0);
    assert_non_null(loaded.data);
    free((void *)(uintptr_t)loaded.data);
    free(text);
}

static void failures_name_the_path(void **state)
{
    (void)state;
    pl_slice loaded;
    pl_error err = {0};
    assert_int_equal(pl_file_load("/nowhere/f", 10, &loaded, &err), PL_NOT_FOUND);
    assert_string_equal(err.message, "cannot open /nowhere/f: No such file or directory");
    pl_error second = {0};
    assert_int_equal(pl_file_load(scratch, 10, &loaded, &second), PL_IO);
    assert_non_null(strstr(second.message, "Is a directory"));
    pl_error third = {0};
    assert_int_equal(pl_file_save("/nowhere/f", pl_slice_of("x"), &third), PL_NOT_FOUND);
    char longest[PL_FILE_PATH_MAX + 1];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(pl_file_save(longest, pl_slice_of("x"), NULL), PL_IO);
    assert_false(pl_file_exists("/nowhere/f"));
}

/* A file that cannot grow stands for a full disk: the old text stays, no scrap is left. */
static void failed_save_keeps_the_old_text(void **state)
{
    (void)state;
    assert_int_equal(pl_file_save(path, pl_slice_of("old"), NULL), PL_OK);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {100, 100};
        (void)setrlimit(RLIMIT_FSIZE, &limit);
        static char text[1000];
        pl_error err = {0};
        pl_status status = pl_file_save(path, (pl_slice){text, sizeof text}, &err);
        _exit(status == PL_IO && strstr(err.message, "File too large") != NULL ? 0 : 1);
    }
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    pl_slice loaded;
    assert_int_equal(pl_file_load(path, 100, &loaded, NULL), PL_OK);
    assert_string_equal(loaded.data, "old");
    free((void *)(uintptr_t)loaded.data);
    /* rmdir in tear_down fails if the scrap is still there. */
}

static void saved_file_follows_the_umask(void **state)
{
    (void)state;
    mode_t before = umask(027);
    assert_int_equal(pl_file_save(path, pl_slice_of("x"), NULL), PL_OK);
    (void)umask(before);
    struct stat information;
    assert_int_equal(stat(path, &information), 0);
    assert_int_equal(information.st_mode & 0777, 0640);
}

static void lock_excludes_and_ends_with_its_process(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct pl_file_lock lock;
        char sign = pl_file_lock_take(&lock, lock_path, 0, NULL) == PL_OK ? 'y' : 'n';
        (void)!write(ends[1], &sign, 1);
        (void)pause();
        _exit(0);
    }
    char sign = 0;
    assert_int_equal(read(ends[0], &sign, 1), 1);
    assert_int_equal(sign, 'y');
    struct pl_file_lock lock;
    pl_error err = {0};
    assert_int_equal(pl_file_lock_take(&lock, lock_path, 30, &err), PL_CONFLICT);
    assert_non_null(strstr(err.message, "another process holds the lock"));
    pl_file_lock_release(&lock);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(pl_file_lock_take(&lock, lock_path, 0, NULL), PL_OK);
    pl_file_lock_release(&lock);
    assert_int_equal(pl_file_lock_take(&lock, lock_path, 0, NULL), PL_OK);
    pl_file_lock_release(&lock);
    (void)close(ends[0]);
    (void)close(ends[1]);
    assert_int_equal(pl_file_lock_take(&lock, "/nowhere/lock", 0, NULL), PL_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_text_is_loaded),
        cmocka_unit_test(failures_name_the_path),
        cmocka_unit_test(failed_save_keeps_the_old_text),
        cmocka_unit_test(saved_file_follows_the_umask),
        cmocka_unit_test(lock_excludes_and_ends_with_its_process),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
