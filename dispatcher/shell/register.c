/* register: rows of a pack, one event each; see the header. */
#include "shell/register.h"

#include <stdio.h>
#include <string.h>

#include "core/query.h"

enum { WORDS_BYTES = 1024 };

struct registration {
	const struct core *core;
	const struct town *town;
	register_take *take;
	void *context;
	enum disp_err err;
};

static struct text text_of(const char *string)
{
	if (string == NULL)
		return (struct text){0};
	return (struct text){string, (uint32_t)strlen(string)};
}

static void send(struct registration *registration, struct event *event)
{
	event->by = TEXT("town pack");
	if (registration->err == DISP_OK)
		registration->err = registration->take(registration->context, event);
}

/* Words parted by one space. What is too long for the buffer is left out as a whole word. */
static struct text join(const struct town_words *words, char *out)
{
	uint32_t used = 0;

	for (uint32_t index = 0; index < words->count; index++) {
		uint32_t len = (uint32_t)strlen(words->item[index]);

		if (used + len + 1 > WORDS_BYTES)
			break;
		if (used > 0)
			out[used++] = ' ';
		memcpy(out + used, words->item[index], len);
		used += len;
	}
	return (struct text){out, used};
}

static const struct town_grid *grid_of(const struct town *town, uint32_t index)
{
	return index == TOWN_NONE ? NULL : &town->grid[index];
}

static struct text person_id(const struct town *town, uint32_t index)
{
	return text_of(index == TOWN_NONE ? NULL : town->person[index].id);
}

static void send_grids(struct registration *registration, bool with_heads)
{
	const struct town *town = registration->town;

	for (uint32_t level = 0; level < TOWN_LEVEL_COUNT; level++)
		for (uint32_t index = 0; index < town->grid_count; index++) {
			const struct town_grid *grid = &town->grid[index];
			const struct town_grid *parent = grid_of(town, grid->parent);
			struct event event = {.kind = EVENT_GRID};

			if ((uint32_t)grid->level != level || (with_heads && grid->head == TOWN_NONE))
				continue;
			event.u.grid = (struct event_grid){.code = text_of(grid->code),
				.name = text_of(grid->name),
				.parent = text_of(parent == NULL ? NULL : parent->code),
				.head = person_id(town, grid->head),
				.level = (uint8_t)(level + 1)};
			send(registration, &event);
		}
}

/* Who leads a department speaks for it; the leaders on duty are the town's own. */
static uint32_t roles_of(const struct town_words *words)
{
	uint32_t set = 0;

	for (uint32_t index = 0; index < words->count; index++)
		set |= strcmp(words->item[index], "department_lead") == 0
			       ? WHO_LEAD
			       : words_who(text_of(words->item[index]));
	return set;
}

static void send_persons(struct registration *registration)
{
	const struct town *town = registration->town;

	for (uint32_t index = 0; index < town->person_count; index++) {
		const struct town_person *person = &town->person[index];
		const struct town_grid *grid = grid_of(town, person->grid);
		struct event event = {.kind = EVENT_PERSON};

		event.u.person = (struct event_person){.id = text_of(person->id),
			.name = text_of(person->name),
			.phone = text_of(person->phone),
			.org = text_of(person->org),
			.grid = text_of(grid == NULL ? NULL : grid->code),
			.roles = roles_of(&person->roles)};
		send(registration, &event);
	}
}

/* The persons of a crew, as far as the pack names them. */
static struct text join_crew(const struct town *town, const struct town_unit *unit, char *out)
{
	struct town_words ids = {0};
	char *item[EVENT_CREW_MAX];

	ids.item = item;
	for (uint32_t index = 0; index < unit->member_named && ids.count < EVENT_CREW_MAX; index++)
		item[ids.count++] = town->person[unit->member[index]].id;
	return join(&ids, out);
}

