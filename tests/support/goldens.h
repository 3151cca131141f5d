// SPDX-License-Identifier: Apache-2.0
//
// Goldens of drawings: each NAME.json of a directory is drawn on several faces and compared with
// NAME.FACE.txt. With update they are written anew; read the diff.
#ifndef PL_TESTS_SUPPORT_GOLDENS_H
#define PL_TESTS_SUPPORT_GOLDENS_H

#include "cli/view.h"

#include <stdbool.h>

enum { GOLDEN_FACES = 4, GOLDEN_DRAWING_SIZE = 1 << 18 };

/** The faces: 80 columns without colour, with colour, 7-bit; 120 columns. */
extern const struct pl_term golden_faces[GOLDEN_FACES];

/** Draws one JSON document. */
typedef void (*golden_draw)(struct pl_view *view, const json_t *json, struct pl_buf *out);

/** A view for tests; the caller frees it. */
struct pl_view *golden_view(struct pl_term term);

/**
 * Draw a JSON text on one face.
 *
 * @return the drawing, valid until the next call
 */
const char *golden_text(struct pl_term term, golden_draw draw, const char *json_text);

/** Read a JSON file or fail the test. */
json_t *golden_json(const char *path);

/** Columns of the widest line of a drawing; escape sequences do not count. */
uint32_t golden_width(const char *drawing);

/**
 * Draw and compare all documents of a directory.
 *
 * @param directory  with the JSON files
 * @param draw       drawing function
 * @param update     write instead of compare
 * @return number of documents
 */
uint32_t golden_check(const char *directory, golden_draw draw, bool update);

#endif
