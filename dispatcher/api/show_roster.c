/* show_roster: what the town has: units, depots, stock, devices, grids, people, as JSON. */
#include "api/find.h"
#include "api/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/decimal.h"

static struct text phone_of(const struct core *core, uint32_t person)
{
	const struct person *record = query_at(core, TABLE_PERSON, person);

	return record == NULL ? (struct text){NULL, 0} : query_text(core, record->phone);
}

/* --- units ----------------------------------------------------------------------------------------- */

enum { DECLINED_FOR_MS = 60 * 60 * 1000 };

/* The newest order that it was given, where it declined that one; NULL: it did not. */
static const struct order *declined_by(const struct core *core, const struct unit *unit)
{
	const struct order *order =
		unit->last_order == 0 ? NULL : query_at(core, TABLE_ORDER, unit->last_order);

	return order != NULL && order->target == TARGET_UNIT && order->who == unit->r.number &&
			       order->state == ORDER_DECLINED
		       ? order
		       : NULL;
}

/* In a list only for an hour: a crew that has just said no is told from one that waits. */
static void put_declined(struct page *page, const struct unit *unit, bool in_list)
{
	const struct order *order = declined_by(page->core, unit);

	if (order == NULL || (in_list && page->now_ms - order->ended_ms > DECLINED_FOR_MS)) {
		put_null(page, "declined");
		return;
	}
	put_key(page, "declined");
	json_open_object(&page->out);
	put_id(page, "order", ID_ORDER, order->r.number);
	put_id(page, "incident", ID_INCIDENT, order->incident);
	put_time(page, "at", order->ended_ms);
	if (!in_list)
		put_said(page, order);
	json_close_object(&page->out);
}

static void put_unit(struct page *page, const struct unit *unit)
{
	put_text(page, "id", query_text(page->core, unit->id));
	put_text(page, "name", query_text(page->core, unit->name));
	put_text(page, "kind", query_text(page->core, unit->kind));
	put_number(page, "team", unit->team);
	put_skills(page, "skills", unit->skills);
	put_word(page, "state", WORDS_UNIT_STATE, unit->state);
	put_bool(page, "terminal", unit->terminal != 0);
	put_bool(page, "link", unit->link != 0);
	put_place(page, "position", &unit->place);
	put_time(page, "position_at", unit->position_ms);
	if (unit->position_ms == 0)
		put_null(page, "position_age_s");
	else
		put_milli(page, "position_age_s", page->now_ms - unit->position_ms);
	put_place(page, "home", &unit->home);
	put_milli(page, "speed_m_s", unit->speed_mm_s);
	put_milli(page, "turnout_s", unit->turnout_ms);
	put_hours(page, "shift", unit->shift_from_min, unit->shift_to_min);
	put_int(page, "members", unit->members);
	put_thing(page, "leader", TABLE_PERSON, unit->leader);
	put_name(page, "leader_name", TABLE_PERSON, unit->leader);
	put_text_nullable(page, "phone", phone_of(page->core, unit->leader));
	put_int(page, "orders_live", unit->orders);
	put_int(page, "sent", unit->sent);
	put_time(page, "home_at", unit->home_ms);
}

void get_units(struct request *request)
{
	struct page *page = &request->page;
	const char *skill = ask_text(request, "skill");
	uint64_t skills = skill == NULL ? 0 : query_skill_set(page->core, text_of(skill));
	uint32_t state = UINT32_MAX;

	if (!ask_word(request, "state", WORDS_UNIT_STATE, &state))
		return;
	json_open_array(&page->out);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_UNIT); slot++) {
		const struct unit *unit = query_at(page->core, TABLE_UNIT, slot);

		if (unit == NULL || unit->retired || (unit->skills & skills) != skills ||
			(state != UINT32_MAX && unit->state != state))
			continue;
		json_open_object(&page->out);
		put_unit(page, unit);
		put_declined(page, unit, true);
		json_close_object(&page->out);
		page_flush(page);
	}
	json_close_array(&page->out);
	reply_page(request);
}

