/* show_status: how everything stands, as one JSON object. */
#include "api/internal.h"

#include <stdlib.h>
#include <string.h>

enum { DUE_SHOWN = 20, SILENT_SHOWN = 50 };

/* One walk over what lives. */
struct tally {
	uint32_t reported, orders, tasks, notices, unreached, silences, low, due;
	uint32_t unit[UNIT_STATE_COUNT], device[DEVICE_STATE_COUNT];
	struct due {
		uint32_t incident, kind;
		int64_t due_ms;
	} next[DUE_SHOWN]; /* soonest first */
	uint32_t next_count;
};

static void take_due(struct tally *tally, uint32_t incident, uint32_t kind, int64_t due_ms)
{
	uint32_t at = tally->next_count;

	if (at == DUE_SHOWN && tally->next[at - 1].due_ms <= due_ms)
		return;
	if (at == DUE_SHOWN)
		at--;
	else
		tally->next_count++;
	for (; at > 0 && tally->next[at - 1].due_ms > due_ms; at--)
		tally->next[at] = tally->next[at - 1];
	tally->next[at] = (struct due){incident, kind, due_ms};
}

static void tally_cases(const struct core *core, int64_t now_ms, struct tally *tally)
{
	for (uint32_t slot = query_town(core)->open_first; slot != 0;) {
		const struct incident *incident = query_at(core, TABLE_INCIDENT, slot);

		tally->reported += incident->state == INCIDENT_REPORTED;
		tally->orders += incident->live_orders;
		for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++) {
			const struct deadline *deadline = &incident->deadline[kind];

			if (!query_deadline_open(incident, kind))
				continue;
			tally->due += deadline->due_ms <= now_ms;
			take_due(tally, incident->r.number, kind, deadline->due_ms);
		}
		slot = incident->next;
	}
}

static void tally_rest(const struct core *core, struct tally *tally)
{
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_TASK); slot++) {
		const struct task *task = query_at(core, TABLE_TASK, slot);

		tally->tasks += task != NULL && (task->state == TASK_OPEN || task->state == TASK_TAKEN);
	}
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(core, TABLE_NOTICE, slot);

		tally->notices += notice != NULL && notice->state == NOTICE_PENDING;
		tally->unreached += notice != NULL && notice->state == NOTICE_UNREACHED;
	}
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_SILENCE); slot++) {
		const struct silence *silence = query_at(core, TABLE_SILENCE, slot);

		tally->silences += silence != NULL && silence->active;
	}
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_STOCK); slot++) {
		const struct stock *stock = query_at(core, TABLE_STOCK, slot);

		tally->low +=
			stock != NULL && !stock->retired && stock->on_hand - stock->reserved < stock->minimum;
	}
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_UNIT); slot++) {
		const struct unit *unit = query_at(core, TABLE_UNIT, slot);

		if (unit != NULL && !unit->retired && unit->state < UNIT_STATE_COUNT)
			tally->unit[unit->state]++;
	}
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_DEVICE); slot++) {
		const struct device *device = query_at(core, TABLE_DEVICE, slot);

		if (device != NULL && !device->retired && device->state < DEVICE_STATE_COUNT)
			tally->device[device->state]++;
	}
}

static void put_counts(
	struct page *page, const char *key, enum words_set set, const uint32_t *count, uint32_t states)
{
	put_key(page, key);
	json_open_object(&page->out);
	for (uint32_t state = 0; state < states; state++) {
		json_write_key(&page->out, words_of(set, state));
		json_write_uint64(&page->out, count[state]);
	}
	json_close_object(&page->out);
}

static void put_due(struct page *page, const struct tally *tally)
{
	put_int(page, "deadlines_due", tally->due);
	put_key(page, "deadlines");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < tally->next_count; i++) {
		json_open_object(&page->out);
		put_id(page, "incident", ID_INCIDENT, tally->next[i].incident);
		put_word(page, "kind", WORDS_DEADLINE_KIND, tally->next[i].kind);
		put_time(page, "due", tally->next[i].due_ms);
		put_milli(page, "left_s", tally->next[i].due_ms - page->now_ms);
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
}

static void put_silent(struct page *page)
{
	uint32_t shown = 0;

	put_key(page, "silent_devices");
	json_open_array(&page->out);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_DEVICE) && shown < SILENT_SHOWN;
		slot++) {
		const struct device *device = query_at(page->core, TABLE_DEVICE, slot);

		if (device == NULL || device->retired || device->state != DEVICE_SILENT)
			continue;
		json_write_text(&page->out, query_text(page->core, device->id));
		shown++;
	}
	json_close_array(&page->out);
}

static void put_figures(struct page *page, const char *key, const struct api_figure *figure, uint32_t count)
{
	put_key(page, key);
	json_open_object(&page->out);
	for (uint32_t i = 0; i < count && i < API_FIGURES_MAX; i++) {
		put_key(page, figure[i].name);
		json_write_uint64(&page->out, figure[i].value);
	}
	json_close_object(&page->out);
}

