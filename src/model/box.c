/* box.c - drawing tables with lines. */
#include "model/box.h"

#include <string.h>

/* --- lines of a cell -------------------------------------------------------------------------- */

typedef struct span {
    const char *at;
    size_t      n; /* bytes */
} span;

enum { MAX_LINES = 64 };

/* Letters of a UTF-8 text; each is taken to be one column wide. */
static int letters(const char *text, size_t n)
{
    int count = 0;

    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static size_t bytes_of(const char *text, size_t n, int count)
{
    size_t i = 0;

    while (i < n && (count > 0 || ((unsigned char)text[i] & 0xc0) == 0x80)) {
        count -= ((unsigned char)text[i] & 0xc0) != 0x80;
        i++;
    }
    while (i < n && count == 0 && ((unsigned char)text[i] & 0xc0) == 0x80)
        i++;
    return i;
}

static size_t without_blanks(const char *text, size_t n)
{
    while (n > 0 && text[n - 1] == ' ')
        n--;
    return n;
}

/* Cuts before the word that does not fit any more. */
static int wrap(const char *text, int width, span *lines)
{
    int         n = 1, used = 0;
    const char *p = text;

    lines[0] = (span){text, 0};
    while (*p) {
        size_t word = strspn(p, " ");
        word += strcspn(p + word, " ");
        size_t whole = word + strspn(p + word, " ");
        if (letters(p, word) > width - used && p != text && n < MAX_LINES) {
            lines[n++] = (span){p, 0};
            used = 0;
        }
        used += letters(p, whole);
        lines[n - 1].n += whole;
        p += whole;
    }
    for (int i = 0; i < n; i++)
        lines[i].n = without_blanks(lines[i].at, lines[i].n);
    return n;
}

static void put_text(kt_str *out, span s, int width, kt_align align)
{
    bool cut = letters(s.at, s.n) > width;
    int  blanks = cut ? 0 : width - letters(s.at, s.n);
    int  before = align == KT_LEFT ? 0 : align == KT_RIGHT ? blanks : blanks / 2;

    if (width == 0)
        return;
    kt_str_printf(out, "%*s", before, "");
    kt_str_addn(out, s.at, cut ? bytes_of(s.at, s.n, width - 1) : s.n);
    if (cut)
        kt_str_add(out, "…");
    kt_str_printf(out, "%*s", blanks - before, "");
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void rule(kt_str *out, const kt_box *b, const char *left, const char *line,
                 const char *cross, const char *right)
{
    kt_str_add(out, left);
    for (int i = 0; i < b->n; i++) {
        for (int k = 0; k < b->width[i] + 2; k++)
            kt_str_add(out, line);
        kt_str_add(out, i + 1 < b->n ? cross : right);
    }
    kt_str_addc(out, '\n');
}

static void cells_of(kt_str *out, const kt_box *b, const char *const *cells, const char *bar,
                     bool at_bottom)
{
    span lines[KT_BOX_COLUMNS][MAX_LINES];
    int  n[KT_BOX_COLUMNS], most = 0;

    for (int i = 0; i < b->n; i++) {
        n[i] = wrap(cells[i], b->width[i], lines[i]);
        most = n[i] > most ? n[i] : most;
    }
    for (int k = 0; k < most; k++) {
        kt_str_add(out, bar);
        for (int i = 0; i < b->n; i++) {
            kt_str_addc(out, ' ');
            int line = at_bottom ? k - (most - n[i]) : k;
            put_text(out, line >= 0 && line < n[i] ? lines[i][line] : (span){"", 0}, b->width[i],
                     b->align[i]);
            kt_str_addc(out, ' ');
            kt_str_add(out, bar);
        }
        kt_str_addc(out, '\n');
    }
}

void kt_box_head(kt_str *out, kt_box *b, const char *const *cells)
{
    rule(out, b, "┏", "━", "┳", "┓");
    cells_of(out, b, cells, "┃", true);
    rule(out, b, "┡", "━", "╇", "┩");
}

void kt_box_row(kt_str *out, kt_box *b, const char *const *cells)
{
    if (b->rows++ > 0)
        rule(out, b, "├", "─", "┼", "┤");
    cells_of(out, b, cells, "│", false);
}

void kt_box_end(kt_str *out, kt_box *b)
{
    rule(out, b, "└", "─", "┴", "┘");
}