void get_unit(struct request *request)
{
	struct page *page = &request->page;
	uint32_t number = path_thing(request, TABLE_UNIT);

	if (number == 0)
		return;
	json_open_object(&page->out);
	put_unit(page, query_at(page->core, TABLE_UNIT, number));
	put_declined(page, query_at(page->core, TABLE_UNIT, number), false);
	show_live_orders(page, TARGET_UNIT, number);
	json_close_object(&page->out);
	reply_page(request);
}

static void show_nearest(struct page *page, const struct nearest *nearest)
{
	const struct unit *unit = query_at(page->core, TABLE_UNIT, nearest->unit);

	json_open_object(&page->out);
	put_thing(page, "unit", TABLE_UNIT, nearest->unit);
	put_name(page, "name", TABLE_UNIT, nearest->unit);
	put_word(page, "state", WORDS_UNIT_STATE, unit->state);
	put_skills(page, "skills", unit->skills);
	put_milli(page, "travel_s", nearest->travel_ms);
	put_milli(page, "range_m", nearest->range_mm);
	if (nearest->age_ms < 0)
		put_null(page, "position_age_s");
	else
		put_milli(page, "position_age_s", nearest->age_ms);
	put_bool(page, "stale", nearest->stale);
	put_bool(page, "sendable", nearest->why == WHY_NONE);
	put_word_nullable(page, "why", WORDS_WHY, nearest->why);
	put_text_nullable(page, "why_zh",
		nearest->why == WHY_NONE ? (struct text){NULL, 0} : words_zh(WORDS_WHY, nearest->why));
	put_declined(page, unit, true);
	json_close_object(&page->out);
}

/* All `skill` arguments, each one word or several parted by commas, as words parted by blanks. */
static bool skills_asked(const struct request *request, char *out, size_t size)
{
	const struct evkeyval *header;
	size_t used = 0;

	for (header = request->query.tqh_first; header != NULL; header = header->next.tqe_next) {
		size_t len = strlen(header->value);

		if (strcmp(header->key, "skill") != 0)
			continue;
		if (used + len + 2 > size)
			return false;
		for (size_t i = 0; i < len; i++)
			out[used + i] = header->value[i] == ',' ? ' ' : header->value[i];
		used += len;
		out[used++] = ' ';
	}
	out[used > 0 ? used - 1 : 0] = '\0';
	return true;
}

static bool ask_real(struct request *request, const char *key, double *out)
{
	const char *given = ask_text(request, key);

	if (given != NULL && decimal_valid(text_of(given)) &&
		decimal_to_double(text_of(given), out) == DISP_OK)
		return true;
	reply_error(request->api, request->http, 400, "invalid", "%s: a number is needed", key);
	return false;
}

/* lon and lat; false: an error was answered. */
static bool point_asked(struct request *request, struct place *out)
{
	const struct ground *ground = request->api->ground;
	const char *crs = ask_text(request, "crs"), *detail = "not a place";
	double x, y;

	if (!ask_real(request, "lon", &x) || !ask_real(request, "lat", &y))
		return false;
	if (ground->place_from(
		    ground->context, text_of(crs == NULL ? "EPSG:4490" : crs), x, y, out, &detail) == DISP_OK)
		return true;
	reply_error(request->api, request->http, 400, "invalid", "lon, lat, crs: %s", detail);
	return false;
}

static bool incident_asked(struct request *request, struct place *out)
{
	const struct core *core = request->page.core;
	uint32_t number = 0;

	if (!ask_id(request, ID_INCIDENT, "incident", &number))
		return false;
	const struct incident *incident =
		query_at(core, TABLE_INCIDENT, query_slot(core, TABLE_INCIDENT, number));

	if (incident == NULL)
		reply_error(
			request->api, request->http, 404, "not_found", "incident: there is none of that id");
	else
		*out = incident->place;
	return incident != NULL;
}

/* By a name: of a place, a grid, a device. False: an error was answered, with what may have been meant. */
static bool name_asked(struct request *request, struct place *out)
{
	struct api *api = request->api;
	const char *name = ask_text(request, "place"), *grid = ask_text(request, "grid");
	const char *device = ask_text(request, "device");
	struct refused refused = {.status = 0};
	struct text found_name;
	uint32_t number = 0;
	bool found;

	if (name != NULL)
		found = find_place(api, text_of(name), out, &found_name, &refused);
	else if (grid != NULL)
		found = find_grid(api, text_of(grid), &number, &refused);
	else
		found = find_device(api, text_of(device), &number, &refused);
	if (!found) {
		reply_candidates(api, request->http, &refused);
		return false;
	}
	if (grid != NULL && !find_grid_point(api, number, out)) {
		reply_error(api, request->http, 409, "invalid",
			"grid: nothing says where it lies; give lon and lat");
		return false;
	}
	if (device != NULL)
		*out = ((const struct device *)query_at(api->core, TABLE_DEVICE, number))->place;
	return true;
}

