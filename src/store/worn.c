// SPDX-License-Identifier: Apache-2.0
#include "store/worn.h"

#include "base/check.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum {
    SIZE_MAX_LOOKED_AT = 40, /* what is longer is no short word with something around it */
    BEFORE_MAX = 4,          /* digits and marks before a word */
    AFTER_MAX = 8,           /* and after it */
    PERIOD_MAX = 4,          /* bytes of what is repeated */
    WORD_MIN = 3,            /* letters of a word that another one may follow */
    RUN_MIN = 6,             /* keys in a row */
    YEAR_FIRST = 1930,
    YEAR_LAST = 2039
};

/* Short, so that a row of the keyboard is found in `qwerty` already. */
static const char *const rows[] = {
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgbyhnujmikolp",
    "zaq12wsxcde34rfvbgt56yhn",
    "zaqxswcdevfrbgtnhymjukilop",
    "qweasdzxcrtyfghvbn",
    "112233445566778899",
    "1a2b3c4d5e6f7g8h9i",
    "a1b2c3d4e5f6g7h8i9",
};

/* Words and names that people choose; at least two letters, in small letters. */
static const char words[] =
    "pass passwd password passwort passphrase parola senha contrasena motdepasse login signin "
    "logon admin administrator root user guest test tester testing temp default changeme "
    "secret private access letmein welcome hello hallo hola bonjour server system manager "
    "master demo sample example public computer internet network windows linux ubuntu debian "
    "oracle mysql postgres database docker google facebook twitter linkedin yahoo hotmail "
    "gmail apple iphone samsung android microsoft office company work business plumb "
    "plumbline oncall incident security hacker nothing whatever unknown trustno killer qwerty "
    "qwer qwert qwertz azerty asdf asdfgh zxcv zxcvbn qaz qazwsx wsx abc abcd abcde abcdef "
    "xyz aaa zzz love lover lovely iloveyou iloveu loveyou loveme baby babygirl honey sweet "
    "sweety sweetheart sugar angel angels princess prince queen king friend friends "
    "bestfriend family mother father mummy daddy brother sister girl girls boy boys kiss "
    "kisses heart forever always happy lucky beautiful pretty sexy cutie cookie chocolate "
    "cheese coffee banana orange cherry lemon pepper ginger peanut butter pumpkin candy jesus "
    "christ god heaven blessed faith hope peace freedom liberty spirit soul dream dreams "
    "magic music guitar piano dance dancer rock metal metallica nirvana slipknot eminem "
    "beatles party summer winter spring autumn sunshine sunny moon star stars rainbow flower "
    "flowers rose lily daisy jasmine purple blue green yellow black white silver golden "
    "diamond crystal pearl money dollar million ferrari porsche mercedes corvette mustang "
    "camaro toyota honda yamaha suzuki harley nissan audi bmw jaguar monkey dragon tiger lion "
    "bear wolf eagle falcon hawk shark dolphin horse kitty kitten puppy doggy bunny rabbit "
    "chicken duck panda panther cobra spider butterfly phoenix unicorn football baseball "
    "basketball soccer hockey tennis golf golfer racing runner surfer skater player gamer "
    "winner champion barcelona arsenal chelsea liverpool manchester united realmadrid "
    "juventus milan yankees lakers cowboys steelers patriots batman superman spiderman "
    "ironman starwars startrek skywalker vader gandalf hobbit frodo potter harrypotter "
    "hogwarts naruto goku pokemon pikachu mario zelda sonic minecraft fortnite warcraft "
    "diablo matrix merlin ninja samurai pirate warrior hunter ranger rocket thunder lightning "
    "storm shadow ghost devil demon vampire zombie legend hero genius monster snoopy garfield "
    "scooby mickey minnie tinkerbell simpsons bond alex alexander alexandra alice amanda "
    "amber andrea andrew angela anna anthony antonio arthur ashley austin barbara benjamin "
    "brandon brian brittany carlos carmen caroline charles charlie charlotte chris christian "
    "christina christopher claudia daniel daniela david debbie dennis diana diego dominic "
    "donald dylan edward elizabeth emily emma eric erica felix fernando florian francisco "
    "frank gabriel george hannah heather helen henry isabella jack jackson jacob james jamie "
    "jason jennifer jessica jessie john johnny jonathan jordan jorge jose joseph joshua juan "
    "julia julian justin karen katie kevin kimberly kristina laura lauren linda lisa louis "
    "lucas luis maria marie marina mark martin matthew maxwell melissa michael michelle "
    "miguel mohamed monica morgan natalie natasha nathan nicholas nicole oliver olivia oscar "
    "pamela patricia patrick paul pedro peter philip rachel raymond rebecca ricardo richard "
    "robert roberto ronald ryan samantha samuel sandra sara sarah sebastian sergio sophia "
    "sophie stella stephanie stephen steven susan taylor thomas tiffany tyler valentina "
    "vanessa veronica victor victoria vincent walter william yolanda zachary america england "
    "london paris berlin germany france italy spain brazil mexico canada china india russia "
    "moscow dallas texas chicago boston denver newyork california florida monday tuesday "
    "wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december birthday christmas holiday vacation aa qq ";

