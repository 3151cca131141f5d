// SPDX-License-Identifier: Apache-2.0
#include "model/lru.h"

void pl_lru_add(struct pl_lru *lru, struct pl_lru_link *links, uint32_t key)
{
    links[key] = (struct pl_lru_link){.newer = 0, .older = lru->newest};
    if (lru->newest != 0) {
        links[lru->newest - 1].newer = key + 1;
    } else {
        lru->oldest = key + 1;
    }
    lru->newest = key + 1;
    lru->count++;
}

void pl_lru_add_oldest(struct pl_lru *lru, struct pl_lru_link *links, uint32_t key)
{
    links[key] = (struct pl_lru_link){.newer = lru->oldest, .older = 0};
    if (lru->oldest != 0) {
        links[lru->oldest - 1].older = key + 1;
    } else {
        lru->newest = key + 1;
    }
    lru->oldest = key + 1;
    lru->count++;
}

void pl_lru_remove(struct pl_lru *lru, struct pl_lru_link *links, uint32_t key)
{
    struct pl_lru_link link = links[key];
    PL_CHECK(lru->count > 0);
    if (link.newer != 0) {
        links[link.newer - 1].older = link.older;
    } else {
        PL_CHECK(lru->newest == key + 1);
        lru->newest = link.older;
    }
    if (link.older != 0) {
        links[link.older - 1].newer = link.newer;
    } else {
        lru->oldest = link.newer;
    }
    links[key] = (struct pl_lru_link){0, 0};
    lru->count--;
}

void pl_lru_touch(struct pl_lru *lru, struct pl_lru_link *links, uint32_t key)
{
    if (lru->newest != key + 1) {
        pl_lru_remove(lru, links, key);
        pl_lru_add(lru, links, key);
    }
}
