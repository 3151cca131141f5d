// SPDX-License-Identifier: Apache-2.0
#include "server/route.h"

#include "base/check.h"

#include <string.h>

static const char *const method_names[PL_METHOD_COUNT] = {
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
};

const char *pl_method_name(enum pl_method method)
{
    PL_CHECK(method < PL_METHOD_COUNT);
    return method_names[method];
}

bool pl_method_is_safe(enum pl_method method)
{
    return method == PL_METHOD_GET || method == PL_METHOD_HEAD || method == PL_METHOD_OPTIONS;
}

/* The part of a path that begins after the slash at `text`. */
static pl_slice part_after_slash(const char *text)
{
    const char *begin = text + 1;
    return (pl_slice){begin, strcspn(begin, "/")};
}

static bool is_param(pl_slice part)
{
    return part.size > 2 && part.data[0] == '{' && part.data[part.size - 1] == '}';
}

/* Compare a path with a pattern and note what its parameters stand for. `named` becomes the count
 * of parts, from the left, that the pattern says by name before its first parameter. */
static bool
matches(const char *pattern, const char *path, struct pl_route_match *match, uint32_t *named)
{
    match->param_count = 0;
    *named = 0;
    while (*pattern == '/' && *path == '/') {
        pl_slice wanted = part_after_slash(pattern);
        pl_slice found = part_after_slash(path);
        if (is_param(wanted)) {
            PL_CHECK(match->param_count < PL_ROUTE_PARAMS_MAX);
            if (found.size == 0) {
                return false;
            }
            match->params[match->param_count].name = (pl_slice){wanted.data + 1, wanted.size - 2};
            match->params[match->param_count++].value = found;
        } else if (!pl_slice_equal(wanted, found)) {
            return false;
        } else if (match->param_count == 0) {
            (*named)++;
        }
        pattern = wanted.data + wanted.size;
        path = found.data + found.size;
    }
    return *pattern == '\0' && *path == '\0';
}

void pl_route_find(struct pl_route_match *match,
                   const struct pl_routes *groups,
                   uint32_t group_count,
                   enum pl_method method,
                   const char *path)
{
    PL_CHECK(match != NULL);
    PL_CHECK(path != NULL && path[0] == '/');
    PL_CHECK(group_count <= PL_ROUTE_GROUPS_MAX);
    enum pl_method wanted = method == PL_METHOD_HEAD ? PL_METHOD_GET : method;
    memset(match, 0, sizeof *match);
    uint32_t best = 0;
    for (uint32_t g = 0; g < group_count; g++) {
        for (uint32_t i = 0; i < groups[g].count; i++) {
            const struct pl_route *route = &groups[g].items[i];
            struct pl_route_match found = {0};
            uint32_t named;
            if (!matches(route->pattern, path, &found, &named)) {
                continue;
            }
            match->path_known = true;
            match->methods |= 1u << route->method;
            if (route->method == wanted && (match->route == NULL || named > best)) {
                match->route = route;
                match->context = groups[g].context;
                match->param_count = found.param_count;
                memcpy(match->params, found.params, sizeof match->params);
                best = named;
            }
        }
    }
    if ((match->methods & 1u << PL_METHOD_GET) != 0) {
        match->methods |= 1u << PL_METHOD_HEAD;
    }
}