static void put_program(struct page *page, const struct api_status *status, const struct town_state *town)
{
	put_text(page, "version", text_of(status->version == NULL ? "" : status->version));
	put_text(page, "town", query_text(page->core, town->code));
	put_text(page, "town_name", query_text(page->core, town->name));
	put_bool(page, "demonstration", town->demonstration != 0);
	put_text(page, "mode", status->island ? TEXT("island") : TEXT("normal"));
	put_bool(page, "leader",
		status->pair.state == NULL ? status->leader : strcmp(status->pair.state, "leads") == 0);
	put_pair(page, &status->pair);
	put_key(page, "conflict");
	if (status->conflict)
		json_write_uint64(&page->out, status->conflict_seq);
	else
		json_write_null(&page->out);
	put_bool(page, "fenced", status->fenced);
	put_int(page, "epoch", (int64_t)status->epoch);
	put_int(page, "seq", (int64_t)town->seq);
	put_int(page, "log_seq", (int64_t)status->log_seq);
	put_int(page, "journal_seq", (int64_t)status->journal_seq);
	put_int(page, "projected_seq", (int64_t)status->projected_seq);
	put_milli(page, "lag_s", status->lag_ms);
	put_milli(page, "uptime_s", status->uptime_ms);
	put_time(page, "now", page->now_ms);
	put_milli(page, "clock_rate", status->rate_milli);
	put_word(page, "release", WORDS_RELEASE, town->release);
	put_roman(page, "response_level", town->response_level);
}

static void put_endpoints(struct page *page, const struct api *api, const struct api_status *status)
{
	put_key(page, "endpoints");
	json_open_object(&page->out);
	put_text_nullable(page, "alarms", text_of(status->alarms == NULL ? "" : status->alarms));
	put_text_nullable(page, "units", text_of(status->units == NULL ? "" : status->units));
	put_text_nullable(page, "feed", text_of(status->feed == NULL ? "" : status->feed));
	put_text_nullable(page, "http", text_of(api->endpoint_unix));
	put_text_nullable(page, "http_tcp", text_of(api->endpoint_tcp));
	json_close_object(&page->out);
	put_text_nullable(page, "server_key", text_of(status->server_key == NULL ? "" : status->server_key));
}

static void put_plan(struct page *page, const struct town_state *town)
{
	static const char digits[] = "0123456789abcdef";
	char hex[2 * PLAYBOOK_HASH_BYTES];

	for (uint32_t i = 0; i < PLAYBOOK_HASH_BYTES; i++) {
		hex[2 * i] = digits[town->plan_hash[i] >> 4];
		hex[2 * i + 1] = digits[town->plan_hash[i] & 15];
	}
	put_int(page, "plan_count", town->plan_count);
	put_text(page, "plan_hash", (struct text){hex, sizeof(hex)});
}

void get_status(struct request *request)
{
	struct page *page = &request->page;
	const struct api_hooks *hooks = &request->api->hooks;
	const struct town_state *town = query_town(page->core);
	struct api_status status = {.rate_milli = 1000};
	struct tally tally = {0};

	if (hooks->status != NULL)
		hooks->status(hooks->context, &status);
	tally_cases(page->core, page->now_ms, &tally);
	tally_rest(page->core, &tally);
	json_open_object(&page->out);
	put_program(page, &status, town);
	put_int(page, "incidents_open", town->open_count);
	put_int(page, "incidents_reported", tally.reported);
	put_int(page, "incidents_short", town->short_count);
	put_int(page, "orders_live", tally.orders);
	put_int(page, "unreached", tally.unreached);
	put_int(page, "tasks_open", tally.tasks);
	put_int(page, "notices_pending", tally.notices);
	put_desk(page);
	put_due(page, &tally);
	put_counts(page, "units", WORDS_UNIT_STATE, tally.unit, UNIT_STATE_COUNT);
	put_counts(page, "devices", WORDS_DEVICE_STATE, tally.device, DEVICE_STATE_COUNT);
	put_silent(page);
	put_int(page, "stock_low", tally.low);
	put_key(page, "alarms");
	json_open_object(&page->out);
	for (uint32_t result = 0; result < ALARM_RESULT_COUNT; result++) {
		json_write_key(&page->out, words_of(WORDS_ALARM_RESULT, result));
		json_write_uint64(&page->out, status.alarms_answered[result]);
	}
	json_close_object(&page->out);
	put_key(page, "warnings");
	show_warnings(page);
	put_int(page, "silences_active", tally.silences);
	put_figures(page, "queues", status.queue, status.queue_count);
	put_figures(page, "counters", status.counter, status.counter_count);
	put_endpoints(page, request->api, &status);
	put_plan(page, town);
	json_close_object(&page->out);
	reply_page(request);
}