static void send_units(struct registration *registration)
{
	const struct town *town = registration->town;
	char words[WORDS_BYTES], crew[WORDS_BYTES];

	for (uint32_t index = 0; index < town->unit_count; index++) {
		const struct town_unit *unit = &town->unit[index];
		struct event event = {.kind = EVENT_UNIT};

		event.u.unit = (struct event_unit){.id = text_of(unit->id),
			.name = text_of(unit->name),
			.kind = text_of(unit->kind),
			.team = text_of(unit->team),
			.skills = join(&unit->skills, words),
			.leader = person_id(town, unit->member_named > 0 ? unit->member[0] : TOWN_NONE),
			.home = unit->home.place,
			.speed_mm_s = (int32_t)unit->speed_mm_s,
			.turnout_ms = unit->turnout_ms,
			.shift_from_min = (uint16_t)unit->shift_start_min,
			.shift_to_min = (uint16_t)(unit->shift_start_min == 0 &&
								   unit->shift_end_min == PLAYBOOK_DAY_MIN
							   ? 0
							   : unit->shift_end_min),
			.members = (uint16_t)unit->members_count,
			.crew = join_crew(town, unit, crew),
			.terminal = unit->terminal};
		send(registration, &event);
	}
}

static void send_depots(struct registration *registration)
{
	const struct town *town = registration->town;

	for (uint32_t index = 0; index < town->depot_count; index++) {
		const struct town_depot *depot = &town->depot[index];
		struct event event = {.kind = EVENT_DEPOT};

		event.u.depot = (struct event_depot){.id = text_of(depot->id),
			.name = text_of(depot->name),
			.keeper = person_id(town, depot->keeper),
			.place = depot->position.place,
			.load_ms = depot->load_ms};
		send(registration, &event);
	}
	for (uint32_t index = 0; index < town->stock_count; index++) {
		const struct town_stock *stock = &town->stock[index];
		struct event event = {.kind = EVENT_STOCK};
		int64_t day_ms = 86400 * INT64_C(1000), offset_ms = town->utc_offset_min * INT64_C(60000);

		event.u.stock = (struct event_stock){.depot = text_of(town->depot[stock->depot].id),
			.item = text_of(stock->item),
			.name = text_of(stock->name),
			.unit = text_of(stock->unit),
			.quantity = stock->quantity,
			.minimum = stock->minimum,
			/* good to the end of its last day */
			.expires_ms = stock->expires_day == TOWN_NEVER
					      ? 0
					      : (stock->expires_day + INT64_C(1)) * day_ms - offset_ms};
		send(registration, &event);
	}
}

static void send_devices(struct registration *registration)
{
	const struct town *town = registration->town;
	char words[WORDS_BYTES];

	for (uint32_t index = 0; index < town->device_count; index++) {
		const struct town_device *device = &town->device[index];
		const struct town_grid *grid = grid_of(town, device->grid);
		struct event event = {.kind = EVENT_DEVICE};

		event.u.device = (struct event_device){.id = text_of(device->id),
			.kind = text_of(device->kind),
			.name = text_of(device->name),
			.grid = text_of(grid == NULL ? NULL : grid->code),
			.actions = join(&device->actions, words),
			.place = device->position.place,
			.expect_every_ms = device->expect_every_ms};
		send(registration, &event);
	}
}

static void send_duties(struct registration *registration)
{
	const struct town *town = registration->town;
	char words[WORDS_BYTES];

	for (uint32_t index = 0; index < town->responsibility_count; index++) {
		const struct town_responsibility *duty = &town->responsibility[index];
		struct event event = {.kind = EVENT_DUTY};

		event.u.duty = (struct event_duty){.incident_type = text_of(duty->incident_type),
			.lead = text_of(duty->lead),
			.assist = join(&duty->assist, words),
			.basis = text_of(duty->basis),
			.receive_ms = duty->receive_ms,
			.dispose_ms = duty->dispose_ms};
		send(registration, &event);
	}
}

/* The core passes over what is as it was; a pack without a calendar takes an old one back. */
static void send_calendar(struct registration *registration)
{
	const struct town_calendar *from = &registration->town->calendar;
	struct event event = {.kind = EVENT_CALENDAR};

	event.u.calendar = (struct event_calendar){.weekdays = from->weekdays,
		.from_min = from->from_min,
		.to_min = from->to_min,
		.from2_min = from->from2_min,
		.to2_min = from->to2_min,
		.rest = text_of(from->rest),
		.work = text_of(from->work)};
	send(registration, &event);
}

