/* post_box.h - a server on a port of this machine that keeps what it is sent. Include after
 * cmocka.h. */
#ifndef KT_TEST_POST_BOX_H
#define KT_TEST_POST_BOX_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { POST_MOST = 8, POST_SIZE = 4096 };

typedef struct post_box {
    int       listener, port;
    pthread_t thread;
    size_t    n;
    char      requests[POST_MOST][POST_SIZE]; /* head and body, as they came */
} post_box;

/* Reads one request: its head says how long its body is. */
static inline void post_read(int s, char *to)
{
    size_t  n = 0, whole = POST_SIZE;
    ssize_t got;

    while (n < whole && n + 1 < POST_SIZE && (got = read(s, to + n, POST_SIZE - 1 - n)) > 0) {
        n += (size_t)got;
        to[n] = '\0';
        const char *body = strstr(to, "\r\n\r\n"), *length = strstr(to, "Content-Length: ");
        if (body && length)
            whole = (size_t)(body + 4 - to) + strtoul(length + 16, NULL, 10);
    }
}

static inline void *post_serve(void *user)
{
    static const char answer[] =
        "HTTP/1.1 500 No\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n";
    post_box *b = user;

    for (;;) {
        int s = accept(b->listener, NULL, NULL);
        if (s < 0)
            return NULL;
        if (b->n < POST_MOST)
            post_read(s, b->requests[b->n++]);
        if (write(s, answer, sizeof answer - 1) < 0)
            b->n = POST_MOST; /* seen by whoever counts them */
        close(s);
    }
}

static inline void post_open(post_box *b)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          size = sizeof at;

    memset(b, 0, sizeof *b);
    b->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(b->listener >= 0);
    assert_int_equal(bind(b->listener, (struct sockaddr *)(void *)&at, sizeof at), 0);
    assert_int_equal(listen(b->listener, POST_MOST), 0);
    assert_int_equal(getsockname(b->listener, (struct sockaddr *)(void *)&at, &size), 0);
    b->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&b->thread, NULL, post_serve, b), 0);
}

static inline void post_close(post_box *b)
{
    shutdown(b->listener, SHUT_RDWR);
    pthread_join(b->thread, NULL);
    close(b->listener);
}

#endif
