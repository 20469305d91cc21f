/* chain.c - the chain of layers as a drawing: shapes on the edges, the red edge where the call
 * fails, what a repair puts in or changes in green. */
#include "doctor/drawing.h"

enum { WIDTH = 260, BOX = 34, GAP = 34, LEFT = 20, MOST = 60 };

/* --- texts ------------------------------------------------------------------------------------ */

void kt_escape(kt_str *out, const char *text)
{
    for (; text && *text; text++)
        switch (*text) {
        case '&': kt_str_add(out, "&amp;"); break;
        case '<': kt_str_add(out, "&lt;"); break;
        case '>': kt_str_add(out, "&gt;"); break;
        case '"': kt_str_add(out, "&quot;"); break;
        default:
            if ((unsigned char)*text >= ' ' || *text == '\n')
                kt_str_addc(out, *text);
        }
}

/* --- what stands there ------------------------------------------------------------------------ */

static bool is_shown(const kt_view *v, int i)
{
    return v->spot[i].parent < 0;
}

/* The same layer of the call as it was made; NULL: it is new. */
static const kt_spot *before(const kt_view *old, const kt_spot *s)
{
    for (int i = 0; old && i < old->n; i++)
        if (old->spot[i].parent == s->parent && kt_streq(old->spot[i].name, s->name))
            return &old->spot[i];
    return NULL;
}

static bool is_changed(const kt_view *old, const kt_spot *s)
{
    const kt_spot *b = old ? before(old, s) : NULL;

    return old &&
           (!b || b->type != s->type ||
            !kt_value_equal(kt_value_get(b->value, "config"), kt_value_get(s->value, "config")));
}

static const char *said(const kt_scene *s, const kt_shape *shape)
{
    return shape->rank < 0 ? "?" : kt_say_shape(s, shape);
}

/* --- drawing ---------------------------------------------------------------------------------- */

typedef struct pen {
    kt_str *out;
    int     y;
} pen;

static void box(pen *p, const char *kind, const char *name, const char *class_name)
{
    kt_str_printf(p->out,
                  "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>",
                  kind, LEFT, p->y, WIDTH, BOX);
    kt_str_printf(p->out, "<text x=\"%d\" y=\"%d\">", LEFT + 12, p->y + 22);
    kt_escape(p->out, name);
    kt_str_addn(p->out, "</text>", 7);
    kt_str_printf(p->out, "<text class=\"dim\" x=\"%d\" y=\"%d\" text-anchor=\"end\">",
                  LEFT + WIDTH - 12, p->y + 22);
    kt_escape(p->out, class_name);
    kt_str_add(p->out, "</text>\n");
    p->y += BOX;
}

static void edge(pen *p, bool bad, const char *label)
{
    int x = LEFT + 40;

    kt_str_printf(p->out,
                  "<path class=\"edge%s\" d=\"M%d %d V%d m-4 -6 l4 6 l4 -6\"/>"
                  "<text class=\"shape%s\" x=\"%d\" y=\"%d\">",
                  bad ? " bad" : "", x, p->y, p->y + GAP - 2, bad ? " bad" : "", x + 14, p->y + 21);
    kt_escape(p->out, label);
    kt_str_add(p->out, "</text>\n");
    p->y += GAP;
}

/* The shapes that come into a spot: several of a merge. */
static void edge_into(pen *p, const kt_scene *s, const kt_spot *spot, bool bad)
{
    kt_str text = {0};

    for (int i = 0; i < spot->n_feed || i == 0; i++)
        kt_str_printf(&text, "%s%s", i ? ", " : "",
                      spot->reached || spot->role == KT_IS_INPUT ? said(s, &spot->in[i]) : "?");
    edge(p, bad, kt_str_text(&text));
    kt_str_free(&text);
}

static void arrays(pen *p, const kt_scene *s, const kt_item *items, int n, const char *name)
{
    kt_str text = {0};

    for (int i = 0; i < n; i++)
        kt_str_printf(&text, "%s%s%s%s", i ? ", " : "", items[i].name, *items[i].name ? " " : "",
                      said(s, &items[i].t->shape));
    box(p, "data", name, kt_str_text(&text));
    kt_str_free(&text);
}

