// SPDX-License-Identifier: Apache-2.0
//
// Runs a fuzz harness without a fuzzer: the files of its corpus, fixed mutations of them, and
// 1 MiB of several kinds of noise. The same inputs every time, so a failure can be repeated; the
// number of the input is printed when the process dies. The harnesses also link with libFuzzer.
//
// Usage: NAME CASES CORPUS_FOLDER...   (only names with a dot are read)
#include "fuzz.h"

#include "base/check.h"
#include "base/random.h"
#include "os/directory.h"
#include "os/file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SEED_COUNT_MAX = 64,
    SEED_SIZE_MAX = 1 << 20,
    NOISE_SIZE = 1 << 20,
    INPUT_SIZE_MAX = 2 << 20,
    EDIT_COUNT_MAX = 8
};

static struct {
    pl_slice seeds[SEED_COUNT_MAX]; /* owned */
    uint32_t seed_count;
    uint64_t key;   /* of the draws of the current input */
    uint64_t drawn; /* draws taken from it */
    char *work;     /* INPUT_SIZE_MAX bytes in which an input is made */
    size_t size;    /* bytes of it in use */
} run;

static volatile sig_atomic_t input_number;

/* Pieces that mean something to one of the formats. */
static const char *const pieces[] = {
    "\n",
    ": ",
    "- ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"",
    "'",
    "|\n",
    ">\n",
    "&a ",
    "*a",
    "!t ",
    "<<: ",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "# ",
    "\t",
    "\xef\xbb\xbf",
    "\xff",
    "\xe2\x80\xa8",
    "\r\n",
    "  ",
    "\\u0000",
    "\\x",
    "null",
    "true",
    "1e999",
    "-",
    "0",
    "99999999999999999999",
    "0.0000000000000001",
    "%",
    "/s",
    "ms",
    "d",
    "GiB",
    ":",
    "\"hash\":\"",
    "\"body\":",
    "\"seq\":",
};

static uint64_t draw(uint64_t limit)
{
    return pl_random_bits(run.key, run.drawn++) % limit;
}

static void try_input(const char *data, size_t size)
{
    input_number++;
    /* Memory of the exact size, so that a sanitizer sees one byte too many. */
    uint8_t *copy = malloc(size > 0 ? size : 1);
    PL_CHECK(copy != NULL);
    memcpy(copy, data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* Replace `cut` bytes at `at` by `size` others; nothing happens when there is no room. */
static void splice(size_t at, size_t cut, const char *bytes, size_t size)
{
    if (run.size - cut + size > INPUT_SIZE_MAX) {
        return;
    }
    memmove(run.work + at + size, run.work + at + cut, run.size - at - cut);
    memcpy(run.work + at, bytes, size);
    run.size = run.size - cut + size;
}

static void edit_once(void)
{
    size_t at = (size_t)draw(run.size + 1);
    size_t left = run.size - at;
    size_t length = left == 0 ? 0 : 1 + (size_t)draw(left < 64 ? left : 64);
    char copy[64];
    char byte = (char)draw(256);
    const char *piece = pieces[draw(sizeof pieces / sizeof pieces[0])];
    switch (draw(7)) {
    case 0:
        splice(at, 0, &byte, 1);
        break;
    case 1:
        splice(at, left > 0 ? 1 : 0, &byte, 1);
        break;
    case 2:
        splice(at, length, "", 0);
        break;
    case 3:
        splice(at, 0, piece, strlen(piece));
        break;
    case 4:
        splice(at, length, piece, strlen(piece));
        break;
    case 5:
        memcpy(copy, run.work + at, length);
        splice((size_t)draw(run.size + 1), 0, copy, length);
        break;
    default: {
        pl_slice other = run.seeds[draw(run.seed_count)];
        size_t from = (size_t)draw(other.size + 1);
        size_t some = (size_t)draw(other.size - from + 1);
        splice(at, length, other.data + from, some < 400 ? some : 400);
        break;
    }
    }
}

static void try_mutation(uint64_t number)
{
    run.key = pl_random_child(20261121, number);
    run.drawn = 0;
    pl_slice seed = run.seeds[draw(run.seed_count)];
    memcpy(run.work, seed.data, seed.size);
    run.size = seed.size;
    uint64_t edit_count = 1 + draw(EDIT_COUNT_MAX);
    for (uint64_t i = 0; i < edit_count; i++) {
        edit_once();
    }
    if (draw(16) == 0) {
        run.size = (size_t)draw(run.size + 1);
    }
    try_input(run.work, run.size);
}

static void try_noise(void)
{
    for (size_t i = 0; i < NOISE_SIZE; i++) {
        run.work[i] = (char)pl_random_bits(1, i);
    }
    try_input(run.work, NOISE_SIZE);
    for (size_t i = 0; i < NOISE_SIZE; i++) {
        run.work[i] = (char)(' ' + pl_random_bits(2, i) % 95);
    }
    try_input(run.work, NOISE_SIZE);
    for (size_t piece = 0; piece < sizeof pieces / sizeof pieces[0]; piece++) {
        size_t size = strlen(pieces[piece]);
        for (size_t i = 0; i < NOISE_SIZE; i++) {
            run.work[i] = pieces[piece][i % size];
        }
        try_input(run.work, NOISE_SIZE);
    }
}

static pl_status load_seed(void *context, const char *name, pl_error *err)
{
    if (strchr(name, '.') == NULL) {
        return PL_OK;
    }
    PL_CHECK(run.seed_count < SEED_COUNT_MAX);
    char path[PL_FILE_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", (const char *)context, name);
    pl_status status = pl_file_load(path, SEED_SIZE_MAX, &run.seeds[run.seed_count], err);
    run.seed_count += status == PL_OK;
    return status;
}

static void on_death(int number)
{
    char text[] = "input 0000000 killed the process\n";
    for (size_t i = 12, rest = (size_t)input_number; rest > 0 && i > 5; i--, rest /= 10) {
        text[i] = (char)('0' + rest % 10);
    }
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

int main(int argument_count, char **arguments)
{
    PL_CHECK(argument_count >= 3);
    uint64_t case_count = strtoull(arguments[1], NULL, 10);
    for (int i = 2; i < argument_count; i++) {
        pl_error err = {0};
        if (pl_directory_list(arguments[i], "", load_seed, arguments[i], &err) != PL_OK) {
            (void)fprintf(stderr, "%s\n", err.message);
            return 1;
        }
    }
    PL_CHECK(run.seed_count > 0);
    run.work = malloc(INPUT_SIZE_MAX);
    PL_CHECK(run.work != NULL);
    (void)signal(SIGABRT, on_death);
    (void)signal(SIGSEGV, on_death);
    for (uint32_t i = 0; i < run.seed_count; i++) {
        try_input(run.seeds[i].data, run.seeds[i].size);
    }
    for (uint64_t i = 0; i < case_count; i++) {
        try_mutation(i);
    }
    try_noise();
    for (uint32_t i = 0; i < run.seed_count; i++) {
        free((void *)(uintptr_t)run.seeds[i].data);
    }
    free(run.work);
    (void)printf("%d inputs\n", (int)input_number);
    return 0;
}
