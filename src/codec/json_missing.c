/* json_missing.c - stands in for json.c in a build without jansson. */
#include "codec/codec.h"

kt_value *kt_json_parse(const char *name, const char *text, size_t size, kt_arena *a, kt_fault *f)
{
    (void)text, (void)size, (void)a;
    kt_raise(f, KT_E_NOT_IMPLEMENTED,
             "this build of Keratin has no JSON reader (jansson): '%s' cannot be read", name);
    return NULL;
}
