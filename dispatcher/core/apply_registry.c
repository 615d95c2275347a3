/* apply_registry: what an effect does to the registry: the rows of the town pack and the playbooks. */
#include "core/apply.h"

#include <stddef.h>
#include <string.h>

static uint32_t intern(struct apply *apply, struct text text)
{
	return text_intern(&apply->core->texts, text);
}

/* The record of the registered number: the one that is there, or a new one if it is the next. */
static void *registered(struct apply *apply, enum table table, uint32_t id_text, uint64_t key)
{
	uint32_t number = apply->effect->u.registered.number;

	if (state_at(apply->core, table, number) != NULL)
		return state_edit(apply->core, table, number);
	if (id_text == 0 || state_register(apply->core, table, id_text, key) != number)
		return NULL;
	return state_edit(apply->core, table, number);
}

static enum disp_err register_grid(struct apply *apply)
{
	const struct event_grid *from = &apply->event->u.grid;
	uint32_t code = intern(apply, from->code);
	struct grid *grid = registered(apply, TABLE_GRID, code, 0);

	if (grid == NULL)
		return DISP_E_DAMAGED;
	grid->code = code;
	grid->name = intern(apply, from->name);
	grid->parent = state_find(apply->core, TABLE_GRID, from->parent);
	grid->head = state_find(apply->core, TABLE_PERSON, from->head);
	grid->level = from->level;
	grid->retired = 0;
	return DISP_OK;
}

static enum disp_err register_person(struct apply *apply)
{
	const struct event_person *from = &apply->event->u.person;
	uint32_t id = intern(apply, from->id);
	struct person *person = registered(apply, TABLE_PERSON, id, 0);

	if (person == NULL)
		return DISP_E_DAMAGED;
	person->id = id;
	person->name = intern(apply, from->name);
	person->phone = intern(apply, from->phone);
	person->org = intern(apply, from->org);
	person->grid = state_find(apply->core, TABLE_GRID, from->grid);
	person->roles = from->roles;
	person->retired = 0;
	return DISP_OK;
}

/* Skills get their bits in the order in which they are first heard of. */
static uint64_t learn_skills(struct core *core, struct text words)
{
	struct text rest = words;

	for (struct text word = text_next_word(&rest); word.len > 0; word = text_next_word(&rest)) {
		uint32_t number = text_intern(&core->texts, word), bit = 0;

		while (bit < core->skill_count && core->skill[bit] != number)
			bit++;
		if (bit == core->skill_count && number != 0 && core->skill_count < SKILL_NOBODY)
			core->skill[core->skill_count++] = number;
	}
	return skills_find(core, words);
}

static enum disp_err register_unit(struct apply *apply)
{
	const struct event_unit *from = &apply->event->u.unit;
	uint32_t id = intern(apply, from->id);
	struct unit *unit = registered(apply, TABLE_UNIT, id, 0);

	if (unit == NULL)
		return DISP_E_DAMAGED;
	if (unit->id == 0) { /* new: at home and on duty; otherwise it stays where it is and what it does */
		unit->state = UNIT_AVAILABLE;
		unit->place = from->home;
	} else if (unit->position_ms == 0) {
		unit->place = from->home;
	}
	unit->id = id;
	unit->name = intern(apply, from->name);
	unit->kind = intern(apply, from->kind);
	unit->team = intern(apply, from->team);
	unit->skills = learn_skills(apply->core, from->skills);
	struct person *former = state_edit(apply->core, TABLE_PERSON, unit->leader);

	if (former != NULL && former->unit == unit->r.number)
		former->unit = 0;
	unit->leader = state_find(apply->core, TABLE_PERSON, from->leader);
	unit->shift_from_min = from->shift_from_min;
	unit->shift_to_min = from->shift_to_min;
	unit->speed_mm_s = from->speed_mm_s;
	unit->members = from->members;
	unit->crew = intern(apply, from->crew);
	unit->terminal = from->terminal;
	unit->turnout_ms = from->turnout_ms;
	unit->home = from->home;
	unit->retired = 0;
	struct person *leader = state_edit(apply->core, TABLE_PERSON, unit->leader);

