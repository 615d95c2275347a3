/* show_device: devices, and the playbooks with their steps, as JSON. */
#include "api/internal.h"

#include <stdio.h>
#include <string.h>

static void put_device(struct page *page, const struct device *device)
{
	put_text(page, "id", query_text(page->core, device->id));
	put_text(page, "kind", query_text(page->core, device->kind));
	put_text(page, "name", query_text(page->core, device->name));
	put_thing(page, "grid", TABLE_GRID, device->grid);
	put_word(page, "state", WORDS_DEVICE_STATE, device->state);
	put_bool(page, "link", device->link != 0);
	put_place(page, "position", &device->place);
	put_key(page, "actions");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < DEVICE_ACTIONS_MAX && device->action[i] != 0; i++)
		json_write_text(&page->out, query_text(page->core, device->action[i]));
	json_close_array(&page->out);
	put_milli_nullable(page, "expect_every_s", device->expect_every_ms);
	put_time(page, "seen", device->seen_ms);
	put_int(page, "alarms", (int64_t)device->alarms);
}

void get_devices(struct request *request)
{
	struct page *page = &request->page;
	const char *kind = ask_text(request, "kind");
	uint32_t kind_number = kind == NULL ? 0 : query_text_find(page->core, text_of(kind));
	uint32_t state = UINT32_MAX;

	if (!ask_word(request, "state", WORDS_DEVICE_STATE, &state))
		return;
	json_open_array(&page->out);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_DEVICE); slot++) {
		const struct device *device = query_at(page->core, TABLE_DEVICE, slot);

		if (device == NULL || device->retired || (kind != NULL && device->kind != kind_number) ||
			(state != UINT32_MAX && device->state != state))
			continue;
		json_open_object(&page->out);
		put_device(page, device);
		json_close_object(&page->out);
		page_flush(page);
	}
	json_close_array(&page->out);
	reply_page(request);
}

static bool has_sensor(const struct incident *incident, uint32_t device)
{
	for (uint32_t i = 0; i < incident->sensor_count && i < INCIDENT_SENSORS_MAX; i++)
		if (incident->sensor[i].device == device)
			return true;
	return incident->device == device;
}

void get_device(struct request *request)
{
	struct page *page = &request->page;
	uint32_t number = path_thing(request, TABLE_DEVICE);
	char id[ID_SIZE];

	if (number == 0)
		return;
	json_open_object(&page->out);
	put_device(page, query_at(page->core, TABLE_DEVICE, number));
	put_key(page, "incidents");
	json_open_array(&page->out);
	for (uint32_t slot = query_town(page->core)->open_first; slot != 0;) {
		const struct incident *incident = query_at(page->core, TABLE_INCIDENT, slot);

		if (has_sensor(incident, number))
			json_write_text(&page->out, ids_write(ID_INCIDENT, incident->r.number, id));
		slot = incident->next;
	}
	json_close_array(&page->out);
	json_close_object(&page->out);
	reply_page(request);
}

/* --- playbooks ------------------------------------------------------------------------------------- */

static void put_step_kind(struct page *page, const struct step *step)
{
	bool send = step->kind == STEP_SEND, supply = step->kind == STEP_SUPPLY;

	put_skills(page, "skills", send ? step->skills : 0);
	put_skills(page, "substitute", send ? step->substitute : 0);
	if (send)
		put_int(page, "count", step->count);
	else
		put_null(page, "count");
	put_milli_nullable(page, "arrive_within_s", step->arrive_within_ms);
	put_number(page, "item", step->item);
	put_item_name(page, step->item);
	if (supply)
		put_int(page, "quantity", step->quantity);
	else
		put_null(page, "quantity");
	if (step->self)
		put_text(page, "device", TEXT("self"));
	else
		put_number(page, "device", step->device);
	put_number(page, "action", step->action);
	put_number(page, "say", step->say);
	put_milli_nullable(page, "within_m", step->within_mm);
	put_milli_nullable(page, "effect_within_s", step->effect_within_ms);
	put_who(page, "who", step->who);
	put_milli_nullable(page, "answer_within_s", step->answer_within_ms);
	put_number(page, "task", step->task);
}

void show_step(
	struct page *page, const struct playbook *playbook, uint32_t index, const struct step_mark *mark)
{
	const struct step *step = &playbook->step[index];
	bool after = step->when == STEP_NO_EFFECT && step->after < playbook->step_count;

	json_open_object(&page->out);
	put_int(page, "index", index);
	put_number(page, "id", step->id);
	put_word(page, "kind", WORDS_STEP_KIND, step->kind);
	put_int(page, "level", step->level);
	put_text(page, "when", step->when == STEP_NO_EFFECT ? TEXT("no_effect") : TEXT("at_once"));
	put_number(page, "after", after ? playbook->step[step->after].id : 0);
	put_word(page, "state", WORDS_STEP_STATE, mark->state);
	put_word_nullable(page, "why", WORDS_WHY, mark->why);
	put_time(page, "due", mark->due_ms);
	put_int(page, "progress", mark->progress);
	put_step_kind(page, step);
	json_close_object(&page->out);
	page_flush(page);
}

