/* aside: what was set aside, between the core, which asks a person about it, and those who keep it: at_work and the store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/query.h"
#include "daemon.h"
#include "shell/say.h"

/*
 * Those who keep it say what waits; the core is told of what it does not know, once. What a person says of one is done when the
 * row that says so is durable; a process that ends before that finds it waiting, and asks again.
 */
enum { LOOK_EVERY_MS = 1000, SEQ_BYTES = 24 };

static void copy(char *to, size_t size, struct text from)
{
	snprintf(to, size, "%.*s", (int)from.len, from.len > 0 ? from.ptr : "");
}

static struct text text_of(const char *terminated)
{
	return (struct text){terminated, (uint32_t)strlen(terminated)};
}

/* --- what a person says ------------------------------------------------------------------------------ */

void aside_note(struct daemon *daemon, const struct event *event)
{
	const struct event_aside *said = &event->u.aside;

	if (event->kind != EVENT_ASIDE || (said->act != ASIDE_RELEASE && said->act != ASIDE_DROP))
		return;
	if (daemon->settling_count == SETTLING_MAX) {
		say(SAY_WARNING, "aside", "detail=\"too many at once: it will be asked about again\"");
		return;
	}
	struct settling *settling = &daemon->settling[daemon->settling_count++];

	*settling = (struct settling){.seq = event->seq, .drop = said->act == ASIDE_DROP};
	copy(settling->id, sizeof settling->id, said->id);
	copy(settling->by, sizeof settling->by, event->by);
	copy(settling->reason, sizeof settling->reason, said->reason);
}

static bool is_settling(const struct daemon *daemon, const char *id)
{
	for (uint32_t index = 0; index < daemon->settling_count; index++)
		if (strcmp(daemon->settling[index].id, id) == 0)
			return true;
	return false;
}

/* Of a message the id is in hex, and always of one length; of a row it is its seq. Of another daemon's nothing is kept here. */
static enum disp_err settle(struct daemon *daemon, const struct settling *settling)
{
	if (strncmp(settling->id, BRING_ID, strlen(BRING_ID)) == 0)
		return DISP_OK;
	if (strlen(settling->id) == AT_WORK_ID_BYTES - 1)
		return settling->drop ? at_work_drop(daemon->at_work, settling->id)
				      : at_work_release(daemon->at_work, settling->id);
	return store_aside_settle(daemon->store, strtoull(settling->id, NULL, 10), settling->drop,
		text_of(settling->by), text_of(settling->reason));
}

static void settle_durable(struct daemon *daemon, uint64_t log_seq)
{
	uint32_t done = 0;

	while (done < daemon->settling_count && daemon->settling[done].seq <= log_seq) {
		const struct settling *settling = &daemon->settling[done++];
		enum disp_err err = settle(daemon, settling);

		if (err == DISP_OK)
			say(SAY_INFO, "aside", "id=%s %s by=%s", settling->id,
				settling->drop ? "dropped" : "released", settling->by);
		else if (err != DISP_E_NONE)
			say(SAY_WARNING, "aside", "id=%s err=%d detail=\"it will be asked about again\"",
				settling->id, (int)err);
	}
	daemon->settling_count -= done;
	memmove(daemon->settling, daemon->settling + done,
		daemon->settling_count * sizeof daemon->settling[0]);
}

/* --- what waits ---------------------------------------------------------------------------------------- */

static enum aside_from from_of(uint32_t door)
{
	if (door == DOOR_ALARMS)
		return ASIDE_ALARMS;
	return door == DOOR_UNITS ? ASIDE_UNITS : ASIDE_HTTP;
}

/* False: there is no room now; or so many wait that they are enough to ring for. */
static bool tell(struct daemon *daemon, const struct event_aside *found, int64_t at_ms)
{
	struct event event = {.kind = EVENT_ASIDE, .u.aside = *found};
	const struct effects *effects;

	event.u.aside.act = ASIDE_FOUND;
	return shell_take(&daemon->shell, &event, at_ms, &effects) == DISP_OK &&
	       effects->item[0].u.result.outcome != OUTCOME_FULL;
}

static bool is_known(const struct daemon *daemon, const char *id)
{
	return is_settling(daemon, id) || query_aside_find(daemon->core, text_of(id)) != 0;
}

static bool tell_messages(struct daemon *daemon, int64_t at_ms)
{
	const struct at_work_kept *kept;
	bool room = true;

	for (uint32_t index = 0; room && (kept = at_work_at(daemon->at_work, index)) != NULL; index++)
		if (kept->aside && !kept->dropped && !is_known(daemon, kept->id))
			room = tell(daemon,
				&(struct event_aside){.id = text_of(kept->id),
					.from = (uint8_t)from_of(kept->door),
					.bytes = kept->bytes,
					.times = kept->times},
				at_ms);
	return room;
}

/* A row that says that one was set aside is not told of when it is refused itself: that would go on for ever. */
static bool is_told(uint32_t kind)
{
	return kind > EVENT_NONE && kind < EVENT_KIND_COUNT && kind != EVENT_ASIDE;
}

static bool tell_rows(struct daemon *daemon, int64_t at_ms)
{
	struct store_aside row;
	bool room = true;

	for (uint32_t index = 0; room && store_aside_at(daemon->store, index, &row); index++) {
		char id[SEQ_BYTES];

		snprintf(id, sizeof id, "%llu", (unsigned long long)row.seq);
		if (is_told(row.kind) && !is_known(daemon, id))
			room = tell(daemon,
				&(struct event_aside){.id = text_of(id),
					.from = row.journal ? ASIDE_JOURNAL : ASIDE_TABLES,
					.row = (uint8_t)row.kind,
					.bytes = row.bytes,
					.times = row.times,
					.reason = text_of(row.error)},
				at_ms);
	}
	return room;
}

void aside_turn(struct daemon *daemon, int64_t real_ms, int64_t at_ms)
{
	struct store_state state;

	if (daemon->settling_count > 0) {
		store_get_state(daemon->store, &state);
		settle_durable(daemon, state.log_seq);
	}
	if (real_ms - daemon->aside_ms < LOOK_EVERY_MS)
		return;
	daemon->aside_ms = real_ms;
	if (tell_messages(daemon, at_ms))
		(void)tell_rows(daemon, at_ms);
}

/* --- what the api asks ---------------------------------------------------------------------------------- */

enum disp_err aside_read(void *context, const char *id, const uint8_t **bytes, size_t *count)
{
	struct daemon *daemon = context;
	uint8_t *fresh;
	enum disp_err err = at_work_read(daemon->at_work, id, &fresh, count);

	if (err != DISP_OK)
		return err;
	free(daemon->aside_bytes);
	*bytes = daemon->aside_bytes = fresh;
	return DISP_OK;
}

bool aside_ready(void *context)
{
	const struct daemon *daemon = context;

	return store_aside_ready(daemon->store);
}