	if (leader != NULL)
		leader->unit = unit->r.number;
	return DISP_OK;
}

static enum disp_err register_depot(struct apply *apply)
{
	const struct event_depot *from = &apply->event->u.depot;
	uint32_t id = intern(apply, from->id);
	struct depot *depot = registered(apply, TABLE_DEPOT, id, 0);

	if (depot == NULL)
		return DISP_E_DAMAGED;
	depot->id = id;
	depot->name = intern(apply, from->name);
	depot->keeper = state_find(apply->core, TABLE_PERSON, from->keeper);
	depot->load_ms = from->load_ms;
	depot->place = from->place;
	depot->retired = 0;
	return DISP_OK;
}

static enum disp_err register_stock(struct apply *apply)
{
	const struct event_stock *from = &apply->event->u.stock;
	uint32_t depot = state_find(apply->core, TABLE_DEPOT, from->depot);
	uint32_t item = intern(apply, from->item);
	struct stock *stock = registered(apply, TABLE_STOCK, item, (uint64_t)depot << 32 | item);

	if (stock == NULL || depot == 0)
		return DISP_E_DAMAGED;
	if (stock->item == 0) /* new: later loads of the pack do not undo what was issued and counted since */
		stock->on_hand = from->quantity;
	stock->depot = depot;
	stock->item = item;
	stock->name = intern(apply, from->name);
	stock->unit = intern(apply, from->unit);
	stock->minimum = from->minimum;
	stock->expires_ms = from->expires_ms;
	stock->retired = 0;
	return DISP_OK;
}

static enum disp_err register_device(struct apply *apply)
{
	const struct event_device *from = &apply->event->u.device;
	uint32_t id = intern(apply, from->id);
	struct device *device = registered(apply, TABLE_DEVICE, id, 0);
	struct text words = from->actions;

	if (device == NULL)
		return DISP_E_DAMAGED;
	device->id = id;
	device->kind = intern(apply, from->kind);
	device->name = intern(apply, from->name);
	device->grid = state_find(apply->core, TABLE_GRID, from->grid);
	memset(device->action, 0, sizeof device->action);
	for (uint32_t index = 0; index < DEVICE_ACTIONS_MAX; index++)
		device->action[index] = intern(apply, text_next_word(&words));
	device->place = from->place;
	device->expect_every_ms = from->expect_every_ms;
	device->retired = 0;
	timer_set(apply->core, TIMER_DEVICE, device->r.slot, device_due_ms(apply->core, device));
	return DISP_OK;
}

static enum disp_err register_duty(struct apply *apply)
{
	const struct event_duty *from = &apply->event->u.duty;
	uint32_t type = intern(apply, from->incident_type);
	struct duty *duty = registered(apply, TABLE_DUTY, type, 0);

	if (duty == NULL)
		return DISP_E_DAMAGED;
	duty->incident_type = type;
	duty->lead = intern(apply, from->lead);
	duty->assist = intern(apply, from->assist);
	duty->basis = intern(apply, from->basis);
	duty->receive_ms = from->receive_ms;
	duty->dispose_ms = from->dispose_ms;
	return DISP_OK;
}

static void fill_step(struct apply *apply, struct step *step, const struct step_def *from)
{
	step->kind = from->kind;
	step->level = from->level;
	step->when = from->when;
	step->after = from->after;
	step->effect = from->effect;
	step->id = intern(apply, from->id);
	step->item = intern(apply, from->item);
	step->quantity = from->quantity;
	step->count = from->count;
	step->self = text_equal(from->device, TEXT("self"));
	step->device = intern(apply, from->device);
	step->action = intern(apply, from->action);
	step->say = intern(apply, from->say);
	step->who = from->who;
	step->task = intern(apply, from->task);
	step->skills = learn_skills(apply->core, from->skills);
	step->substitute = from->substitute.len > 0 ? learn_skills(apply->core, from->substitute) : 0;
	step->arrive_within_ms = from->arrive_within_ms;
	step->within_mm = from->within_mm;
	step->effect_within_ms = from->effect_within_ms;
	step->answer_within_ms = from->answer_within_ms;
	step->answer = from->answer;
}

