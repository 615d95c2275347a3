/* tls: TLS for the TCP door; see the header. The only user of OpenSSL. */
#include "api/tls.h"

#include <errno.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct tls {
	SSL_CTX *context;
	struct tls_watch watch;
};

static enum disp_err wrong(char *error, const char *path, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	(void)snprintf(error, TLS_ERROR_SIZE, "%.140s: %s%s%.80s", path, what, reason == NULL ? "" : ": ",
		reason == NULL ? "" : reason);
	ERR_clear_error();
	return DISP_E_INPUT;
}

/* As PostgreSQL has it: ours alone, or root's, whose group may read it. */
static bool is_secret(const char *path, char *error)
{
	struct stat file;

	if (stat(path, &file) != 0) {
		(void)snprintf(error, TLS_ERROR_SIZE, "%.140s: %s", path, strerror(errno));
		return false;
	}
	if ((file.st_mode & (file.st_uid == 0 ? 027 : 077)) == 0)
		return true;
	(void)snprintf(error, TLS_ERROR_SIZE,
		"%.140s: others may read it; it needs mode 0600, or 0640 where root owns it", path);
	return false;
}

/* Nobody is there to be asked. */
static int no_passphrase(char *out, int size, int writing, void *context)
{
	(void)out, (void)size, (void)writing, (void)context;
	return 0;
}

static enum disp_err read_files(SSL_CTX *context, const char *certificate, const char *key, char *error)
{
	ERR_clear_error();
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
		return wrong(error, certificate, "not a certificate in PEM");
	if (!is_secret(key, error))
		return DISP_E_INPUT;
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		return wrong(error, key, "not the certificate's private key in PEM");
	return DISP_OK;
}

static uint64_t serial_of(const SSL *ssl)
{
	return (uint64_t)(uintptr_t)SSL_get_app_data(ssl);
}

/* Before anything is computed: the answer to a hello is what costs. */
static int on_hello(SSL *ssl, int *alert, void *context)
{
	const struct tls *tls = context;

	if (tls->watch.begins(tls->watch.context, serial_of(ssl)))
		return SSL_CLIENT_HELLO_SUCCESS;
	*alert = SSL_AD_INTERNAL_ERROR;
	return SSL_CLIENT_HELLO_ERROR;
}

static void on_state(const SSL *ssl, int where, int value)
{
	const struct tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	(void)value;
	if ((where & SSL_CB_HANDSHAKE_DONE) != 0)
		tls->watch.ends(tls->watch.context, serial_of(ssl));
}

enum disp_err tls_open(struct tls **out, const char *certificate, const char *key,
	const struct tls_watch *watch, char *error)
{
	struct tls *tls = calloc(1, sizeof(*tls));
	enum disp_err err;

	*out = NULL;
	(void)snprintf(error, TLS_ERROR_SIZE, "no memory for TLS");
	if (tls == NULL || (tls->context = SSL_CTX_new(TLS_server_method())) == NULL ||
		SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION) != 1 ||
		SSL_CTX_set_cipher_list(tls->context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
		tls_close(tls);
		return DISP_E_INPUT;
	}
	tls->watch = *watch;
	SSL_CTX_set_client_hello_cb(tls->context, on_hello, tls);
	SSL_CTX_set_info_callback(tls->context, on_state);
	(void)SSL_CTX_set_app_data(tls->context, tls);
	(void)SSL_CTX_set_options(tls->context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
							SSL_OP_NO_COMPRESSION |
							SSL_OP_CIPHER_SERVER_PREFERENCE);
	(void)SSL_CTX_set_num_tickets(tls->context, 0);
	(void)SSL_CTX_set_session_cache_mode(tls->context, SSL_SESS_CACHE_OFF);
	(void)SSL_CTX_set_mode(tls->context, SSL_MODE_RELEASE_BUFFERS); /* many clients wait idle */
	err = read_files(tls->context, certificate, key, error);
	if (err != DISP_OK) {
		tls_close(tls);
		return err;
	}
	error[0] = '\0';
	*out = tls;
	return DISP_OK;
}

void tls_close(struct tls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	free(tls);
}

struct bufferevent *tls_accept(struct tls *tls, struct event_base *base, uint64_t serial)
{
	SSL *ssl = SSL_new(tls->context);
	struct bufferevent *bev;

	if (ssl == NULL)
		return NULL;
	(void)SSL_set_app_data(ssl, (void *)(uintptr_t)serial);
	bev = bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		SSL_free(ssl);
	else
		bufferevent_openssl_set_allow_dirty_shutdown(bev, 1); /* a client that just goes has gone */
	return bev;
}
