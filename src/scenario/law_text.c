// SPDX-License-Identifier: Apache-2.0
#include "scenario/law_text.h"

#include "text/quantity.h"

#include <string.h>

enum { LAW_WORDS_MAX = 6 };

struct law_words {
    pl_slice words[LAW_WORDS_MAX];
    uint32_t count;
};

static struct law_words split(pl_slice text)
{
    struct law_words out = {.count = 0};
    size_t at = 0;
    while (at < text.size) {
        if (text.data[at] == ' ') {
            at++;
            continue;
        }
        size_t end = at;
        while (end < text.size && text.data[end] != ' ') {
            end++;
        }
        if (out.count == LAW_WORDS_MAX) {
            out.count++;
            break;
        }
        out.words[out.count++] = (pl_slice){.data = text.data + at, .size = end - at};
        at = end;
    }
    return out;
}

static bool law_number(struct pl_reader *reader, uint32_t node, pl_slice word, double *seconds)
{
    pl_error err = {0};
    int64_t ns = 0;
    if (pl_quantity_duration(word, NULL, &ns, &err) != PL_OK) {
        pl_reader_error(reader, node, "In this law: %s", err.message);
        return false;
    }
    *seconds = (double)ns * 1e-9;
    return true;
}

static bool word_is(const struct law_words *law, uint32_t i, const char *word)
{
    return i < law->count && i < LAW_WORDS_MAX && pl_slice_equal(law->words[i], pl_slice_of(word));
}

static bool law_form_error(struct pl_reader *reader, uint32_t node)
{
    pl_slice text = pl_reader_at(reader, node)->text;
    pl_reader_error(reader,
                    node,
                    "`%.*s` is no law; expected is `12ms`, `exponential mean 12ms`, `lognormal "
                    "mean 12ms p99 40ms`, `lognormal p50 70ms p99 400ms`, `lognormal mean 12ms scv "
                    "0.5` or `uniform 10ms 20ms`.",
                    pl_reader_shown(text),
                    text.data);
    return false;
}

static bool
read_lognormal(struct pl_reader *reader, uint32_t node, const struct law_words *words, pl_law *law)
{
    bool quantiles = word_is(words, 1, "p50");
    bool scv = word_is(words, 3, "scv");
    if (words->count != 5 || !(quantiles || word_is(words, 1, "mean")) ||
        !(word_is(words, 3, "p99") || (scv && !quantiles))) {
        return law_form_error(reader, node);
    }
    double first = 0.0;
    double second = 0.0;
    pl_error err = {0};
    if (!law_number(reader, node, words->words[2], &first)) {
        return false;
    }
    if (scv) {
        if (pl_quantity_number(words->words[4], NULL, &second, &err) != PL_OK || second <= 0.0 ||
            second > 1e4 || first <= 0.0) {
            return law_form_error(reader, node);
        }
        *law = pl_law_lognormal_scv(first, second);
        return true;
    }
    if (!law_number(reader, node, words->words[4], &second)) {
        return false;
    }
    double ratio = first > 0.0 ? second / first : 0.0;
    if (ratio < 1.0 || (!quantiles && ratio > 14.0) || ratio > 1e6) {
        pl_reader_error(reader,
                        node,
                        "This p99 is %.10g times the %s; a lognormal law can have 1 to %s times.",
                        ratio,
                        quantiles ? "p50" : "mean",
                        quantiles ? "1000000" : "14");
        return false;
    }
    *law = quantiles ? pl_law_lognormal_quantiles(first, second) : pl_law_lognormal(first, second);
    return true;
}

bool pl_field_law(struct pl_reader *reader, uint32_t node, pl_law *law)
{
    if (!pl_reader_is_scalar(reader, node, "law")) {
        return false;
    }
    struct law_words words = split(pl_reader_at(reader, node)->text);
    double first = 0.0;
    double second = 0.0;
    if (words.count == 1) {
        if (!law_number(reader, node, words.words[0], &first)) {
            return false;
        }
        *law = pl_law_constant(first);
        return true;
    }
    if (words.count == 2 && word_is(&words, 0, "constant")) {
        if (!law_number(reader, node, words.words[1], &first)) {
            return false;
        }
        *law = pl_law_constant(first);
        return true;
    }
    if (words.count == 3 && word_is(&words, 0, "exponential") && word_is(&words, 1, "mean")) {
        if (!law_number(reader, node, words.words[2], &first)) {
            return false;
        }
        *law = pl_law_exponential(first);
        return true;
    }
    if (words.count == 3 && word_is(&words, 0, "uniform")) {
        if (!law_number(reader, node, words.words[1], &first) ||
            !law_number(reader, node, words.words[2], &second)) {
            return false;
        }
        if (first > second) {
            pl_reader_error(
                reader, node, "This uniform law goes down; the lower bound comes first.");
            return false;
        }
        *law = pl_law_uniform(first, second);
        return true;
    }
    if (word_is(&words, 0, "lognormal")) {
        return read_lognormal(reader, node, &words, law);
    }
    return law_form_error(reader, node);
}
