/* initialize.c - the first values of variables, and the generator that default seeds come from. */
#include <stdatomic.h>
#include <time.h>

#include "nn/nn.h"

/* --- default seeds --------------------------------------------------------------------------- */

/* Python's generator, as keras.utils.set_random_seed leaves it; the lock is held for one draw. */
static kt_mt       python;
static bool        seeded;
static atomic_flag busy = ATOMIC_FLAG_INIT;

static void lock(void)
{
    while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {}
}

static void unlock(void)
{
    atomic_flag_clear_explicit(&busy, memory_order_release);
}

static void restart(uint64_t seed)
{
    kt_mt_seed_python(&python, seed);
    seeded = true;
}

void kt_set_random_seed(uint64_t seed)
{
    lock();
    restart(seed);
    unlock();
}

/* Without a seed every run differs, as in Python. */
static uint64_t some_seed(void)
{
    struct timespec now = {0};

    (void)timespec_get(&now, TIME_UTC);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec +
           ((uint64_t)(uintptr_t)&now << 20);
}

/* Of the thread, so that a diagnosis does not disturb what others train. */
static _Thread_local bool shapes_only;

bool kt_shapes_only(void)
{
    return shapes_only;
}

bool kt_set_shapes_only(bool on)
{
    bool before = shapes_only;

    shapes_only = on;
    return before;
}

/* Seeds of what is made only to be tried; 0: they come from the user's sequence. */
static _Thread_local int64_t apart;

bool kt_set_seeds_apart(bool on)
{
    bool before = apart > 0;

    apart = on;
    return before;
}

int64_t kt_draw_seed(void)
{
    if (shapes_only)
        return 1; /* the user's sequence of seeds goes on as if nothing had been made */
    if (apart)
        return apart++;
    lock();
    if (!seeded)
        restart(some_seed());
    int64_t seed = kt_default_seed(&python);
    unlock();
    return seed;
}

/* --- the seed of one initializer ------------------------------------------------------------- */

/* The `seed` argument of a configured class, NULL if it is None; *has: is there such a field? */
static const kt_value *seed_argument(const kt_class *cls, const void *config, bool *has)
{
    const kt_value *const *seed = kt_config_member(cls->config, "seed", config);

    *has = seed != NULL;
    return seed && !kt_is_none(*seed) ? *seed : NULL;
}

/* The state that a SeedGenerator starts with. */
static int64_t generator_seed(const kt_value *generator)
{
    const char     *name = NULL;
    const kt_value *args = NULL, *seed = NULL;

    if (kt_object_parts(generator, &name, &args))
        seed = kt_value_get(args, "seed");
    if (!seed && args && args->n > 0 && !args->keys[0])
        seed = args->items[0];
    return seed && seed->kind == KT_INT ? seed->i : kt_draw_seed();
}

/* held: the dict of the initializer, which may have kept a drawn seed; or NULL. */
static void read_seed(const kt_object *o, const kt_value *held, int64_t out[2])
{
    bool            has;
    const kt_value *seed = seed_argument(o->cls, o->config, &has);

    out[0] = out[1] = 0;
    if (!has)
        return;
    if (seed && seed->kind == KT_INT)
        out[0] = seed->i;
    else if (seed && seed->kind == KT_BOOL)
        out[0] = seed->b;
    else if (seed)
        out[0] = generator_seed(seed);
    else
        out[0] = held && held->kind == KT_DICT && held->i ? held->i : kt_draw_seed();
}

/* A dict's number has no meaning to Python; no writer and no comparison looks at it. */
void kt_hold_seed(kt_value *initializer)
{
    const kt_value *config = kt_value_get(initializer, "config");
    const kt_value *seed = kt_value_get(config, "seed");

    if (initializer->kind == KT_DICT && seed && seed->kind == KT_NONE)
        initializer->i = kt_draw_seed();
}

/* What a draw says of a seed that the constructor let pass. */
static kt_status check_seed(const kt_value *seed, kt_fault *f)
{
    kt_str text = {0};

    if (seed->kind == KT_BOOL) /* an int to Python, not to TensorFlow */
        return kt_raise(f, KT_E_VALUE, "Can't convert Python sequence with mixed types to Tensor.");
    if (seed->kind != KT_DICT || kt_value_get(seed, "class_name"))
        return KT_OK;
    kt_value_repr(&text, seed);
    kt_raise(f, KT_E_VALUE,
             "Argument `seed` must be either an integer or an instance of `SeedGenerator`. "
             "Received: seed=%s (of type <class 'dict'>)",
             kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

/* --- values ---------------------------------------------------------------------------------- */

kt_status kt_initialize(kt_variable *v, kt_fault *f)
{
    static const kt_value usual = {.kind = KT_STR, .s = "glorot_uniform"};
    const kt_value       *given = v->initializer ? v->initializer : &usual;
    kt_arena              scratch = {0};
    int64_t               seed[2];
    const kt_object      *o = kt_object_make(&scratch, "initializer", given, f);
    kt_status             status = f->e.status;

    if (o) {
        const kt_initializer_type *type = (const kt_initializer_type *)(const void *)o->cls;
        const kt_value            *own = kt_object_given(o, "seed");
        read_seed(o, given, seed);
        status = kt_object_use(o, false, f);
        if (status == KT_OK && own)
            status = check_seed(own, f);
        if (status == KT_OK)
            status = type->fill(o->config, seed, v->value, f);
    }
    kt_arena_free(&scratch);
    return status;
}
