/* keys: the daemon's own two, and the gateway's of a demonstration town, as files; whose keys hold is in the core. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "core/query.h"
#include "daemon.h"
#include "shell/say.h"
#include "wire/z85.h"

enum { PATH_BYTES = 4096, ID_BYTES = 8 };

static bool is_tcp(const char *endpoint)
{
	return strncmp(endpoint, "tcp://", 6) == 0;
}

static bool load_own(const struct daemon *daemon, uint8_t public_key[KEY_PUBLIC_BYTES],
	uint8_t secret_key[KEY_PUBLIC_BYTES])
{
	const struct config_listen *listen = &daemon->config->listen;
	char path[PATH_BYTES], error[INGEST_ERROR_SIZE];

	snprintf(path, sizeof path, "%s%s",
		listen->key_file != NULL ? listen->key_file : daemon->config->data,
		listen->key_file != NULL ? "" : "/curve.key");
	if (ingest_key_file(path, NULL, public_key, secret_key, error) == DISP_OK)
		return true;
	say(SAY_ERROR, "listen.key_file", "detail=\"%s\"", error);
	return false;
}

bool keys_print(const struct daemon *daemon)
{
	uint8_t public_key[KEY_PUBLIC_BYTES], secret_key[KEY_PUBLIC_BYTES];
	char text[Z85_KEY_SIZE];

	if (daemon->config->listen.key_file == NULL && mkdir(daemon->config->data, 0750) != 0 &&
		errno != EEXIST)
		say(SAY_ERROR, "data", "folder=%s detail=\"%s\"", daemon->config->data, strerror(errno));
	bool good = load_own(daemon, public_key, secret_key);

	sodium_memzero(secret_key, sizeof secret_key);
	if (good)
		printf("%.*s\n", (int)Z85_KEY_SIZE, z85_write(public_key, KEY_PUBLIC_BYTES, text).ptr);
	return good;
}

bool keys_load(struct daemon *daemon, struct ingest_config *wanted)
{
	const struct config_listen *listen = &daemon->config->listen;

	if (!is_tcp(listen->alarms) && !is_tcp(listen->units) && !is_tcp(listen->feed))
		return true;
	if (listen->insecure) {
		say_always(SAY_WARNING, "listen.insecure",
			"detail=\"INSECURE: the doors at tcp:// ask for no keys: whoever reaches them may "
			"send alarms and "
			"speak for every unit\"");
		return true;
	}
	if (!load_own(daemon, wanted->public_key, wanted->secret_key))
		return false;
	wanted->curve = daemon->keyed = true;
	memcpy(daemon->server_key, wanted->public_key, sizeof daemon->server_key);
	return true;
}

bool keys_pair(struct daemon *daemon, struct pair_config *wanted)
{
	const struct config_pair *pair = &daemon->config->pair;
	char text[Z85_KEY_SIZE];

	wanted->curve = config_pair_keyed(daemon->config);
	if (!wanted->curve) {
		if (pair->listen != NULL && (is_tcp(pair->listen) || is_tcp(pair->peer)))
			say(SAY_WARNING, "pair.listen",
				"detail=\"INSECURE: the line to the other daemon asks for no keys: whoever "
				"reaches it may speak for it\"");
		return true;
	}
	if (!load_own(daemon, wanted->public_key, wanted->secret_key))
		return false;
	bool good = z85_read((struct text){pair->peer_key, (uint32_t)strlen(pair->peer_key)},
		wanted->peer_key, KEY_PUBLIC_BYTES);

	if (!good || memcmp(wanted->peer_key, wanted->public_key, KEY_PUBLIC_BYTES) == 0) {
		say(SAY_ERROR, "pair.peer_key",
			"detail=\"it is our own: the public key of the other daemon is needed\"");
		sodium_memzero(wanted->secret_key, sizeof wanted->secret_key);
		return false;
	}
	(void)z85_write(wanted->public_key, KEY_PUBLIC_BYTES, text);
	say(SAY_INFO, "pair.key", "key=\"%.40s\" detail=\"what the other daemon has as its peer_key\"", text);
	return true;
}

/* The id says which of them it is: when the file was lost there is another one. */
static bool take_gateway(struct daemon *daemon, const uint8_t public_key[KEY_PUBLIC_BYTES])
{
	char id[sizeof "demonstration-" + ID_BYTES];
	struct event event = {.kind = EVENT_KEY, .channel = TEXT("configuration")};

	snprintf(id, sizeof id, "demonstration-%02x%02x%02x%02x", public_key[0], public_key[1], public_key[2],
		public_key[3]);
	event.u.key = (struct event_key){.id = {id, (uint32_t)strlen(id)},
		.act = KEY_ADD,
		.kind = KEY_CURVE,
		.role = KEY_GATEWAY,
		.reason = TEXT("listen.gateway_key_file")};
	memcpy(event.u.key.public_key, public_key, KEY_PUBLIC_BYTES);
	return load_event(daemon, &event) == DISP_OK && query_key_by_public(daemon->core, public_key) != 0;
}

bool keys_gateway(struct daemon *daemon)
{
	const char *path = daemon->config->listen.gateway_key_file;
	uint8_t public_key[KEY_PUBLIC_BYTES], secret_key[KEY_PUBLIC_BYTES];
	char error[INGEST_ERROR_SIZE];

	if (path == NULL || !daemon->keyed)
		return true;
	enum disp_err err = ingest_key_file(path, daemon->server_key, public_key, secret_key, error);

	sodium_memzero(secret_key, sizeof secret_key);
	if (err != DISP_OK) {
		say(SAY_ERROR, "listen.gateway_key_file", "detail=\"%s\"", error);
		return false;
	}
	uint32_t slot = query_key_by_public(daemon->core, public_key);

	if (slot == 0 && !take_gateway(daemon, public_key)) {
		say(SAY_ERROR, "listen.gateway_key_file", "detail=\"the gateway's key was not taken in\"");
		return false;
	}
	const struct key *key =
		query_at(daemon->core, TABLE_KEY, query_key_by_public(daemon->core, public_key));

	if (!query_key_valid(key, daemon_now_ms(daemon)))
		say(SAY_WARNING, "listen.gateway_key_file", "detail=\"its key is revoked\"");
	return true;
}