/* The targets, and whether loss or metrics refuse them. */
static void ending(pen *p, const kt_drawing *d, const kt_view *v)
{
    const kt_scene *s = d->scene;
    kt_str          text = {0};
    bool            bad = d->end->stage >= KT_AT_LOSS && d->end->stage != KT_PASSED;

    for (int i = 0; i < v->n_out; i++) {
        const kt_spot *o = &v->spot[v->out[i]];
        const char    *shape = i < d->end->n_out ? said(s, &d->end->out[i])
                             : o->n_out          ? said(s, &o->out[0])
                                                 : "?";
        kt_str_printf(&text, "%s%s", i ? ", " : "", shape);
    }
    edge(p, bad && d->end->stage != KT_AT_COUNT, kt_str_text(&text));
    kt_str_free(&text);
    if (s->n_y && (s->p->call == KT_DO_FIT || s->p->call == KT_DO_EVALUATE))
        arrays(p, s, s->y, s->n_y, "y");
    else
        box(p, "data", "output", "");
}

static int failing(const kt_drawing *d, const kt_view *v)
{
    int at = d->end->stage == KT_PASSED || d->end->stage >= KT_AT_LOSS ? -1 : v->broken;

    while (at >= 0 && v->spot[at].parent >= 0)
        at = v->spot[at].parent;
    return at;
}

static void draw(pen *p, const kt_drawing *d, const kt_view *v, const kt_view *old)
{
    int  bad = failing(d, v), shown = 0;
    bool refused = d->end->stage != KT_PASSED && d->end->stage < KT_AT_LOSS && bad < 0;

    if (d->scene->n_x)
        arrays(p, d->scene, d->scene->x, d->scene->n_x, "x");
    for (int i = 0; i < v->n; i++) {
        const kt_spot *s = &v->spot[i];
        if (!is_shown(v, i) || shown > MOST)
            continue;
        bool first = shown++ == 0;
        edge_into(p, d->scene, s, i == bad || (refused && first));
        box(p,
            i == bad             ? "layer broken"
            : is_changed(old, s) ? "layer mended"
                                 : "layer",
            s->name, kt_class_shown(s));
    }
    ending(p, d, v);
}

void kt_draw(kt_str *out, const kt_drawing *d, const char *title)
{
    kt_view v, old;
    kt_str  inside = {0};
    pen     p = {.out = &inside, .y = 40};

    kt_view_of(d->scene, &v);
    if (d->before)
        kt_view_of(d->before, &old);
    draw(&p, d, &v, d->before ? &old : NULL);
    kt_str_printf(out,
                  "<svg class=\"keratin-chain\" xmlns=\"http://www.w3.org/2000/svg\" "
                  "viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n<title>",
                  WIDTH + 2 * LEFT, p.y + 20, WIDTH + 2 * LEFT, p.y + 20);
    kt_escape(out, title);
    kt_str_printf(out, "</title>\n<style>%s</style>\n<text class=\"head\" x=\"%d\" y=\"24\">",
                  kt_chain_style, LEFT);
    kt_escape(out, title);
    kt_str_add(out, "</text>\n");
    kt_str_addn(out, kt_str_text(&inside), inside.len);
    kt_str_add(out, "</svg>\n");
    kt_str_free(&inside);
}

const char *const kt_chain_style =
    ".keratin-chain text{font:13px ui-monospace,monospace;fill:#1b1f24}"
    ".keratin-chain .head{font:bold 14px system-ui,sans-serif}"
    ".keratin-chain .dim,.keratin-chain .shape{fill:#57606a}"
    ".keratin-chain rect{fill:#f6f8fa;stroke:#8c959f}"
    ".keratin-chain .data{fill:none;stroke-dasharray:4 3}"
    ".keratin-chain .broken{stroke:#cf222e;stroke-width:2}"
    ".keratin-chain .mended{fill:#dafbe1;stroke:#1a7f37;stroke-width:2}"
    ".keratin-chain .edge{fill:none;stroke:#8c959f;stroke-width:1.5}"
    ".keratin-chain .edge.bad{stroke:#cf222e;stroke-width:3}"
    ".keratin-chain .shape.bad{fill:#cf222e;font-weight:bold}"
    "@media(prefers-color-scheme:dark){"
    ".keratin-chain text{fill:#e6edf3}.keratin-chain .dim,.keratin-chain .shape{fill:#9198a1}"
    ".keratin-chain rect{fill:#151b23;stroke:#656c76}.keratin-chain .data{fill:none}"
    ".keratin-chain .mended{fill:#12261e;stroke:#3fb950}"
    ".keratin-chain .edge.bad,.keratin-chain .broken{stroke:#f85149}"
    ".keratin-chain .shape.bad{fill:#f85149}}";
