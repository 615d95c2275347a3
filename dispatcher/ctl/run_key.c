/* run_key: keys made here: of what is secret of them nothing is sent; it goes to a file, or is shown once. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/hint.h"
#include "ctl/run.h"
#include "ctl/value.h"
#include "ctl/view.h"
#include "wire/z85.h"

_Static_assert(crypto_box_PUBLICKEYBYTES == Z85_KEY_BYTES && crypto_box_SECRETKEYBYTES == Z85_KEY_BYTES,
	"ZeroMQ's pairs are those of crypto_box");

/* A token is ID.SECRET: base64 for addresses of 32 random bytes; what is checked is SECRET as it stands there. */
enum {
	SECRET_BYTES = 32,
	SECRET_SIZE = sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
};

/* --- a pair, in a file --------------------------------------------------------------------------------- */

struct pair {
	char server[Z85_KEY_SIZE + 1], own[Z85_KEY_SIZE + 1], secret[Z85_KEY_SIZE + 1];
};

/* The daemon's own key: who has the pair must know whom it talks to. */
static int server_key(struct session *session, char out[Z85_KEY_SIZE + 1])
{
	json_t *status = NULL;
	int code = session_send(session, "GET", "/v1/status", NULL, &status);
	const char *key = value_string(status, "server_key");

	if (code == EXIT_DONE && strlen(key) != Z85_KEY_SIZE) {
		session_complain(session,
			"the daemon has no key of its own: its ports ask for none (see listen in its "
			"configuration)");
		code = EXIT_REFUSED;
	}
	if (code == EXIT_DONE)
		memcpy(out, key, Z85_KEY_SIZE + 1);
	json_decref(status);
	return code;
}

static void pair_make(struct pair *pair)
{
	uint8_t public_key[Z85_KEY_BYTES], secret_key[Z85_KEY_BYTES];

	ASSERT(crypto_box_keypair(public_key, secret_key) == 0);
	(void)z85_write(public_key, Z85_KEY_BYTES, pair->own);
	(void)z85_write(secret_key, Z85_KEY_BYTES, pair->secret);
	sodium_memzero(secret_key, sizeof(secret_key));
}

/* Never over another file, and never for others to read, not even for a moment. */
static bool pair_write(const struct session *session, const char *path, const struct pair *pair)
{
	char lines[3 * (Z85_KEY_SIZE + 1) + 1];
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool done;

	if (to < 0) {
		session_complain(session, "cannot make %s: %s", path, strerror(errno));
		return false;
	}
	(void)snprintf(lines, sizeof(lines), "%s\n%s\n%s\n", pair->server, pair->own, pair->secret);
	done = fchmod(to, 0600) == 0 && write(to, lines, strlen(lines)) == (ssize_t)strlen(lines) &&
	       fsync(to) == 0;
	sodium_memzero(lines, sizeof(lines));
	if (!done)
		session_complain(session, "cannot write %s: %s", path, strerror(errno));
	if (close(to) != 0 || !done) {
		(void)unlink(path);
		return false;
	}
	return true;
}

/* --- the request --------------------------------------------------------------------------------------- */

static int key_send(struct session *session, const char *path, json_t *body, json_t **reply)
{
	char *text = session_text(body);
	int code = session_send(session, "POST", path, text, reply);

	if (code != EXIT_DONE && *reply != NULL)
		hint_refused(session, body, *reply);
	free(text);
	return code;
}

/* The reply, then one line more on what was made here; with --json that is a member of it. */
static void key_show(
	struct session *session, json_t *reply, const char *member, const char *value, const char *said)
{
	if (session->json) {
		if (value != NULL)
			ASSERT(json_object_set_new(reply, member, json_string(value)) == 0);
		session_print(session, reply);
		return;
	}
	view_command(&session->screen, reply);
	if (value != NULL)
		fprintf(session->screen.to, "%s\n  %s\n", said, value);
}