/* --- what is gone --------------------------------------------------------------------------------- */

static bool still_there(const struct town *town, uint8_t what, const char *id)
{
	switch (what) {
	case EVENT_GRID:
		return town_grid_find(town, id) != TOWN_NONE;
	case EVENT_PERSON:
		return town_person_find(town, id) != TOWN_NONE;
	case EVENT_UNIT:
		return town_unit_find(town, id) != TOWN_NONE;
	case EVENT_DEPOT:
		return town_depot_find(town, id) != TOWN_NONE;
	default:
		return town_device_find(town, id) != TOWN_NONE;
	}
}

static bool retired(const struct core *core, enum table table, uint32_t slot)
{
	switch (table) {
	case TABLE_GRID:
		return ((const struct grid *)query_at(core, table, slot))->retired;
	case TABLE_PERSON:
		return ((const struct person *)query_at(core, table, slot))->retired;
	case TABLE_UNIT:
		return ((const struct unit *)query_at(core, table, slot))->retired;
	case TABLE_DEPOT:
		return ((const struct depot *)query_at(core, table, slot))->retired;
	default:
		return ((const struct device *)query_at(core, table, slot))->retired;
	}
}

static void send_retired(struct registration *registration)
{
	static const struct {
		uint8_t what;
		enum table table;
	} kind[] = {{EVENT_GRID, TABLE_GRID}, {EVENT_PERSON, TABLE_PERSON}, {EVENT_UNIT, TABLE_UNIT},
		{EVENT_DEPOT, TABLE_DEPOT}, {EVENT_DEVICE, TABLE_DEVICE}};
	const struct core *core = registration->core;

	for (uint32_t index = 0; index < sizeof kind / sizeof kind[0]; index++)
		for (uint32_t slot = 1; slot <= query_used(core, kind[index].table); slot++) {
			struct text id = query_id(core, kind[index].table, slot);
			struct event event = {.kind = EVENT_RETIRE};
			char name[WORDS_BYTES];

			snprintf(name, sizeof name, "%.*s", (int)id.len, id.ptr);
			if (retired(core, kind[index].table, slot) ||
				still_there(registration->town, kind[index].what, name))
				continue;
			event.u.retire = (struct event_retire){.id = id, .what = kind[index].what};
			send(registration, &event);
		}
}

static bool fits(const struct core *core, enum table table, uint32_t rows)
{
	return rows <= query_limits(core)->max[table];
}

static const char *too_many(const struct core *core, const struct town *town)
{
	if (!fits(core, TABLE_GRID, town->grid_count))
		return "grids";
	if (!fits(core, TABLE_PERSON, town->person_count))
		return "people";
	if (!fits(core, TABLE_UNIT, town->unit_count))
		return "units";
	if (!fits(core, TABLE_DEPOT, town->depot_count))
		return "depots";
	if (!fits(core, TABLE_STOCK, town->stock_count))
		return "stock lines";
	if (!fits(core, TABLE_DEVICE, town->device_count))
		return "devices";
	return fits(core, TABLE_DUTY, town->responsibility_count) ? NULL : "responsibilities";
}

enum disp_err register_town(const struct core *core, const struct town *town,
	const uint8_t hash[PLAYBOOK_HASH_BYTES], register_take *take, void *context, const char **what)
{
	struct registration registration = {core, town, take, context, DISP_OK};
	struct event event = {.kind = EVENT_TOWN};

	*what = too_many(core, town);
	if (*what != NULL)
		return DISP_E_FULL;
	send_grids(&registration, false);
	send_persons(&registration);
	send_grids(&registration, true);
	send_units(&registration);
	send_depots(&registration);
	send_devices(&registration);
	send_duties(&registration);
	send_calendar(&registration);
	send_retired(&registration);
	event.u.town = (struct event_town){.code = text_of(town->code),
		.name = text_of(town->name),
		.offset_min = town->utc_offset_min,
		.demonstration = town->demonstration};
	memcpy(event.u.town.hash, hash, PLAYBOOK_HASH_BYTES);
	send(&registration, &event);
	return registration.err;
}

