/* http_missing.c - stands in for http.c in a build without libcurl; RemoteMonitor needs it. */
#include "codec/codec.h"

kt_status kt_http_ready(kt_fault *f)
{
    return kt_raise(f, KT_E_NOT_IMPLEMENTED,
                    "this build of Keratin has no libcurl: it sends nothing over a network");
}

kt_status kt_http_post(const char *url, const char *type, const kt_vec *headers, const kt_str *body,
                       kt_fault *f)
{
    (void)url, (void)type, (void)headers, (void)body;
    return kt_http_ready(f);
}