/* Where from, in one of five ways. */
static bool where_asked(struct request *request, struct place *out)
{
	static const char *const ways[] = {"place", "grid", "device", "incident"};
	bool point = ask_text(request, "lon") != NULL || ask_text(request, "lat") != NULL;
	uint32_t count = point;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		count += ask_text(request, ways[i]) != NULL;
	if (count != 1) {
		reply_error(request->api, request->http, 400, "invalid",
			"where from? give one of: lon and lat; place; grid; device; incident");
		return false;
	}
	if (point)
		return point_asked(request, out);
	return ask_text(request, "incident") != NULL ? incident_asked(request, out)
						     : name_asked(request, out);
}

void get_nearest(struct request *request)
{
	struct page *page = &request->page;
	struct nearest found[NEAREST_MAX];
	struct place place;
	char skills[512];
	int64_t k = 10;
	uint32_t count;

	if (!where_asked(request, &place) || !ask_int(request, "k", 1, NEAREST_MAX, &k))
		return;
	if (!skills_asked(request, skills, sizeof(skills))) {
		reply_error(request->api, request->http, 400, "invalid", "skill: too many");
		return;
	}
	count = query_nearest(page->core, &place,
		skills[0] == '\0' ? 0 : query_skill_set(page->core, text_of(skills)), (uint32_t)k,
		page->now_ms, found);
	json_open_array(&page->out);
	for (uint32_t i = 0; i < count; i++)
		show_nearest(page, &found[i]);
	json_close_array(&page->out);
	reply_page(request);
}

/* --- depots and stock ------------------------------------------------------------------------------ */

static bool low(const struct stock *stock)
{
	return stock->on_hand - stock->reserved < stock->minimum;
}

void show_stock(struct page *page, const struct stock *stock)
{
	json_open_object(&page->out);
	put_thing(page, "depot", TABLE_DEPOT, stock->depot);
	put_name(page, "depot_name", TABLE_DEPOT, stock->depot);
	put_text(page, "item", query_text(page->core, stock->item));
	put_text(page, "name", query_text(page->core, stock->name));
	put_text(page, "unit", query_text(page->core, stock->unit));
	put_int(page, "on_hand", stock->on_hand);
	put_int(page, "reserved", stock->reserved);
	put_int(page, "free", stock->on_hand - stock->reserved);
	put_int(page, "minimum", stock->minimum);
	put_bool(page, "low", low(stock));
	put_time(page, "expires", stock->expires_ms);
	json_close_object(&page->out);
	page_flush(page);
}

/* Lines of one depot (0: of all) and of one item (0: of all). */
static void list_stock(struct page *page, uint32_t depot, uint32_t item, bool only_low)
{
	json_open_array(&page->out);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_STOCK); slot++) {
		const struct stock *stock = query_at(page->core, TABLE_STOCK, slot);

		if (stock == NULL || stock->retired || (depot != 0 && stock->depot != depot) ||
			(item != 0 && stock->item != item) || (only_low && !low(stock)))
			continue;
		show_stock(page, stock);
	}
	json_close_array(&page->out);
}

void get_stock(struct request *request)
{
	const struct core *core = request->page.core;
	const char *depot = ask_text(request, "depot"), *item = ask_text(request, "item");
	uint32_t depot_number = depot == NULL ? 0 : query_find(core, TABLE_DEPOT, text_of(depot));
	uint32_t item_number = item == NULL ? 0 : query_text_find(core, text_of(item));
	bool only_low = false;

	if (!ask_bool(request, "low", &only_low))
		return;
	if ((depot != NULL && depot_number == 0) || (item != NULL && item_number == 0)) {
		reply_error(request->api, request->http, 404, "not_found",
			"%s: there is no such thing; /v1/depots and /v1/stock show what there is",
			depot_number == 0 && depot != NULL ? "depot" : "item");
		return;
	}
	list_stock(&request->page, depot_number, item_number, only_low);
	reply_page(request);
}