/* Whether each version that is new finds a slot; in the table the versions that nobody needs any more give theirs. */
static bool plan_fits(const struct core *core, const struct playbook_set *set)
{
	uint32_t used = query_used(core, TABLE_PLAYBOOK);
	uint32_t room = query_limits(core)->max[TABLE_PLAYBOOK] - used, needed = 0;

	for (uint32_t slot = 1; slot <= used; slot++) {
		const struct playbook *known = query_at(core, TABLE_PLAYBOOK, slot);

		room += !known->active && known->incidents == 0;
	}
	for (uint32_t index = 0; index < set->count; index++) {
		const struct playbook *known =
			query_at(core, TABLE_PLAYBOOK, query_find(core, TABLE_PLAYBOOK, set->def[index]->id));

		needed += known == NULL || !known->active ||
			  memcmp(known->hash, set->def[index]->hash, sizeof known->hash) != 0;
	}
	return needed <= room;
}

enum disp_err register_plan(
	const struct core *core, const struct playbook_set *set, register_take *take, void *context)
{
	struct registration registration = {core, NULL, take, context, DISP_OK};

	if (!plan_fits(core, set))
		return DISP_E_FULL;
	for (uint32_t index = 0; index < set->count; index++) {
		struct event event = {.kind = EVENT_PLAYBOOK};

		event.u.playbook.def = set->def[index];
		send(&registration, &event);
	}
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK); slot++) {
		const struct playbook *known = query_at(core, TABLE_PLAYBOOK, slot);
		struct event event = {.kind = EVENT_RETIRE};
		bool there = false;

		for (uint32_t index = 0; known->active && index < set->count; index++)
			there |= query_text_find(core, set->def[index]->id) == known->id;
		if (!known->active || there)
			continue;
		event.u.retire = (struct event_retire){
			.id = query_id(core, TABLE_PLAYBOOK, slot), .what = EVENT_PLAYBOOK};
		send(&registration, &event);
	}
	struct event event = {.kind = EVENT_PLAN};

	memcpy(event.u.plan.hash, set->hash, sizeof event.u.plan.hash);
	event.u.plan.count = set->count;
	send(&registration, &event);
	return registration.err;
}

/* --- what the town has ----------------------------------------------------------------------------- */

static bool equals(const char *string, struct text text)
{
	return strlen(string) == text.len && memcmp(string, text.ptr, text.len) == 0;
}

static bool has_word(const struct town_words *words, struct text word)
{
	for (uint32_t index = 0; index < words->count; index++)
		if (equals(words->item[index], word))
			return true;
	return false;
}

static bool has_skill(void *context, struct text skill)
{
	const struct town *town = context;

	for (uint32_t index = 0; index < town->unit_count; index++)
		if (has_word(&town->unit[index].skills, skill))
			return true;
	return false;
}

static bool has_item(void *context, struct text item)
{
	const struct town *town = context;

	for (uint32_t index = 0; index < town->stock_count; index++)
		if (equals(town->stock[index].item, item))
			return true;
	return false;
}

static bool has_device_action(void *context, struct text kind, struct text action)
{
	const struct town *town = context;
	bool any = kind.len == 4 && memcmp(kind.ptr, "self", 4) == 0;

	for (uint32_t index = 0; index < town->device_count; index++) {
		const struct town_device *device = &town->device[index];

		if ((any || equals(device->kind, kind)) &&
			(action.len == 0 || has_word(&device->actions, action)))
			return true;
	}
	return false;
}

static bool has_grid(void *context, struct text code)
{
	const struct town *town = context;

	for (uint32_t index = 0; index < town->grid_count; index++)
		if (equals(town->grid[index].code, code))
			return true;
	return false;
}

struct playbook_vocabulary register_vocabulary(const struct town *town)
{
	union {
		const struct town *from;
		void *to;
	} context = {town};

	return (struct playbook_vocabulary){context.to, has_skill, has_item, has_device_action, has_grid};
}
