/* http.c - sends a body to a server with libcurl, which is opened at the first use. */
#define _XOPEN_SOURCE 700
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "codec/codec.h"

/* Without these a server that is silent would hold a training for ever. */
#define CONNECT_SECONDS 10L
#define WHOLE_SECONDS   60L

#define CALLS(X)         \
    X(curl_global_init)  \
    X(curl_easy_init)    \
    X(curl_easy_setopt)  \
    X(curl_easy_perform) \
    X(curl_easy_strerror) X(curl_easy_cleanup) X(curl_slist_append) X(curl_slist_free_all)

typedef struct curl_lib {
#define X(name) __typeof__(&name) name;
    CALLS(X)
#undef X
} curl_lib;

static const kt_library_symbol symbols[] = {
#define X(name) {#name, offsetof(curl_lib, name)},
    CALLS(X)
#undef X
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static curl_lib       the_lib;
static bool           loaded;

static void load(void)
{
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"};
    void                    *library = kt_library_open(names, KT_COUNT(names));

    loaded = library && !kt_library_bind(library, symbols, KT_COUNT(symbols), &the_lib) &&
             the_lib.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

/* What the server answers says nothing that anyone waits for. */
static size_t drop(char *bytes, size_t size, size_t n, void *user)
{
    (void)bytes, (void)user;
    return size * n;
}

/* The list with one more line; NULL, and the list freed, without memory. */
static struct curl_slist *add_header(struct curl_slist *list, const char *line)
{
    struct curl_slist *longer = the_lib.curl_slist_append(list, line);

    if (!longer)
        the_lib.curl_slist_free_all(list);
    return longer;
}

/* The caller's own type of the body goes before ours. */
static struct curl_slist *headers_of(const char *type, const kt_vec *headers)
{
    static const char  name[] = "Content-Type: ";
    kt_str             line = {0};
    struct curl_slist *list;
    bool               typed = false;

    for (size_t i = 0; i < headers->n; i++)
        typed = typed || strncasecmp(headers->at[i], name, sizeof name - 1) == 0;
    kt_str_printf(&line, "%s%s", name, type);
    list = line.failed ? NULL : add_header(NULL, typed ? headers->at[0] : kt_str_text(&line));
    for (size_t i = typed ? 1 : 0; list && i < headers->n; i++)
        list = add_header(list, headers->at[i]);
    kt_str_free(&line);
    return list;
}

/* What may not stand in a URL, such as a space, in hexadecimal. */
static void add_url(kt_str *out, const char *url)
{
    for (const unsigned char *p = (const unsigned char *)url; *p; p++)
        kt_str_printf(out, *p > ' ' && *p < 0x7F && !strchr("\"<>\\^`{|}", *p) ? "%c" : "%%%02X",
                      *p);
}

static CURLcode perform(CURL *c, const char *url, const kt_str *body, struct curl_slist *headers)
{
    kt_str quoted = {0};

    add_url(&quoted, url);
    CURLcode code = quoted.failed ? CURLE_OUT_OF_MEMORY
                                  : the_lib.curl_easy_setopt(c, CURLOPT_URL, kt_str_text(&quoted));
    kt_str_free(&quoted);
    /* a name that leads to a file of this machine is no server */
    if (code == CURLE_OK)
        code = the_lib.curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code != CURLE_OK)
        return code;
    the_lib.curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    the_lib.curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
    the_lib.curl_easy_setopt(c, CURLOPT_MAXREDIRS, 30L);
    the_lib.curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    the_lib.curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    the_lib.curl_easy_setopt(c, CURLOPT_TIMEOUT, WHOLE_SECONDS);
    the_lib.curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
    the_lib.curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    the_lib.curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len);
    the_lib.curl_easy_setopt(c, CURLOPT_POSTFIELDS, kt_str_text(body));
    return the_lib.curl_easy_perform(c);
}

kt_status kt_http_ready(kt_fault *f)
{
    pthread_once(&once, load);
    return loaded ? KT_OK
                  : kt_raise(f, KT_E_NOT_IMPLEMENTED,
                             "sending over a network needs the library libcurl, which is not "
                             "installed here");
}

kt_status kt_http_post(const char *url, const char *type, const kt_vec *headers, const kt_str *body,
                       kt_fault *f)
{
    if (kt_http_ready(f) != KT_OK)
        return f->e.status;
    CURL              *c = the_lib.curl_easy_init();
    struct curl_slist *list = headers_of(type, headers);
    CURLcode           code = c && list ? perform(c, url, body, list) : CURLE_OUT_OF_MEMORY;

    if (code != CURLE_OK)
        kt_raise(f, KT_E_OS, "%s: %s", url, the_lib.curl_easy_strerror(code));
    the_lib.curl_slist_free_all(list);
    if (c)
        the_lib.curl_easy_cleanup(c);
    return f->e.status;
}
