// SPDX-License-Identifier: Apache-2.0
#include "cli/prompt.h"

#include "base/check.h"
#include "cli/grammar.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/terminal.h"

#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT = 0, OUTPUT = 1, LABEL_SIZE = 160, IDLE_MS = 200, HISTORY_LINES = 500 };

struct pl_prompt {
    struct pl_prompt_def def;
    FILE *file; /* script or standard input, when there is no editor */
    bool owns_file;
    EditLine *editor; /* NULL: no terminal */
    History *history;
    char label[LABEL_SIZE];        /* with escapes */
    bool open_line;                /* the line that was read last still waits for its remark */
    uint32_t used;                 /* columns of label and line that were read last */
    char memory[PL_FILE_PATH_MAX]; /* file of the lines of earlier runs, "": none */
    char pending[8];               /* bytes of a character that has not been read whole */
    size_t pending_size;
};

void pl_prompt_detect(struct pl_term *term, bool ascii)
{
    PL_CHECK(term != NULL);
    const char *no_colour = getenv("NO_COLOR");
    const char *kind = getenv("TERM");
    const char *columns = getenv("COLUMNS");
    bool terminal = pl_terminal_is(OUTPUT);
    uint32_t width = pl_terminal_columns(OUTPUT);
    if (width == 0 && columns != NULL) {
        width = (uint32_t)strtoul(columns, NULL, 10);
    }
    width = width == 0 ? 80 : width;
    width = width < PL_TERM_COLUMNS_MIN ? PL_TERM_COLUMNS_MIN : width;
    term->columns = width > PL_TERM_COLUMNS_MAX ? PL_TERM_COLUMNS_MAX : width;
    term->colour = terminal && (no_colour == NULL || no_colour[0] == '\0') && kind != NULL &&
                   strcmp(kind, "dumb") != 0;
    term->utf8 = !ascii && pl_terminal_utf8();
}

static struct pl_prompt *prompt_of(EditLine *editor)
{
    void *data = NULL;
    PL_CHECK(el_get(editor, EL_CLIENTDATA, &data) == 0);
    PL_CHECK(data != NULL);
    return data;
}

static char *editor_label(EditLine *editor)
{
    return prompt_of(editor)->label;
}

/* Bytes of the character that starts with this byte. */
static size_t character_size(char first)
{
    unsigned char byte = (unsigned char)first;
    return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
}

/* Wait for a character; while nothing comes the session may have something to say. */
static int read_character(EditLine *editor, wchar_t *character)
{
    struct pl_prompt *prompt = prompt_of(editor);
    while (prompt->def.idle != NULL && !pl_terminal_wait(INPUT, IDLE_MS)) {
        if (prompt->def.idle(prompt->def.context)) {
            (void)el_set(editor, EL_REFRESH);
        }
    }
    char bytes[5] = {0};
    size_t have = pl_terminal_read(INPUT, bytes, 1);
    if (have == 0) {
        return 0;
    }
    size_t size = character_size(bytes[0]);
    while (have < size) {
        size_t more = pl_terminal_read(INPUT, bytes + have, 1);
        if (more == 0) {
            break;
        }
        have += more;
    }
    uint32_t point = 0;
    (void)pl_term_decode(bytes, &point);
    *character = (wchar_t)point;
    return 1;
}

static void list_choices(const struct pl_prompt *prompt, const char **words, uint32_t count)
{
    uint32_t widest = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t width = pl_term_width(words[i]);
        widest = width > widest ? width : widest;
    }
    uint32_t per_line = prompt->def.term->columns / (widest + 2);
    per_line = per_line > 0 ? per_line : 1;
    for (uint32_t i = 0; i < count; i++) {
        bool last = i + 1 == count || (i + 1) % per_line == 0;
        printf("%s%s%-*s%s",
               i == 0 ? "\n" : "",
               "",
               last ? 0 : (int)widest + 2,
               words[i],
               last ? "\n" : "");
    }
    fflush(stdout);
}

/* Longest start that all words share, in bytes. */
static size_t common_start(const char **words, uint32_t count)
{
    size_t size = strlen(words[0]);
    for (uint32_t i = 1; i < count; i++) {
        size_t same = 0;
        while (same < size && words[i][same] == words[0][same]) {
            same++;
        }
        size = same;
    }
    return size;
}

