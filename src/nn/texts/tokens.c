/* tokens.c - texts as tokens, read in place: a token is a piece of a text, of which the bytes that
 * standardising leaves out are passed over. */
#include "nn/texts/tokens.h"

#include <string.h>

/* Where the next token is looked for. */
typedef struct cursor {
    const kt_text *const *text;
    int64_t               n, k; /* texts, and the present one */
    size_t                at;
} cursor;

typedef struct token {
    const char *at, *end;
} token;

/* --- bytes ------------------------------------------------------------------------------------ */

static bool is_punctuation(unsigned char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

static bool is_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_kept(const kt_tokens *s, char c)
{
    return !s->strip || !is_punctuation((unsigned char)c);
}

static unsigned char standard(const kt_tokens *s, char c)
{
    return (unsigned char)(s->lower && c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* --- words ------------------------------------------------------------------------------------ */

/* The next run of bytes without blanks of which something is left. */
static bool next_word(const kt_tokens *s, cursor *c, token *out)
{
    const char *text = kt_text_bytes(c->text[0]), *end = text + kt_text_size(c->text[0]);
    const char *p = text + c->at;
    bool        kept = false;

    while (p < end && !kept) {
        while (p < end && is_space((unsigned char)*p))
            p++;
        out->at = p;
        for (; p < end && !is_space((unsigned char)*p); p++)
            kept = kept || is_kept(s, *p);
    }
    out->end = p;
    c->at = (size_t)(p - text);
    return kept;
}

/* --- characters ------------------------------------------------------------------------------- */

/* How many bytes follow a first byte of UTF-8, and what the first of them may be; -1: none begins
 * a character. */
static int followers(unsigned char c, unsigned char *least, unsigned char *most)
{
    *least = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    *most = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    return c < 0x80 ? 0 : c < 0xc2 ? -1 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf5 ? 3 : -1;
}

static const char *pass_dropped(const kt_tokens *s, const char *p, const char *end)
{
    while (p < end && !is_kept(s, *p))
        p++;
    return p;
}

/* The next character; what is no UTF-8 stands as U+FFFD, once for as many bytes as could have begun
 * a character. */
static bool next_character(const kt_tokens *s, cursor *c, token *out)
{
    static const char unknown[] = "\xef\xbf\xbd";
    const char       *text = kt_text_bytes(c->text[0]), *end = text + kt_text_size(c->text[0]);
    const char       *p = pass_dropped(s, text + c->at, end), *next;
    unsigned char     least, most;

    if (p == end)
        return false;
    int n = followers((unsigned char)*p, &least, &most);
    out->at = p++;
    for (; n > 0; n--, least = 0x80, most = 0xbf, p = next + 1) {
        next = pass_dropped(s, p, end);
        if (next == end || (unsigned char)*next < least || (unsigned char)*next > most)
            break;
    }
    out->end = p;
    if (n != 0)
        *out = (token){unknown, unknown + 3};
    c->at = (size_t)(p - text);
    return true;
}

static bool next_token(const kt_tokens *s, cursor *c, token *out)
{
    if (s->split == KT_SPLIT_WHITESPACE)
        return next_word(s, c, out);
    if (s->split == KT_SPLIT_CHARACTER)
        return next_character(s, c, out);
    if (c->k == c->n)
        return false;
    out->at = kt_text_bytes(c->text[c->k]);
    out->end = out->at + kt_text_size(c->text[c->k]);
    c->k++;
    return true;
}

/* --- runs of tokens, joined by blanks --------------------------------------------------------- */

typedef struct run {
    const kt_tokens *s;
    cursor           c; /* behind the present token */
    token            t;
    int64_t          left; /* tokens to come */
} run;

/* The run of n tokens from the cursor on, which there are. */
static run run_at(const kt_tokens *s, const cursor *c, int64_t n)
{
    run r = {.s = s, .c = *c, .left = n - 1};

    next_token(s, &r.c, &r.t);
    return r;
}

/* Its next byte; -1 at its end. */
static int next_byte(run *r)
{
    while (r->t.at < r->t.end) {
        char c = *r->t.at++;
        if (is_kept(r->s, c))
            return standard(r->s, c);
    }
    if (r->left == 0 || !next_token(r->s, &r->c, &r->t))
        return -1;
    r->left--;
    return ' ';
}

static bool same(const void *context, const kt_text *t)
{
    run    r = *(const run *)context;
    size_t i = 0;
    int    c;

    while ((c = next_byte(&r)) >= 0)
        if (i == t->size || (unsigned char)t->bytes[i++] != c)
            return false;
    return i == t->size;
}

static int64_t number_of(const run *r)
{
    run      copy = *r;
    uint64_t hash = KT_WORDS_SEED;

    for (int c; (c = next_byte(&copy)) >= 0;)
        hash = kt_words_hash(hash, (unsigned char)c);
    return kt_words_match(r->s->words, hash, same, r);
}

/* --- rows ------------------------------------------------------------------------------------- */

static int64_t count_tokens(const kt_tokens *s, const kt_text *const *text, int64_t n)
{
    cursor  c = {.text = text, .n = n};
    token   t;
    int64_t all = 0;

    while (next_token(s, &c, &t))
        all++;
    return all;
}

/* The i-th width of runs among `tokens`, 0 behind the last. */
static int64_t width_at(const kt_tokens *s, int64_t i, int64_t tokens)
{
    if (!s->grams)
        return i == 0;
    if (s->upto > 0)
        return i < s->upto && i < tokens ? i + 1 : 0;
    return i < s->n_widths ? s->width[i] : 0;
}

int64_t kt_tokens_runs(const kt_tokens *s, int64_t tokens)
{
    int64_t all = 0, w;

    for (int64_t i = 0; (w = width_at(s, i, tokens)); i++)
        all += tokens >= w ? tokens - w + 1 : 0;
    return all;
}

int64_t kt_tokens_count(const kt_tokens *s, const kt_text *const *text, int64_t n)
{
    return kt_tokens_runs(s, count_tokens(s, text, n));
}

/* Visits the runs in their order until `visit` says false. */
static bool each_run(const kt_tokens *s, const kt_text *const *text, int64_t n,
                     bool (*visit)(void *user, const run *r), void *user)
{
    int64_t tokens = count_tokens(s, text, n), w;
    token   t;

    for (int64_t i = 0; (w = width_at(s, i, tokens)); i++) {
        cursor c = {.text = text, .n = n};
        for (int64_t k = 0; k + w <= tokens; k++) {
            run r = run_at(s, &c, w);
            if (!visit(user, &r))
                return false;
            next_token(s, &c, &t);
        }
    }
    return true;
}

typedef struct row {
    double *out;
    int64_t n, width;
} row;

static bool put(void *user, const run *r)
{
    row *to = user;

    if (to->n == to->width)
        return false;
    to->out[to->n++] = (double)number_of(r);
    return true;
}

void kt_tokens_read(const void *self, const kt_text *const *text, int64_t n, double *out,
                    int64_t width)
{
    const kt_tokens *s = self;
    row              to = {out, 0, width};

    each_run(s, text, n, put, &to);
    while (to.n < width)
        out[to.n++] = (double)s->pad;
}

typedef struct taker {
    bool (*take)(void *user, const char *bytes, size_t size);
    void  *user;
    kt_str text;
} taker;

static bool hand_over(void *user, const run *r)
{
    taker *to = user;
    run    copy = *r;

    to->text.len = 0;
    for (int c; (c = next_byte(&copy)) >= 0;)
        kt_str_addc(&to->text, (char)c);
    return !to->text.failed && to->take(to->user, to->text.data ? to->text.data : "", to->text.len);
}

bool kt_tokens_each(const kt_tokens *s, const kt_text *const *text, int64_t n,
                    bool (*take)(void *user, const char *bytes, size_t size), void *user)
{
    taker to = {take, user, {0}};
    bool  all = each_run(s, text, n, hand_over, &to);

    kt_str_free(&to.text);
    return all;
}
