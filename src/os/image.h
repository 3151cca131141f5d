// SPDX-License-Identifier: Apache-2.0
//
// A large block of bytes that is written once and then had by many, each of whom changes a little.
//
//   keep   the bytes go into memory of the operating system that has no address
//   map    a view of them that belongs to its owner alone: a page is copied when it is written to,
//          and costs nothing before
//
// Views live on when the image is closed.
#ifndef PL_OS_IMAGE_H
#define PL_OS_IMAGE_H

#include "base/error.h"

#include <stddef.h>

/** An image; opaque. */
struct pl_image;

/**
 * Keep bytes. Pages of zeros take no memory.
 *
 * @param image   filled with an owned handle for pl_image_close
 * @param memory  copied
 * @param size    bytes, 1 or more
 * @param err     filled on failure
 * @return PL_OK, PL_NO_MEMORY or PL_IO
 */
pl_status pl_image_keep(struct pl_image **image, const void *memory, size_t size, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * A view of one's own.
 *
 * @param image   any number of threads may map it at once
 * @param memory  filled: as many bytes as were kept, at a page, for pl_pages_release
 * @param err     filled on failure
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_image_map(const struct pl_image *image, void **memory, pl_error *err)
    __attribute__((warn_unused_result));

/** Bytes that the image takes by itself. */
size_t pl_image_held(const struct pl_image *image);

/** Close it; views go on. NULL is allowed. */
void pl_image_close(struct pl_image *image);

#endif