static unsigned char complete(EditLine *editor, int key)
{
    (void)key;
    struct pl_prompt *prompt = prompt_of(editor);
    const LineInfo *info = el_line(editor);
    char line[PL_LINE_MAX];
    const char *words[PL_LEXICON_WORDS_MAX];
    size_t typed = 0;
    size_t size = (size_t)(info->cursor - info->buffer);
    if (size >= sizeof line || prompt->def.lexicon == NULL) {
        return CC_ERROR;
    }
    memcpy(line, info->buffer, size);
    line[size] = '\0';
    uint32_t count = pl_grammar_complete(prompt->def.lexicon, line, words, &typed);
    if (count == 0) {
        return CC_ERROR;
    }
    char insert[128];
    size_t shared = common_start(words, count);
    size_t more = shared > typed ? shared - typed : 0;
    if (more + 2 > sizeof insert) {
        return CC_ERROR;
    }
    memcpy(insert, words[0] + typed, more);
    if (count == 1) {
        insert[more++] = ' ';
    }
    insert[more] = '\0';
    if (more > 0) {
        (void)el_insertstr(editor, insert);
        return CC_REFRESH;
    }
    list_choices(prompt, words, count);
    return CC_REDISPLAY;
}

/* Lines of earlier runs; a prompt without them is as good for the first line. */
static void recall(struct pl_prompt *prompt)
{
    struct pl_buf path;
    pl_buf_init(&path, prompt->memory, sizeof prompt->memory);
    if (pl_directory_of_data(&path, NULL) != PL_OK) {
        prompt->memory[0] = '\0';
        return;
    }
    pl_buf_puts(&path, "/history");
    if (path.overflow) {
        prompt->memory[0] = '\0';
        return;
    }
    HistEvent event;
    (void)history(prompt->history, &event, H_LOAD, prompt->memory);
}

static pl_status open_editor(struct pl_prompt *prompt, pl_error *err)
{
    HistEvent event;
    /* libedit needs the locale to know how wide a character is; only LC_CTYPE, so that numbers are
     * still written with a point. */
    (void)setlocale(LC_CTYPE, "");
    prompt->editor = el_init("plumb", stdin, stdout, stderr);
    prompt->history = history_init();
    if (prompt->editor == NULL || prompt->history == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the prompt.");
    }
    (void)history(prompt->history, &event, H_SETSIZE, HISTORY_LINES);
    (void)history(prompt->history, &event, H_SETUNIQUE, 1);
    recall(prompt);
    (void)el_set(prompt->editor, EL_CLIENTDATA, prompt);
    (void)el_set(prompt->editor, EL_PROMPT_ESC, editor_label, '\1');
    (void)el_set(prompt->editor, EL_EDITOR, "emacs");
    (void)el_set(prompt->editor, EL_SIGNAL, 1);
    (void)el_set(prompt->editor, EL_HIST, history, prompt->history);
    (void)el_set(prompt->editor, EL_ADDFN, "plumb-complete", "complete a word", complete);
    (void)el_set(prompt->editor, EL_BIND, "^I", "plumb-complete", NULL);
    (void)el_set(prompt->editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
    (void)el_set(prompt->editor, EL_GETCFN, read_character);
    return PL_OK;
}

pl_status
pl_prompt_open(struct pl_prompt **prompt_out, const struct pl_prompt_def *def, pl_error *err)
{
    PL_CHECK(prompt_out != NULL);
    PL_CHECK(def != NULL && def->term != NULL);
    struct pl_prompt *prompt = calloc(1, sizeof *prompt);
    *prompt_out = prompt;
    if (prompt == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the prompt.");
    }
    prompt->def = *def;
    if (def->script == NULL && pl_terminal_is(INPUT) && pl_terminal_is(OUTPUT)) {
        return open_editor(prompt, err);
    }
    if (def->script == NULL) {
        prompt->file = stdin;
        return PL_OK;
    }
    prompt->file = fopen(def->script, "r");
    prompt->owns_file = prompt->file != NULL;
    if (prompt->file == NULL) {
        return pl_fail(err, PL_NOT_FOUND, NULL, "The script `%.200s` cannot be read.", def->script);
    }
    return PL_OK;
}

void pl_prompt_close(struct pl_prompt *prompt)
{
    if (prompt == NULL) {
        return;
    }
    if (prompt->editor != NULL) {
        el_end(prompt->editor);
    }
    if (prompt->history != NULL) {
        HistEvent event;
        if (prompt->memory[0] != '\0') {
            (void)history(prompt->history, &event, H_SAVE, prompt->memory);
        }
        history_end(prompt->history);
    }
    if (prompt->owns_file) {
        (void)fclose(prompt->file);
    }
    free(prompt);
}

static void keep_line(char *line, size_t size, const char *text, size_t length)
{
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) {
        length--;
    }
    length = length < size ? length : size - 1;
    /* Drop a character that was cut. */
    size_t start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xc0u) == 0x80u) {
        start--;
    }
    if (start > 0 && start - 1 + character_size(text[start - 1]) > length) {
        length = start - 1;
    }
    memmove(line, text, length);
    line[length] = '\0';
}

