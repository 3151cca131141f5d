# SPDX-License-Identifier: Apache-2.0
"""Limits, banned names and exceptions. The lists of exceptions may only shrink: an entry that is
not needed any more is reported as an error by the check that uses it."""

import re

# Sizes, in lines and bytes.
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 1000
LINE_COLUMNS_MAX = 100
BLOB_BYTES_MAX = 256 * 1024

# Calls that no code of ours makes. Tests included.
BANNED_ANYWHERE = [
    "strcpy", "strcat", "sprintf", "vsprintf", "atoi", "atol", "atoll", "atof", "gets", "strtok",
    "alloca", "setjmp", "longjmp", "rand", "srand", "random", "tmpnam", "mktemp",
]

# Calls that pure layers do not make. Their tests may.
BANNED_IN_PURE = [
    # memory
    "malloc", "calloc", "realloc", "free", "aligned_alloc", "posix_memalign", "strdup", "strndup",
    # qsort of the C library may allocate and leaves the order of equal elements open
    "qsort",
    # clocks
    "time", "clock", "clock_gettime", "gettimeofday", "nanosleep", "sleep", "usleep", "localtime",
    "gmtime", "mktime", "strftime",
    # input and output; snprintf and vsnprintf write to memory and are allowed
    "printf", "fprintf", "dprintf", "vprintf", "vfprintf", "puts", "fputs", "putchar", "fputc",
    "putc", "perror", "fopen", "fclose", "fread", "fwrite", "fflush", "fgets", "getline", "scanf",
    "sscanf", "fscanf", "open", "close", "read", "write", "unlink", "rename", "stat",
    # process
    "getenv", "setenv", "exit", "_exit", "abort", "system", "fork", "execve", "signal", "kill",
    r"pthread_\w+",
    # mathematics whose bits differ between C libraries; base/fmath.h has our own
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "pow", "cbrt", "hypot", "sin", "cos",
    "tan", "atan", "atan2", "sinh", "cosh", "tanh", "erf", "erfc", "tgamma", "lgamma",
]

# System headers that pure layers do not include.
BANNED_HEADERS_IN_PURE = [
    "time.h", "unistd.h", "pthread.h", "signal.h", "fcntl.h", "setjmp.h", "threads.h", r"sys/.*",
]

# A library is known to one layer only.
LIBRARY_LAYERS = {
    "yaml.h": "text", "jansson.h": "text", "md4c.h": "text",
    "sqlite3.h": "store", "sodium.h": "store", "libpq-fe.h": "store",
    "event2/event.h": "server", "event2/buffer.h": "server", "event2/bufferevent.h": "server",
    "event2/listener.h": "server",
    "histedit.h": "cli", "editline/readline.h": "cli", "ncurses.h": "cli",
}

# (path, call) pairs that are allowed although banned above, with the reason.
CALL_EXCEPTIONS = {
    ("src/base/check.c", "fprintf"): "a failed check says where before it aborts",
    ("src/base/check.c", "abort"): "a failed check ends the process",
}

# Headers without a test of their own.
HEADER_TEST_EXCEPTIONS = {}

# Sources that start something: main, and the commands that cli/commands.h declares.
ENTRY_POINTS = re.compile(r"src/\w+/(main|cmd_\w+)\.c")

# Sources without a header of the same name.
SOURCE_HEADER_EXCEPTIONS = {
    "src/model/inspect.c": "the views of model.h, which every instrument includes",
    "src/model/validate.c": "pl_model_validate of model.h",
}

# Files above FILE_LINES_MAX: generated tables only.
FILE_SIZE_EXCEPTIONS = {}

# Functions above FUNCTION_LINES_MAX, as (path, name).
FUNCTION_SIZE_EXCEPTIONS = {}