static void put_depot(struct page *page, const struct depot *depot)
{
	uint32_t lines = 0, low_lines = 0;

	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_STOCK); slot++) {
		const struct stock *stock = query_at(page->core, TABLE_STOCK, slot);

		if (stock == NULL || stock->retired || stock->depot != depot->r.number)
			continue;
		lines++;
		low_lines += low(stock);
	}
	put_text(page, "id", query_text(page->core, depot->id));
	put_text(page, "name", query_text(page->core, depot->name));
	put_thing(page, "keeper", TABLE_PERSON, depot->keeper);
	put_name(page, "keeper_name", TABLE_PERSON, depot->keeper);
	put_text_nullable(page, "phone", phone_of(page->core, depot->keeper));
	put_bool(page, "link", depot->link != 0);
	put_place(page, "position", &depot->place);
	put_milli(page, "load_s", depot->load_ms);
	put_int(page, "lines", lines);
	put_int(page, "low", low_lines);
}

void get_depots(struct request *request)
{
	struct page *page = &request->page;

	json_open_array(&page->out);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_DEPOT); slot++) {
		const struct depot *depot = query_at(page->core, TABLE_DEPOT, slot);

		if (depot == NULL || depot->retired)
			continue;
		json_open_object(&page->out);
		put_depot(page, depot);
		json_close_object(&page->out);
		page_flush(page);
	}
	json_close_array(&page->out);
	reply_page(request);
}

void get_depot(struct request *request)
{
	struct page *page = &request->page;
	uint32_t number = path_thing(request, TABLE_DEPOT);

	if (number == 0)
		return;
	json_open_object(&page->out);
	put_depot(page, query_at(page->core, TABLE_DEPOT, number));
	put_key(page, "stock");
	list_stock(page, number, 0, false);
	show_live_orders(page, TARGET_DEPOT, number);
	json_close_object(&page->out);
	reply_page(request);
}

/* --- grids and people ------------------------------------------------------------------------------ */

void get_grids(struct request *request)
{
	struct page *page = &request->page;
	int64_t level = 0;

	if (!ask_int(request, "level", 1, 4, &level))
		return;
	json_open_array(&page->out);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_GRID); slot++) {
		const struct grid *grid = query_at(page->core, TABLE_GRID, slot);

		if (grid == NULL || grid->retired || (level != 0 && grid->level != level))
			continue;
		json_open_object(&page->out);
		put_text(page, "code", query_text(page->core, grid->code));
		put_text(page, "name", query_text(page->core, grid->name));
		put_int(page, "level", grid->level);
		put_thing(page, "parent", TABLE_GRID, grid->parent);
		put_thing(page, "head", TABLE_PERSON, grid->head);
		put_name(page, "head_name", TABLE_PERSON, grid->head);
		put_text_nullable(page, "phone", phone_of(page->core, grid->head));
		json_close_object(&page->out);
		page_flush(page);
	}
	json_close_array(&page->out);
	reply_page(request);
}

void get_people(struct request *request)
{
	struct page *page = &request->page;
	const char *role = ask_text(request, "role");
	uint32_t bit = role == NULL ? 0 : words_who(text_of(role));

	if (role != NULL && bit == 0) {
		reply_error(request->api, request->http, 400, "invalid", "role: not one of its words");
		return;
	}
	json_open_array(&page->out);
	for (uint32_t slot = 1; slot <= query_used(page->core, TABLE_PERSON); slot++) {
		const struct person *person = query_at(page->core, TABLE_PERSON, slot);

		if (person == NULL || person->retired || (person->roles & bit) != bit)
			continue;
		json_open_object(&page->out);
		put_text(page, "id", query_text(page->core, person->id));
		put_text(page, "name", query_text(page->core, person->name));
		put_number(page, "phone", person->phone);
		put_number(page, "org", person->org);
		put_number(page, "grid", person->grid);
		put_who(page, "roles", person->roles);
		put_thing(page, "unit", TABLE_UNIT, person->unit);
		json_close_object(&page->out);
		page_flush(page);
	}
	json_close_array(&page->out);
	reply_page(request);
}
