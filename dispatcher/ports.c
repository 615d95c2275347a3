/* ports: the store and ingest behind the ports that the shell knows; for the daemon and for what simulates it. */
#include "ports.h"

/* --- the past ---------------------------------------------------------------------------------------- */

enum disp_err ports_snapshot(struct store *store, struct snapshot *snapshot,
	struct core_section section[CORE_SECTIONS_MAX], uint32_t *count)
{
	if (store_snapshot_read(store, snapshot) != DISP_OK &&
		store_snapshot_fetch(store, PORTS_JOURNAL_WAIT_MS, snapshot) != DISP_OK)
		return DISP_E_NONE;
	for (*count = 0; *count < snapshot->count && *count < CORE_SECTIONS_MAX; ++*count) {
		const struct snapshot_section *from = &snapshot->section[*count];

		section[*count] = (struct core_section){
			.id = from->id, .ptr = snapshot->bytes + from->offset, .bytes = from->bytes};
	}
	return DISP_OK;
}

/* A row of the store, for whoever reads the past. */
struct reading {
	recover_take *take;
	void *recover;
};

static enum disp_err hand_row(void *context, const struct store_row *row)
{
	const struct reading *reading = context;

	return reading->take(reading->recover, row->seq, row->body, row->size);
}

enum disp_err ports_rows(struct store *store, uint64_t after_seq, recover_take *take, void *recover)
{
	struct reading reading = {take, recover};

	return store_recover(store, after_seq, PORTS_JOURNAL_WAIT_MS, hand_row, &reading);
}

/* --- a turn's rows ------------------------------------------------------------------------------------- */

static enum disp_err append_row(void *context, uint64_t seq, int64_t at_ms, uint64_t epoch, uint32_t kind,
	const uint8_t *plan_hash, const void *body, size_t size)
{
	return store_append(context, seq, at_ms, epoch, kind, plan_hash, body, size);
}

static enum disp_err commit_rows(void *context, int64_t real_ms)
{
	return store_commit(context, real_ms);
}

static uint64_t released_seq(void *context, int64_t real_ms)
{
	return store_released_seq(context, real_ms);
}

static enum hold log_hold(void *context)
{
	return shell_hold_at(store_pressure(context));
}

struct store_port ports_store(struct store *store)
{
	return (struct store_port){store, append_row, commit_rows, released_seq, log_hold};
}

/* --- ingest -------------------------------------------------------------------------------------------- */

static enum disp_err next_of_ingest(void *context, int64_t at_ms, struct event *event, struct origin *origin)
{
	return ingest_next(context, at_ms, event, origin);
}

static enum disp_err prepare_of_ingest(void *context, const struct event *event,
	const struct effects *effects, const struct origin *origin, struct outbox *outbox)
{
	return ingest_prepare(context, event, effects, origin, outbox);
}

static void send_of_ingest(void *context, const struct origin *to, const uint8_t *bytes, uint32_t count)
{
	ingest_send(context, to, bytes, count);
}

static void hold_of_ingest(void *context, enum hold hold)
{
	ingest_hold(context, hold);
}

struct door_port ports_ingest(struct ingest *ingest)
{
	return (struct door_port){ingest, next_of_ingest, prepare_of_ingest, send_of_ingest,
		1u << DOOR_ALARMS | 1u << DOOR_UNITS | 1u << DOOR_FEED, hold_of_ingest};
}