/* The file stands before the key is in force; where it is refused, or only tried, the file goes again. */
static int add_pair(struct session *session, const char *path, json_t *body, const char *file)
{
	struct pair pair;
	json_t *reply = NULL;
	bool tried = json_is_true(json_object_get(body, "dry_run"));
	int code = server_key(session, pair.server);

	if (code != EXIT_DONE)
		return code;
	pair_make(&pair);
	pair.own[Z85_KEY_SIZE] = pair.secret[Z85_KEY_SIZE] = '\0';
	bool written = pair_write(session, file, &pair);

	sodium_memzero(pair.secret, sizeof(pair.secret));
	if (!written)
		return EXIT_REFUSED;
	ASSERT(json_object_set_new(body, "public", json_string(pair.own)) == 0);
	code = key_send(session, path, body, &reply);
	if (code != EXIT_DONE || tried)
		(void)unlink(file);
	if (code == EXIT_DONE)
		key_show(session, reply, "file", tried ? NULL : file,
			screen_say(&session->screen, "The pair is in this file, for its bearer alone: the "
						     "server's public key, its own public "
						     "key, its own secret key"));
	json_decref(reply);
	return code;
}

/* A string for others to check the secret against; it does not lead back to it. */
static bool secret_hash(const char *secret, char out[crypto_pwhash_STRBYTES])
{
	return crypto_pwhash_str(out, secret, strlen(secret), crypto_pwhash_OPSLIMIT_INTERACTIVE,
		       crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
}

static int add_token(struct session *session, const char *path, json_t *body)
{
	uint8_t bytes[SECRET_BYTES];
	char secret[SECRET_SIZE], hash[crypto_pwhash_STRBYTES], token[KEY_ID_MAX + SECRET_SIZE + 2] = "";
	const char *id = json_string_value(json_object_get(body, "id"));
	json_t *reply = NULL;
	bool tried = json_is_true(json_object_get(body, "dry_run"));

	randombytes_buf(bytes, sizeof(bytes));
	(void)sodium_bin2base64(
		secret, sizeof(secret), bytes, sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof(bytes));
	if (!secret_hash(secret, hash)) {
		session_complain(session, "not enough memory here to make a token");
		sodium_memzero(secret, sizeof(secret));
		return EXIT_REFUSED;
	}
	ASSERT(json_object_set_new(body, "hash", json_string(hash)) == 0);
	int code = key_send(session, path, body, &reply);

	if (code == EXIT_DONE) {
		(void)snprintf(token, sizeof(token), "%s.%s", id, secret);
		key_show(session, reply, "token", tried ? NULL : token,
			screen_say(&session->screen,
				"The token; it is shown this once and kept nowhere. Hand it over in person"));
	}
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(token, sizeof(token));
	json_decref(reply);
	return code;
}

int run_key_add(struct session *session, const struct args *args)
{
	const char *file = args_text(args, "--generate");
	char path[SESSION_PATH_MAX];
	json_t *body;
	int code;

	if (file == NULL && args_text(args, "--token") == NULL)
		return run_request(session, args);
	if (!session_request(session, args, path, &body)) {
		session_complain(session, "an argument is too long");
		return EXIT_USAGE;
	}
	if (sodium_init() < 0) {
		session_complain(session, "this machine gives no random numbers");
		code = EXIT_REFUSED;
	} else {
		code = file != NULL ? add_pair(session, path, body, file) : add_token(session, path, body);
	}
	json_decref(body);
	return code;
}

/* --- the list -------------------------------------------------------------------------------------------- */

int run_key_list(struct session *session, const struct args *args)
{
	int code = run_request(session, args);
	json_t *status = code == EXIT_DONE && !session->json ? session_peek(session, "/v1/status") : NULL;
	const char *key = value_string(status, "server_key");

	if (key[0] != '\0')
		fprintf(session->screen.to, "%s  %s\n",
			screen_say(&session->screen, "The server's public key"), key);
	json_decref(status);
	return code;
}
