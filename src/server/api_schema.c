// SPDX-License-Identifier: Apache-2.0
#include "server/api_schema.h"

#include "base/check.h"

#include <stddef.h>

#define OBJECT(members) "{\"type\":\"object\",\"properties\":{" members "}}"
#define LIST(of)        "{\"type\":\"array\",\"items\":" of "}"
#define TEXT            "{\"type\":\"string\"}"
#define NUMBER          "{\"type\":\"number\"}"
#define WHOLE           "{\"type\":\"integer\"}"
#define YES             "{\"type\":\"boolean\"}"
#define MAYBE           "{\"type\":[\"number\",\"null\"]}"
#define BURN            ",\"budget\":" MAYBE ",\"burn_rate\":" NUMBER
#define ANY             "{\"type\":\"object\"}"
#define CLOCK           "{\"type\":\"string\",\"enum\":[\"turn\",\"live\"]}"
#define STATE           "{\"type\":\"string\",\"enum\":[\"live\",\"paused\",\"closed\"]}"

static const struct pl_schema schemas[] = {
    {"Scenarios",
     LIST(OBJECT("\"name\":" TEXT ",\"title\":" TEXT ",\"summary\":" TEXT ",\"severity\":" TEXT
                 ",\"opens_at_alert\":" TEXT ",\"minutes\":" NUMBER ",\"difficulty\":" WHOLE
                 ",\"trains\":" LIST(TEXT) ",\"world\":" TEXT ",\"plays\":" WHOLE
                                           ",\"best\":{\"type\":[\"number\",\"null\"]}"))},
    {"Sessions",
     LIST(OBJECT("\"id\":" TEXT ",\"scenario\":" TEXT ",\"title\":" TEXT ",\"clock\":" CLOCK
                 ",\"state\":" STATE ",\"waiting\":" YES ",\"t_s\":" NUMBER ",\"created_at\":" TEXT
                 ",\"sample\":" YES ",\"judged\":" YES ",\"damage\":" NUMBER
                 ",\"score\":" NUMBER))},
    {"NewSession",
     OBJECT("\"scenario\":" TEXT ",\"clock\":" CLOCK
            ",\"speed\":{\"type\":\"number\",\"minimum\":1,\"maximum\":10}"
            ",\"seed\":{\"type\":\"integer\",\"minimum\":0},\"from\":" OBJECT(
                "\"session\":" TEXT ",\"at_s\":" NUMBER))},
    {"Opened", OBJECT("\"id\":" TEXT ",\"opening\":" ANY)},
    {"Session",
     OBJECT("\"id\":" TEXT ",\"scenario\":" TEXT ",\"title\":" TEXT ",\"clock\":" CLOCK
            ",\"created_at\":" TEXT ",\"sample\":" YES ",\"state\":" STATE ",\"t_s\":" NUMBER
            ",\"clock_text\":" TEXT ",\"running\":" YES ",\"speed\":" NUMBER ",\"ends_s\":" NUMBER
            ",\"update_due_s\":" MAYBE BURN ",\"seq\":" WHOLE ",\"opening\":" ANY
            ",\"actions\":" ANY ",\"topology\":" ANY)},
    {"Command", OBJECT("\"do\":" TEXT)},
    {"Answer", OBJECT("\"seq\":{\"type\":[\"integer\",\"null\"]},\"answer\":" ANY)},
    {"Entries",
     OBJECT("\"entries\":" LIST(OBJECT("\"seq\":" WHOLE ",\"t_s\":" NUMBER ",\"kind\":" TEXT
                                       ",\"command\":" ANY
                                       ",\"answer\":" ANY)) ",\"next\":" WHOLE ",\"last\":" WHOLE)},
    {"ClockWish",
     OBJECT("\"running\":" YES ",\"speed\":{\"type\":\"number\",\"minimum\":1,\"maximum\":10}")},
    {"Clock",
     OBJECT("\"t_s\":" NUMBER ",\"clock\":" TEXT ",\"running\":" YES ",\"speed\":" NUMBER
            ",\"ends_s\":" NUMBER ",\"update_due_s\":" MAYBE BURN ",\"due_ms\":" NUMBER)},
    {"Panel", OBJECT("\"seq\":{\"type\":[\"integer\",\"null\"]},\"observation\":" ANY)},
    {"PanelsWish",
     OBJECT("\"panels\":" LIST(
         OBJECT("\"service\":" TEXT ",\"panel\":" TEXT ",\"by\":" TEXT ",\"window\":" TEXT)))},
    {"Panels",
     OBJECT("\"panels\":" LIST(OBJECT("\"observation\":" ANY ",\"due\":" YES ",\"unseen\":" YES)))},
    {"Analysis", ANY},
    {"Progress",
     OBJECT("\"done\":" WHOLE ",\"total\":" WHOLE ",\"phase\":" TEXT ",\"particles\":" WHOLE
            ",\"ahead\":" WHOLE ",\"message\":" TEXT)},
    {"WhatIf",
     OBJECT("\"at_s\":" NUMBER ",\"commands\":" LIST(ANY) ",\"horizon_s\":" NUMBER
                                                          ",\"panels\":" LIST(ANY))},
    {"Futures",
     OBJECT("\"at_s\":" NUMBER ",\"until_s\":" NUMBER
            ",\"answers\":" LIST(ANY) ",\"played\":" ANY ",\"tried\":" ANY ",\"damage_"
                                      "played\":" NUMBER ",\"damage_"
                                      "tried\":" NUMBER)},
    {"Lexicon",
     OBJECT("\"scenario\":" TEXT ",\"services\":" LIST(ANY) ",\"panels\":" LIST(
         ANY) ",\"looks\":" LIST(ANY) ",\"people\":" LIST(ANY) ",\"actions\":" LIST(ANY))},
};

const struct pl_schema *pl_api_schemas(uint32_t *count)
{
    PL_CHECK(count != NULL);
    *count = sizeof schemas / sizeof schemas[0];
    return schemas;
}