static void fill_match(struct apply *apply, struct playbook *to, const struct playbook_def *from)
{
	for (uint32_t index = 0; index < from->type_count; index++)
		to->type[index] = intern(apply, from->type[index]);
	for (uint32_t index = 0; index < from->grid_count; index++)
		to->grid[index] = intern(apply, from->grid[index]);
	to->type_count = from->type_count;
	to->grid_count = from->grid_count;
	to->confidence_ppm = from->confidence_ppm;
	to->hours_from_min = from->hours_from_min;
	to->hours_to_min = from->hours_to_min;
	to->warning = from->warning;
	to->modes = from->modes;
	to->has_above = from->has_above;
	to->has_below = from->has_below;
	to->above_e6 = from->above_e6;
	to->below_e6 = from->below_e6;
	to->value_unit = intern(apply, from->value_unit);
}

static void fill_playbook(struct apply *apply, struct playbook *to, const struct playbook_def *from)
{
	to->title = intern(apply, from->title);
	memcpy(to->hash, from->hash, sizeof to->hash);
	fill_match(apply, to, from);
	to->correlate_mm = from->correlate_mm;
	to->correlate_ms = from->correlate_ms;
	to->upgrade_sensors = from->upgrade_sensors;
	to->upgrade_ms = from->upgrade_ms;
	to->upgrade_to = from->upgrade_to;
	to->incident_type = intern(apply, from->incident_type);
	to->priority = from->priority;
	to->grade = from->grade;
	to->response_level = from->response_level;
	to->release = from->release;
	to->confirm_ms = from->confirm_ms;
	to->confirm_dispatch = from->confirm_dispatch;
	to->step_count = from->step_count;
	for (uint32_t step = 0; step < from->step_count; step++)
		fill_step(apply, &to->step[step], &from->step[step]);
	to->answer_ms = from->answer_ms;
	to->arrive_ms = from->arrive_ms;
	to->receive_ms = from->receive_ms;
	to->dispose_ms = from->dispose_ms;
	to->verify_ms = from->verify_ms;
	to->climb_every_ms = from->climb_every_ms;
	to->working = from->working;
	to->climb_count = from->climb_count;
	memcpy(to->climb, from->climb, from->climb_count * sizeof to->climb[0]);
}

/* A version is never changed: a new one takes a slot of its own, and the id then leads to it. */
static enum disp_err register_playbook(struct apply *apply)
{
	struct core *core = apply->core;
	const struct playbook_def *from = apply->event->u.playbook.def;
	uint32_t number = apply->effect->u.registered.number, id = intern(apply, from->id);
	struct playbook *before =
		state_edit(core, TABLE_PLAYBOOK, state_find_number(core, TABLE_PLAYBOOK, id));
	struct playbook *playbook = state_edit(core, TABLE_PLAYBOOK, number);

	if (from->step_count > PLAYBOOK_STEPS_MAX || from->climb_count > PLAYBOOK_CLIMB_MAX || id == 0)
		return DISP_E_DAMAGED;
	if (before != NULL)
		before->active = 0;
	if (playbook == NULL) {
		if (state_register(core, TABLE_PLAYBOOK, id, 0) != number)
			return DISP_E_DAMAGED;
		playbook = state_edit(core, TABLE_PLAYBOOK, number);
	} else { /* a version that nobody needs any more gives its slot */
		if (playbook->incidents > 0 || playbook->active)
			return DISP_E_DAMAGED;
		struct record keep = playbook->r;

		if (state_find_number(core, TABLE_PLAYBOOK, playbook->id) == number)
			index_remove(&core->index, state_key(TABLE_PLAYBOOK, playbook->id));
		memset(playbook, 0, sizeof *playbook);
		playbook->r = keep;
	}
	index_put(&core->index, state_key(TABLE_PLAYBOOK, id), number);
	playbook->id = id;
	playbook->active = 1;
	fill_playbook(apply, playbook, from);
	return DISP_OK;
}

