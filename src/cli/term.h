// SPDX-License-Identifier: Apache-2.0
//
// What the terminal can do, and styled text for it.
//
// Everything that is drawn goes into a pl_buf through these functions, so that a test can compare
// the bytes. Colours are the 16 of every terminal, without a background, chosen so that they read
// on dark and on light ones. A style never carries meaning alone: there is always a word or a glyph
// beside it, so NO_COLOR loses nothing.
#ifndef PL_CLI_TERM_H
#define PL_CLI_TERM_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_TERM_COLUMNS_MIN = 40,
    PL_TERM_COLUMNS_MAX = 240,
    PL_TERM_SERIES = 6 /* series styles and glyphs that can be told apart */
};

/** The face that is drawn on. */
struct pl_term {
    uint32_t columns; /* PL_TERM_COLUMNS_MIN..PL_TERM_COLUMNS_MAX */
    bool colour;
    bool utf8; /* false: 7-bit characters only */
};

/** Roles of text. */
enum pl_style {
    PL_STYLE_PLAIN,
    PL_STYLE_FAINT,  /* costs, hints, axes */
    PL_STYLE_STRONG, /* titles, the player's own words */
    PL_STYLE_PROMPT, /* amber */
    PL_STYLE_BAD,    /* what breaks an objective */
    PL_STYLE_GOOD,   /* what is well */
    PL_STYLE_SERIES  /* first of PL_TERM_SERIES styles of plots */
};

/**
 * Append text in a style; control characters are drawn as `?`, so that no text of a scenario or
 * player can drive the terminal. Without UTF-8 other characters become their nearest 7-bit one.
 *
 * @param term   face
 * @param out    appended
 * @param style  role
 * @param text   UTF-8
 */
void pl_term_put(const struct pl_term *term,
                 struct pl_buf *out,
                 enum pl_style style,
                 const char *text);

/** As pl_term_put for a slice that is not terminated. */
void pl_term_put_slice(const struct pl_term *term,
                       struct pl_buf *out,
                       enum pl_style style,
                       pl_slice text);

/** Append `count` spaces. */
void pl_term_pad(struct pl_buf *out, uint32_t count);

/** Columns that a text takes: one per character; bytes that are not UTF-8 count one each. */
uint32_t pl_term_width(const char *text);

/**
 * Length of the longest start of `text` that fits `columns`, cut between characters.
 *
 * @param text     UTF-8
 * @param columns  room
 * @return bytes
 */
size_t pl_term_fit(const char *text, uint32_t columns);

/**
 * Append text in at most `columns` columns; what is too long ends in an ellipsis.
 *
 * @return columns used
 */
uint32_t pl_term_put_cut(const struct pl_term *term,
                         struct pl_buf *out,
                         enum pl_style style,
                         const char *text,
                         uint32_t columns);

/**
 * Append a paragraph broken between words, every line indented and ended with a newline. Newlines
 * of the text stay.
 *
 * @param term    face
 * @param out     appended
 * @param style   role
 * @param indent  spaces before each line, below the number of columns
 * @param text    UTF-8
 */
void pl_term_wrap(const struct pl_term *term,
                  struct pl_buf *out,
                  enum pl_style style,
                  uint32_t indent,
                  const char *text);

/**
 * As pl_term_wrap for prose that its author broke into lines: single line breaks become spaces;
 * empty lines, headings, lists (with their marks hanging), tables and indented lines stay.
 */
void pl_term_flow(const struct pl_term *term,
                  struct pl_buf *out,
                  enum pl_style style,
                  uint32_t indent,
                  const char *text);

/**
 * Decode one character.
 *
 * @param text   terminated, not empty
 * @param point  filled with the code point, or U+FFFD for a byte that is not UTF-8
 * @return bytes taken, 1..4
 */
size_t pl_term_decode(const char *text, uint32_t *point);

/** Append one code point as UTF-8. */
void pl_term_encode(struct pl_buf *out, uint32_t point);

#endif
