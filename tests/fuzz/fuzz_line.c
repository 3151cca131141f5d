// SPDX-License-Identifier: Apache-2.0
//
// Any line typed at the prompt is refused, offered corrected, or turned into a JSON command; a
// corrected line is not offered again.
#include "fuzz.h"

#include "base/check.h"
#include "cli/grammar.h"
#include "cli/guide.h"
#include "exam/content.h"
#include "text/json_in.h"

#include <stdlib.h>
#include <string.h>

static struct pl_content content;
static struct pl_parsed parsed;

static void check_parsed(void)
{
    if (parsed.kind == PL_PARSED_ERROR || parsed.kind == PL_PARSED_SUGGEST) {
        PL_CHECK(parsed.message[0] != '\0');
    }
    if (parsed.kind != PL_PARSED_COMMAND) {
        return;
    }
    /* Bytes that are not UTF-8 were replaced on the way, so the text is good JSON. */
    json_t *json = NULL;
    pl_slice text = {parsed.json.data, parsed.json.size};
    PL_CHECK(pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, NULL, &json, NULL) == PL_OK);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char line[PL_LINE_MAX];
    static struct pl_errors errors;
    if (content.world == NULL) {
        const char *directory = PL_CONTENT_DIR "/../tests/content";
        PL_CHECK(pl_content_load(directory, "slow-till", &content, &errors) == PL_OK);
    }
    struct pl_lexicon lexicon = {content.world, content.scenario, pl_guide_verb_names()};
    size = size < sizeof line ? size : sizeof line - 1;
    memcpy(line, data, size);
    line[size] = '\0';
    pl_grammar_parse(&lexicon, line, &parsed);
    check_parsed();
    const char *words[PL_LEXICON_WORDS_MAX];
    size_t typed = 0;
    (void)pl_grammar_complete(&lexicon, line, words, &typed);
    PL_CHECK(typed <= size);
    return 0;
}