enum disp_err apply_registered(struct apply *apply)
{
	bool whole = apply->event->kind ==
		     EVENT_TOWN; /* the row that ends a load; else the event is what is registered */

	if (!whole && apply->effect->u.registered.what != apply->event->kind)
		return DISP_E_DAMAGED;
	switch (whole ? EVENT_TOWN : apply->effect->u.registered.what) {
	case EVENT_GRID:
		return register_grid(apply);
	case EVENT_PERSON:
		return register_person(apply);
	case EVENT_UNIT:
		return register_unit(apply);
	case EVENT_DEPOT:
		return register_depot(apply);
	case EVENT_STOCK:
		return register_stock(apply);
	case EVENT_DEVICE:
		return register_device(apply);
	case EVENT_DUTY:
		return register_duty(apply);
	case EVENT_PLAYBOOK:
		return register_playbook(apply);
	default:
		return whole ? DISP_OK : DISP_E_DAMAGED;
	}
}

static enum disp_err retire_into(uint8_t *byte, uint32_t *word)
{
	if (byte != NULL)
		*byte = 1;
	if (word != NULL)
		*word = 1;
	return DISP_OK;
}

enum disp_err apply_retired(struct apply *apply)
{
	struct core *core = apply->core;
	uint32_t number = apply->effect->u.registered.number;
	static const enum table table_of[EVENT_KIND_COUNT] = {[EVENT_GRID] = TABLE_GRID,
		[EVENT_PERSON] = TABLE_PERSON,
		[EVENT_UNIT] = TABLE_UNIT,
		[EVENT_DEPOT] = TABLE_DEPOT,
		[EVENT_STOCK] = TABLE_STOCK,
		[EVENT_DEVICE] = TABLE_DEVICE,
		[EVENT_PLAYBOOK] = TABLE_PLAYBOOK};
	uint8_t what = apply->effect->u.registered.what;
	void *record = what < EVENT_KIND_COUNT && table_of[what] != TABLE_TOWN
			       ? state_edit(core, table_of[what], number)
			       : NULL;

	if (record == NULL)
		return DISP_E_DAMAGED;
	switch (what) {
	case EVENT_GRID:
		return retire_into(NULL, &((struct grid *)record)->retired);
	case EVENT_PERSON:
		shift_end(core, record);
		return retire_into(NULL, &((struct person *)record)->retired);
	case EVENT_UNIT:
		return retire_into(&((struct unit *)record)->retired, NULL);
	case EVENT_DEPOT:
		return retire_into(&((struct depot *)record)->retired, NULL);
	case EVENT_STOCK:
		return retire_into(NULL, &((struct stock *)record)->retired);
	case EVENT_DEVICE:
		timer_set(core, TIMER_DEVICE, number, 0);
		return retire_into(&((struct device *)record)->retired, NULL);
	default:
		((struct playbook *)record)->active = 0;
		return DISP_OK;
	}
}

enum disp_err apply_plan(struct apply *apply)
{
	struct town_state *town = state_edit(apply->core, TABLE_TOWN, 1);

	if (apply->event->kind != EVENT_PLAN)
		return DISP_E_DAMAGED;
	memcpy(town->plan_hash, apply->event->u.plan.hash, sizeof town->plan_hash);
	town->plan_count = apply->effect->u.plan.count;
	return DISP_OK;
}
