/* tls: TLS for the TCP door, by OpenSSL as libevent's own back end has it; knows no HTTP and nobody's name. */
#ifndef API_TLS_H
#define API_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct tls; /* certificate and key as they were read */
struct event_base;
struct bufferevent;

enum { TLS_ERROR_SIZE = 256 };

/* begins: a client has said hello; false: it is not worth our arithmetic, and the handshake fails there. ends: it is done. */
struct tls_watch {
	bool (*begins)(void *context, uint64_t serial);
	void (*ends)(void *context, uint64_t serial);
	void *context;
};

/*
 * tls_open - TLS 1.2 and above, forward secret ciphers alone, no tickets, no renegotiation.
 *
 * Shapes  certificate: PEM, ours first, then those above it. key: PEM without a passphrase, to be read by its owner alone
 *         (mode 0600), or by root's group where root owns it (0640).
 * Errors  DISP_E_INPUT: a file cannot be used; error[TLS_ERROR_SIZE] says which and why, terminated.
 * Memory  *out is the caller's until tls_close; NULL may be closed.
 */
enum disp_err tls_open(struct tls **out, const char *certificate, const char *key,
	const struct tls_watch *watch, char *error) DISP_MUSTCHECK;
void tls_close(struct tls *tls);

/* A connection that is to be accepted; its descriptor comes later. NULL: no memory. */
struct bufferevent *tls_accept(struct tls *tls, struct event_base *base, uint64_t serial);

#endif