pl_slice pl_worn_word(size_t index)
{
    const char *at = words;
    for (size_t i = 0; i < index && *at != '\0'; i++) {
        at += strcspn(at, " ") + 1;
    }
    return (pl_slice){at, strcspn(at, " ")};
}

static bool is_word(const char *text, size_t size)
{
    for (const char *at = words; *at != '\0';) {
        size_t length = strcspn(at, " ");
        if (length == size && memcmp(at, text, size) == 0) {
            return true;
        }
        at += length + 1;
    }
    return false;
}

/* A word, or two of them. */
static bool is_words(const char *text, size_t size)
{
    bool found = is_word(text, size);
    for (size_t i = WORD_MIN; i + WORD_MIN <= size && !found; i++) {
        found = is_word(text, i) && is_word(text + i, size - i);
    }
    return found;
}

/* All keys of it lie in a row, in either direction. */
static bool is_run(const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t length = strlen(rows[i]);
        for (size_t at = 0; at < length; at++) {
            size_t ahead = 0;
            size_t back = 0;
            while (ahead < size && at + ahead < length && text[ahead] == rows[i][at + ahead]) {
                ahead++;
            }
            while (back < size && back <= at && text[back] == rows[i][at - back]) {
                back++;
            }
            if (ahead == size || back == size) {
                return true;
            }
        }
    }
    return false;
}

/* Something short over and over; the last time it may be cut off. */
static bool is_repeated(const char *text, size_t size)
{
    for (size_t period = 1; period <= PERIOD_MAX && period < size; period++) {
        if (memcmp(text, text + period, size - period) == 0) {
            return true;
        }
    }
    return false;
}

static uint32_t number_of(const char *text, size_t size)
{
    uint32_t number = 0;
    for (size_t i = 0; i < size; i++) {
        number = number * 10 + (uint32_t)(text[i] - '0');
    }
    return number;
}

static bool is_date(uint32_t year, uint32_t one, uint32_t other)
{
    bool days = one >= 1 && other >= 1 && one <= 31 && other <= 31 && (one <= 12 || other <= 12);
    return days && year >= YEAR_FIRST && year <= YEAR_LAST;
}

/* Eight digits that are a day. */
static bool is_day(const char *text, size_t size)
{
    if (size != 8 || strspn(text, "0123456789") < size) {
        return false;
    }
    return is_date(number_of(text + 4, 4), number_of(text, 2), number_of(text + 2, 2)) ||
           is_date(number_of(text, 4), number_of(text + 4, 2), number_of(text + 6, 2));
}

/* A word, a run or a repetition once what stands around it is taken off. */
static bool is_worn_inside(const char *text, size_t size)
{
    size_t before = 0;
    while (before < size && before < BEFORE_MAX && !isalpha((unsigned char)text[before])) {
        before++;
    }
    for (size_t skip = 0; skip <= before; skip++) {
        size_t end = size;
        for (size_t taken = 0; taken <= AFTER_MAX && end > skip + 1; taken++, end--) {
            const char *core = text + skip;
            size_t length = end - skip;
            bool run = length >= RUN_MIN && (is_run(core, length) || is_repeated(core, length));
            if (run || is_words(core, length)) {
                return true;
            }
            if (isalpha((unsigned char)text[end - 1])) {
                break;
            }
        }
    }
    return false;
}

/* The letter that a digit or mark is written for; `second` where there are two. */
static char looked_like(char c, bool second)
{
    static const char marks[] = "0134578@$!|+";
    static const char first[] = "oleastbasilt";
    static const char other[] = "oieastbasiit";
    const char *at = strchr(marks, c);
    return at == NULL || c == '\0' ? c : (second ? other : first)[at - marks];
}

/* In a function of its own: tolower may be a macro of several statements. */
static char in_small(char c)
{
    return (char)tolower((unsigned char)c);
}

bool pl_worn_is(const char *password)
{
    PL_CHECK(password != NULL);
    char small[SIZE_MAX_LOOKED_AT + 1] = "";
    char one[SIZE_MAX_LOOKED_AT + 1] = "";
    char other[SIZE_MAX_LOOKED_AT + 1] = "";
    size_t size = strlen(password);
    if (size > SIZE_MAX_LOOKED_AT) {
        return size > 0 && is_repeated(password, size);
    }
    for (size_t i = 0; i < size; i++) {
        small[i] = in_small(password[i]);
        one[i] = looked_like(small[i], false);
        other[i] = looked_like(small[i], true);
    }
    /* Digits at the end are digits, however they look: take them off before the letters change. */
    char ended[SIZE_MAX_LOOKED_AT + 1];
    memcpy(ended, other, sizeof ended);
    for (size_t i = size; i > 0 && !isalpha((unsigned char)small[i - 1]); i--) {
        ended[i - 1] = small[i - 1];
    }
    return is_day(small, size) || is_worn_inside(small, size) || is_worn_inside(one, size) ||
           is_worn_inside(other, size) || is_worn_inside(ended, size);
}