static void put_hash(struct page *page, const char *key, const uint8_t *hash)
{
	static const char digits[] = "0123456789abcdef";
	char hex[2 * PLAYBOOK_HASH_BYTES];

	for (uint32_t i = 0; i < PLAYBOOK_HASH_BYTES; i++) {
		hex[2 * i] = digits[hash[i] >> 4];
		hex[2 * i + 1] = digits[hash[i] & 15];
	}
	put_text(page, key, (struct text){hex, sizeof(hex)});
}

static void put_numbers(struct page *page, const char *key, const uint32_t *number, uint32_t count)
{
	put_key(page, key);
	json_open_array(&page->out);
	for (uint32_t i = 0; i < count; i++)
		json_write_text(&page->out, query_text(page->core, number[i]));
	json_close_array(&page->out);
}

static void put_playbook(struct page *page, const struct playbook *playbook)
{
	put_text(page, "id", query_text(page->core, playbook->id));
	put_text(page, "title", query_text(page->core, playbook->title));
	put_text(page, "incident_type", query_text(page->core, playbook->incident_type));
	put_numbers(page, "types", playbook->type, playbook->type_count);
	put_int(page, "priority", playbook->priority);
	put_word(page, "grade", WORDS_GRADE, playbook->grade);
	put_roman(page, "response_level", playbook->response_level);
	put_word(page, "release", WORDS_RELEASE, playbook->release);
	put_hash(page, "hash", playbook->hash);
	put_int(page, "steps", playbook->step_count);
	put_int(page, "incidents", playbook->incidents);
	put_key(page, "warnings");
	json_open_array(&page->out);
	for (uint32_t colour = 0; colour < COLOUR_COUNT; colour++)
		if (playbook->warning >> colour & 1)
			json_write_text(&page->out, words_of(WORDS_COLOUR, colour));
	json_close_array(&page->out);
}

void get_playbooks(struct request *request)
{
	struct page *page = &request->page;

	json_open_array(&page->out);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_PLAYBOOK); slot++) {
		const struct playbook *playbook = query_at(page->core, TABLE_PLAYBOOK, slot);

		if (playbook == NULL || !playbook->active)
			continue;
		json_open_object(&page->out);
		put_playbook(page, playbook);
		json_close_object(&page->out);
		page_flush(page);
	}
	json_close_array(&page->out);
	reply_page(request);
}

static void put_match(struct page *page, const struct playbook *playbook)
{
	put_numbers(page, "grids", playbook->grid, playbook->grid_count);
	put_fixed(page, "confidence", playbook->confidence_ppm, 6);
	put_hours(page, "hours", playbook->hours_from_min, playbook->hours_to_min);
	if (playbook->has_above)
		put_fixed(page, "value_above", playbook->above_e6, 6);
	else
		put_null(page, "value_above");
	if (playbook->has_below)
		put_fixed(page, "value_below", playbook->below_e6, 6);
	else
		put_null(page, "value_below");
	put_number(page, "value_unit", playbook->value_unit);
	put_milli(page, "correlate_m", playbook->correlate_mm);
	put_milli(page, "correlate_s", playbook->correlate_ms);
	put_int(page, "upgrade_sensors", playbook->upgrade_sensors);
	put_milli(page, "upgrade_s", playbook->upgrade_ms);
	put_int(page, "upgrade_to", playbook->upgrade_to);
	put_milli_nullable(page, "confirm_within_s", playbook->confirm_ms);
	put_text_nullable(page, "confirm_then",
		playbook->release != RELEASE_CONFIRM ? (struct text){NULL, 0}
		: playbook->confirm_dispatch         ? TEXT("dispatch")
						     : TEXT("hold"));
}

void get_playbook(struct request *request)
{
	static const struct step_mark idle;
	struct page *page = &request->page;
	uint32_t number = path_thing(request, TABLE_PLAYBOOK);
	const struct playbook *playbook;

	if (number == 0)
		return;
	playbook = query_at(page->core, TABLE_PLAYBOOK, number);
	json_open_object(&page->out);
	put_playbook(page, playbook);
	put_match(page, playbook);
	put_key(page, "deadlines");
	json_open_object(&page->out);
	put_milli_nullable(page, "answer_s", playbook->answer_ms);
	put_milli_nullable(page, "arrive_s", playbook->arrive_ms);
	put_milli_nullable(page, "receive_s", playbook->receive_ms);
	put_milli_nullable(page, "dispose_s", playbook->dispose_ms);
	put_milli_nullable(page, "verify_s", playbook->verify_ms);
	json_close_object(&page->out);
	put_key(page, "escalate");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < playbook->climb_count && i < PLAYBOOK_CLIMB_MAX; i++)
		json_write_text(&page->out, words_who_of(playbook->climb[i]));
	json_close_array(&page->out);
	put_key(page, "step_list");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < playbook->step_count; i++)
		show_step(page, playbook, i, &idle);
	json_close_array(&page->out);
	json_close_object(&page->out);
	reply_page(request);
}
