/* handshake: who may begin TLS with us, how often and how many at once: public-key arithmetic is the dearest thing that a
 * stranger can ask for. Knows no HTTP. */
#include "api/internal.h"

#include <event2/util.h>
#include <string.h>

/*
 * A second, from one address and from all: 100 cost a tenth of a processor. Who has shown a good token from there may four
 * times as much, and strangers leave a quarter of what is for all to him.
 */
static const struct pace_rates rates = {.each = 20, .each_burst = 60, .all = 100, .all_burst = 200};

/* Those that are under way, of all addresses and of that one. */
static void count_shaking(
	const struct api *api, const struct guard_subject *address, uint32_t *all, uint32_t *same)
{
	*all = *same = 0;
	for (uint32_t i = 0; i < api->config.connections_max; i++) {
		const struct conn *conn = &api->conn[i];

		if (conn->state == CONN_FREE || !conn->shaking)
			continue;
		++*all;
		*same += memcmp(&conn->address, address, sizeof(*address)) == 0;
	}
}

/* The client's hello is there and nothing was computed yet. */
static bool begins(void *context, uint64_t serial)
{
	struct api *api = context;
	struct conn *conn = conn_by_serial(api, serial);
	uint32_t all, same;

	if (conn == NULL || conn->shaking)
		return conn != NULL; /* cut off before it began; its second hello, where we asked for one */
	bool known = caller_known(api, &conn->address);

	count_shaking(api, &conn->address, &all, &same);
	if (same < API_SHAKES_ADDRESS_MAX && (known || all < API_SHAKES_MAX) &&
		pace_take(&api->shakes, conn->address.bytes, sizeof(conn->address.bytes), known,
			api->ticked_ms + 1)) {
		conn->shaking = true;
		return true;
	}
	api->counter.shakes_refused++;
	conn_drop(api, conn);
	return false;
}

static void ends(void *context, uint64_t serial)
{
	struct api *api = context;
	struct conn *conn = conn_by_serial(api, serial);

	if (conn == NULL)
		return;
	conn->shaking = false;
	conn->ticks = api->ticks_request;
}

enum disp_err handshake_open(struct api *api, char *error)
{
	const struct tls_watch watch = {begins, ends, api};
	uint64_t seed;

	evutil_secure_rng_get_bytes(&seed, sizeof(seed));
	pace_init(&api->shakes, &rates, seed);
	return tls_open(&api->tls, api->config.certificate, api->config.key, &watch, error);
}
