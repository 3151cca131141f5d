// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE /* memfd_create */
#include "os/image.h"

#include "base/check.h"
#include "os/failure.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { PAGE = 4096 /* that zeros are looked for in; any size would do */ };

struct pl_image {
    int file;
    size_t size;
    size_t held;
};

static bool is_zero(const char *bytes, size_t size)
{
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

static pl_status put(struct pl_image *image, const char *bytes, size_t at, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t count = pwrite(image->file, bytes + done, size - done, (off_t)(at + done));
        if (count < 0 && errno != EINTR) {
            return PL_IO;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    image->held += size;
    return PL_OK;
}

/* Write what is not zero, in pieces as long as possible. */
static pl_status put_all(struct pl_image *image, const char *memory)
{
    pl_status status = ftruncate(image->file, (off_t)image->size) == 0 ? PL_OK : PL_IO;
    size_t from = 0;
    for (size_t at = 0; at < image->size && status == PL_OK; at += PAGE) {
        size_t size = image->size - at < PAGE ? image->size - at : PAGE;
        bool last = at + size == image->size;
        bool zero = is_zero(memory + at, size);
        if (zero && at > from) {
            status = put(image, memory + from, from, at - from);
        } else if (!zero && last) {
            status = put(image, memory + from, from, image->size - from);
        }
        from = zero ? at + size : from;
    }
    return status;
}

pl_status pl_image_keep(struct pl_image **image_out, const void *memory, size_t size, pl_error *err)
{
    PL_CHECK(image_out != NULL && memory != NULL && size > 0);
    *image_out = NULL;
    struct pl_image *image = calloc(1, sizeof *image);
    if (image == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for an image.");
    }
    image->size = size;
    image->file = memfd_create("plumb", MFD_CLOEXEC);
    if (image->file < 0 || put_all(image, memory) != PL_OK) {
        pl_status status = pl_failure_of(err, "keep", "the bytes of an image", errno);
        pl_image_close(image);
        return status;
    }
    *image_out = image;
    return PL_OK;
}

pl_status pl_image_map(const struct pl_image *image, void **memory, pl_error *err)
{
    PL_CHECK(image != NULL && memory != NULL);
    void *view = mmap(
        NULL, image->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, image->file, 0);
    *memory = view == MAP_FAILED ? NULL : view;
    return view != MAP_FAILED
               ? PL_OK
               : pl_fail(err, PL_NO_MEMORY, NULL, "The machine does not give more address space.");
}

size_t pl_image_held(const struct pl_image *image)
{
    PL_CHECK(image != NULL);
    return image->held;
}

void pl_image_close(struct pl_image *image)
{
    if (image != NULL) {
        if (image->file >= 0) {
            (void)close(image->file);
        }
        free(image);
    }
}