static void put_plain(const struct pl_prompt *prompt, enum pl_style style, const char *text)
{
    char memory[2 * PL_LINE_MAX];
    struct pl_buf out;
    pl_buf_init(&out, memory, sizeof memory);
    pl_term_put(prompt->def.term, &out, style, text);
    fputs(memory, stdout);
}

/* Read a line of a file; what does not fit is skipped to its end. */
static bool read_file_line(struct pl_prompt *prompt, char *line, size_t size)
{
    if (fgets(line, (int)size, prompt->file) == NULL) {
        return false;
    }
    size_t length = strlen(line);
    if (length + 1 == size && line[length - 1] != '\n') {
        int c = fgetc(prompt->file);
        while (c != EOF && c != '\n') {
            c = fgetc(prompt->file);
        }
    }
    keep_line(line, size, line, length);
    return true;
}

void pl_prompt_relabel(struct pl_prompt *prompt, const char *label)
{
    PL_CHECK(prompt != NULL);
    PL_CHECK(label != NULL);
    bool colour = prompt->def.term->colour;
    snprintf(prompt->label,
             sizeof prompt->label,
             "%s%s%s",
             colour ? "\1\033[33m\1" : "",
             label,
             colour ? "\1\033[0m\1" : "");
}

bool pl_prompt_read(struct pl_prompt *prompt, const char *label, char *line, size_t size)
{
    PL_CHECK(prompt != NULL);
    PL_CHECK(label != NULL && line != NULL && size > 1);
    fflush(stdout);
    if (prompt->editor == NULL) {
        if (!read_file_line(prompt, line, size)) {
            return false;
        }
        put_plain(prompt, PL_STYLE_PROMPT, label);
        put_plain(prompt, PL_STYLE_STRONG, line);
        prompt->used = pl_term_width(label) + pl_term_width(line);
        prompt->open_line = true;
        return true;
    }
    pl_prompt_relabel(prompt, label);
    int count = 0;
    const char *text = el_gets(prompt->editor, &count);
    if (text == NULL || count <= 0) {
        fputs("\n", stdout);
        return false;
    }
    keep_line(line, size, text, (size_t)count);
    prompt->used = pl_term_width(label) + pl_term_width(line);
    prompt->open_line = true;
    /* Answers to questions are no lines that anybody wants back. */
    size_t end = strlen(label);
    bool command = end >= 2 && strcmp(label + end - 2, "> ") == 0;
    if (command && line[strspn(line, " \t")] != '\0') {
        HistEvent event;
        (void)history(prompt->history, &event, H_ENTER, line);
    }
    return true;
}

void pl_prompt_remark(struct pl_prompt *prompt, const char *remark)
{
    PL_CHECK(prompt != NULL);
    PL_CHECK(remark != NULL);
    uint32_t width = pl_term_width(remark);
    uint32_t columns = prompt->def.term->columns;
    if (!prompt->open_line) {
        return;
    }
    prompt->open_line = false;
    bool fits = width > 0 && prompt->used + width + 2 <= columns;
    if (prompt->editor == NULL) {
        if (fits) {
            printf("%*s", (int)(columns - prompt->used - width), "");
            put_plain(prompt, PL_STYLE_FAINT, remark);
        }
        fputs("\n", stdout);
    } else if (fits) {
        /* The line is finished: go up, write, come back. */
        printf("\033[A\033[%uG", columns - width + 1);
        put_plain(prompt, PL_STYLE_FAINT, remark);
        fputs("\n", stdout);
    }
}
