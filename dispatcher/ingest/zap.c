/* zap: who may connect to a door at all; what is said later is gate.c's. */
#include "ingest/door.h"

enum { REQUESTS_A_TURN = 256 };

/* The domain is the name of the door. */
static const char *const domain[DOOR_COUNT] = {
	[DOOR_ALARMS] = "alarms", [DOOR_UNITS] = "units", [DOOR_FEED] = "feed"};

const char *zap_domain(enum door door)
{
	return domain[door];
}

/* Before any other socket of the context: a handshake that finds nobody to ask would be let in. */
bool zap_open(struct ingest *ingest)
{
	ingest->zap = zap_bind(ingest->context);
	return ingest->zap != NULL;
}

/* Whoever shows no key is refused, whatever the door. */
static bool is_let_in(struct ingest *ingest, const struct zap_request *request)
{
	for (enum door door = 0; door < DOOR_COUNT; door++) {
		const uint8_t *key = domain[door] ? zap_key(request, domain[door]) : NULL;

		if (!key)
			continue;
		if (!gate_opens(ingest, door, key))
			return false;
		gate_came(ingest, door, key);
		return true;
	}
	return false;
}

bool zap_ready(struct ingest *ingest)
{
	return socket_readable(ingest->zap);
}

void zap_serve(struct ingest *ingest)
{
	struct zap_request request;

	for (uint32_t i = 0; i < REQUESTS_A_TURN && zap_ready(ingest); i++) {
		if (!zap_receive(ingest->zap, &request))
			return;
		bool let_in = is_let_in(ingest, &request);

		if (let_in) {
			ingest->count.handshakes++;
			gate_listen(ingest); /* its connection was counted among the strangers' */
			flood_known(ingest, zap_address(&request));
		} else {
			ingest->count.handshakes_refused++;
		}
		zap_answer(ingest->zap, &request, let_in);
	}
}
