/*
 * test_playbook_expect: every expect: case of a folder of playbooks, against the core and a town; judges no travel times.
 *
 * Usage: test_playbook_expect [PLAYBOOKS TOWN]; without arguments the shipped ones. Exit 1: a case fails, or the town
 * lacks what a plan asks for; every one of them is listed. Exit 2: a folder cannot be read.
 */
#include <inttypes.h>
#include <stdarg.h>

#include "core/words.h"
#include "line_list.h"
#include "shell/duties.h"
#include "town_core.h"

enum { USED_MAX = 2 + PLAYBOOK_EXPECT_ALSO_MAX };

/* Where no case says: noon in the town's zone. */
static const int64_t any_ms = INT64_C(1782878400000);
static const int64_t minute_ms = 60000;

struct moment {
	struct list sends, supplies, actions;
	uint32_t notify;
};

struct run {
	struct town_core world;
	const struct playbook_expect *expect;
	const struct playbook_def *def;
	const char *file;
	uint32_t failed;    /* faults of this case */
	uint32_t alarms;    /* raised in all, for ids */
	uint32_t incident;  /* of the first alarm; 0: not yet */
	bool watching;      /* the next alarm is the first one */
	bool follows;       /* the incident follows def */
	uint64_t notifying; /* steps of kind notify that have begun */
	struct moment seen;
	uint32_t used[USED_MAX]; /* devices of this case, as indexes into the town */
	struct text type[USED_MAX];
	uint32_t used_count;
};

static void fail(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fail(struct run *run, const char *format, ...)
{
	va_list arguments;

	printf("%s:%u: %.*s: ", run->file, (unsigned)run->expect->line, (int)run->expect->note.len,
		run->expect->note.len > 0 ? run->expect->note.ptr : "");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	run->failed++;
}

/* --- what is seen ------------------------------------------------------------------------------- */

static void who_list(struct list *list, uint32_t who)
{
	for (uint32_t bit = 0; bit < 32; bit++)
		if ((who >> bit & 1) != 0) {
			struct text word = words_who_of(UINT32_C(1) << bit);

			list_add(list, "%.*s", (int)word.len, word.ptr);
		}
}

static void see_need(struct run *run, const struct effect_need *need)
{
	struct text item = query_text(run->world.core, need->item);
	const struct step_def *step = need->step < run->def->step_count ? &run->def->step[need->step] : NULL;

	if (step == NULL || need->kind != step->kind) {
		fail(run, "the core put up a requirement for step %u, which asks for none",
			(unsigned)need->step);
		return;
	}
	if (need->kind == STEP_SUPPLY)
		list_add(&run->seen.supplies, "%" PRIu32 " %.*s", need->count, (int)item.len, item.ptr);
	else if (need->skills != query_skill_set(run->world.core, step->skills))
		list_add(&run->seen.sends, "other skills than step %u", (unsigned)need->step);
	else
		list_add(&run->seen.sends, "%" PRIu32 " %.*s", need->count, (int)step->skills.len,
			step->skills.ptr);
}

static bool is_self(struct text device)
{
	return device.len == 4 && memcmp(device.ptr, "self", 4) == 0;
}

static void see_action(struct run *run, const struct effect_order *order)
{
	const struct device *device = query_at(run->world.core, TABLE_DEVICE, order->who);
	struct text kind = query_text(run->world.core, device == NULL ? 0 : device->kind);
	struct text action = query_text(run->world.core, order->action);

	if (order->step < run->def->step_count && is_self(run->def->step[order->step].device))
		kind = run->def->step[order->step].device;
	list_add(&run->seen.actions, "%.*s %.*s", (int)kind.len, kind.ptr, (int)action.len, action.ptr);
}

/* An action that no device can do is in force all the same; one that had no effect was seen when it began. */
static void see_step(struct run *run, const struct effect_step *said)
{
	if (said->step >= run->def->step_count)
		return;
	const struct step_def *step = &run->def->step[said->step];

	if (step->kind == STEP_ACTION && said->state == STEP_FAILED && said->why != WHY_NO_EFFECT)
		list_add(&run->seen.actions, "%.*s %.*s", (int)step->device.len, step->device.ptr,
			(int)step->action.len, step->action.ptr);
	bool begun = said->state == STEP_ACTIVE || said->state == STEP_EFFECTIVE;

	if (step->kind != STEP_NOTIFY || !begun || (run->notifying >> said->step & 1) != 0)
		return;
	run->notifying |= UINT64_C(1) << said->step;
	run->seen.notify |= step->who;
}

static void see_alarm(struct run *run, const struct event *event, const struct effects *effects)
{
	const struct effect_alarm *said = &effects->item[0].u.alarm;

	if (said->result != ALARM_ACCEPTED) {
		struct text why = words_of(WORDS_REJECT, said->reject);

		fail(run, "alarm %.*s from %.*s was not accepted: %.*s", (int)event->u.alarm.type.len,
			event->u.alarm.type.ptr, (int)event->u.alarm.source.len, event->u.alarm.source.ptr,
			(int)why.len, why.ptr);
		return;
	}
	if (!run->watching)
		return;
	run->watching = false;
	run->incident = said->incident;
	struct text id = query_id(run->world.core, TABLE_PLAYBOOK, said->playbook);

	run->follows = id.len == run->def->id.len && memcmp(id.ptr, run->def->id.ptr, id.len) == 0;
	if (run->follows && !run->expect->opens)
		fail(run, "expected another playbook, or none; the incident follows this one");
	if (!run->follows && run->expect->opens)
		fail(run, "expected %.*s, the incident follows %.*s", (int)run->def->id.len, run->def->id.ptr,
			id.len > 0 ? (int)id.len : 4, id.len > 0 ? id.ptr : "none");
}

static void witness(void *context, const struct event *event, const struct effects *effects)
{
	struct run *run = context;

	if (event->kind == EVENT_ALARM)
		see_alarm(run, event, effects);
	for (uint32_t index = 0; run->incident != 0 && run->follows && index < effects->count; index++) {
		const struct effect *effect = &effects->item[index];

		if (effect->kind == EFFECT_NEED && effect->u.need.incident == run->incident &&
			effect->u.need.step != STEP_NONE)
			see_need(run, &effect->u.need);
		if (effect->kind == EFFECT_ORDER && effect->u.order.incident == run->incident &&
			effect->u.order.target == TARGET_DEVICE)
			see_action(run, &effect->u.order);
		if (effect->kind == EFFECT_STEP && effect->u.step.incident == run->incident)
			see_step(run, &effect->u.step);
	}
}

/* --- what happens ------------------------------------------------------------------------------- */

static struct text text_of(const char *string)
{
	return (struct text){string, (uint32_t)strlen(string)};
}

static bool text_is(const char *string, struct text text)
{
	return strlen(string) == text.len && memcmp(string, text.ptr, text.len) == 0;
}

/* The device that raises it: the one named, else the nearest of the kind that the case has not used. TOWN_NONE: none. */
static uint32_t pick(
	const struct run *run, const struct playbook_expect_alarm *alarm, const struct place *place)
{
	const struct town *town = run->world.town;
	uint32_t best = TOWN_NONE;
	int64_t best_mm = INT64_MAX;

	for (uint32_t index = 0; index < town->device_count; index++) {
		const struct town_device *device = &town->device[index];
		bool used = false;

		for (uint32_t before = 0; before < run->used_count; before++)
			used |= run->used[before] == index;
		if (alarm->source.len > 0
				? !text_is(device->id, alarm->source)
				: used || (alarm->kind.len > 0 && !text_is(device->kind, alarm->kind)))
			continue;
		int64_t away_mm =
			alarm->has_place ? geo_range_mm(run->world.geo, place, &device->position.place) : 0;

		if (away_mm < best_mm) {
			best = index;
			best_mm = away_mm;
		}
	}
	return best;
}

static void take(struct run *run, struct event *event, int64_t at_ms)
{
	enum disp_err err = town_core_take(&run->world, event, at_ms);

	if (err == DISP_OK)
		err = town_core_advance(&run->world, at_ms);
	if (err != DISP_OK)
		fail(run, "the core gave up with error %d at an event of kind %u", (int)err,
			(unsigned)event->kind);
}

static void advance(struct run *run, int64_t at_ms)
{
	if (town_core_advance(&run->world, at_ms) != DISP_OK)
		fail(run, "the core gets nowhere with its clock");
}

static void speak(struct run *run, const struct playbook_expect_alarm *said, uint32_t device, uint8_t state,
	int64_t at_ms)
{
	const struct town *town = run->world.town;
	const struct town_device *from = &town->device[device];
	struct event event = {.kind = EVENT_ALARM};
	struct event_alarm *alarm = &event.u.alarm;
	char id[32];

	snprintf(id, sizeof id, "case-%" PRIu32, ++run->alarms);
	*alarm = (struct event_alarm){.source = text_of(from->id),
		.id = text_of(id),
		.type = said->type,
		.identity = {device, run->alarms},
		.state = state,
		.mode = MODE_ACTUAL,
		.colour = said->colour,
		.has_place = said->has_place && state == ALARM_RAISED,
		.has_value = said->has_value,
		.place = from->position.place,
		.time_ms = at_ms,
		.confidence_ppm = said->confidence_ppm,
		.value_e6 = said->value_e6,
		.value_unit = said->value_unit,
		.text = said->text};
	if (alarm->has_place && geo_place_from_e7(said->lat_e7, said->lon_e7, &alarm->place) != DISP_OK)
		fail(run, "the position is none");
	uint32_t grid = alarm->has_place ? town_grid_at(town, &alarm->place, TOWN_LEVEL_3) : from->grid;

	if (grid == TOWN_NONE)
		fail(run, "no grid of the town holds the position");
	else
		alarm->grid = text_of(town->grid[grid].code);
	take(run, &event, at_ms);
}

static void raise(struct run *run, const struct playbook_expect_alarm *said, int64_t at_ms)
{
	struct place place = {0};

	if (said->has_place && geo_place_from_e7(said->lat_e7, said->lon_e7, &place) != DISP_OK)
		fail(run, "the position is none");
	uint32_t device = pick(run, said, &place);

	if (device == TOWN_NONE) {
		fail(run, "the town has no device to raise %.*s", (int)said->type.len, said->type.ptr);
		return;
	}
	run->used[run->used_count] = device;
	run->type[run->used_count++] = said->type;
	speak(run, said, device, ALARM_RAISED, at_ms);
}

static void clear_all(struct run *run, int64_t at_ms)
{
	for (uint32_t index = 0; index < run->used_count; index++) {
		struct playbook_expect_alarm said = {.type = run->type[index], .confidence_ppm = 1000000};

		speak(run, &said, run->used[index], ALARM_CLEARED, at_ms);
	}
}

static void set_up(struct run *run, int64_t start_ms)
{
	const struct playbook_expect *expect = run->expect;
	int64_t at_ms = start_ms - minute_ms;

	advance(run, at_ms);
	if (expect->given_response_level != 0) {
		struct event event = {.kind = EVENT_RESPONSE, .by = TEXT("test"), .channel = TEXT("console")};

		event.u.response.level = expect->given_response_level;
		take(run, &event, at_ms);
	}
	if (expect->given_warning != 0) {
		struct event event = {.kind = EVENT_WARNING, .by = TEXT("test"), .channel = TEXT("console")};

		event.u.warning = (struct event_warning){.colour = expect->given_warning,
			.hazard = TEXT("rainstorm"),
			.until_ms = start_ms + expect->after_ms + 24 * 60 * minute_ms};
		take(run, &event, at_ms);
	}
	if (expect->has_given_alarm) { /* from the device that the first alarm will come from */
		struct playbook_expect_alarm given = expect->given_alarm, first = expect->alarm;
		struct place place = {0};

		if (first.has_place && geo_place_from_e7(first.lat_e7, first.lon_e7, &place) != DISP_OK)
			fail(run, "the position is none");
		uint32_t device = pick(run, &first, &place);

		if (device != TOWN_NONE)
			speak(run, &given, device, ALARM_RAISED, at_ms);
	}
	advance(run, start_ms);
}

/* --- a case ------------------------------------------------------------------------------------- */

static void compare_lists(
	struct run *run, const char *when, const char *what, struct list *wanted, struct list *got)
{
	char left[2000], right[2000];

	if (!list_equal(wanted, got))
		fail(run, "%s: %s: expected [%s], got [%s]", when, what, list_join(wanted, left, sizeof left),
			list_join(got, right, sizeof right));
}

static void compare(struct run *run, const char *when, const struct playbook_expect_moment *wanted)
{
	static struct list list, told; /* large; only one case runs at a time */
	const struct incident *incident = query_at(
		run->world.core, TABLE_INCIDENT, query_slot(run->world.core, TABLE_INCIDENT, run->incident));

	list.count = told.count = 0;
	for (uint32_t index = 0; index < wanted->send_count; index++)
		list_add(&list, "%" PRIu32 " %.*s", wanted->send[index].count,
			(int)wanted->send[index].skills.len, wanted->send[index].skills.ptr);
	if (wanted->has_sends)
		compare_lists(run, when, "sends", &list, &run->seen.sends);
	list.count = 0;
	for (uint32_t index = 0; index < wanted->supply_count; index++)
		list_add(&list, "%" PRIu32 " %.*s", wanted->supply[index].quantity,
			(int)wanted->supply[index].item.len, wanted->supply[index].item.ptr);
	if (wanted->has_supplies)
		compare_lists(run, when, "supplies", &list, &run->seen.supplies);
	list.count = 0;
	for (uint32_t index = 0; index < wanted->action_count; index++)
		list_add(&list, "%.*s %.*s", (int)wanted->action[index].device.len,
			wanted->action[index].device.ptr, (int)wanted->action[index].action.len,
			wanted->action[index].action.ptr);
	if (wanted->has_actions)
		compare_lists(run, when, "actions", &list, &run->seen.actions);
	list.count = 0;
	who_list(&list, wanted->notify);
	who_list(&told, run->seen.notify);
	if (wanted->has_notifies)
		compare_lists(run, when, "notifies", &list, &told);
	if (wanted->level != 0 && (incident == NULL || incident->level != wanted->level))
		fail(run, "%s: level: expected %u, got %u", when, (unsigned)wanted->level,
			incident == NULL ? 0 : (unsigned)incident->level);
	memset(&run->seen, 0, sizeof run->seen);
}

/* What is still to come after the first look, in the order of time. */
static void play_on(struct run *run, int64_t start_ms, uint32_t next)
{
	const struct playbook_expect *expect = run->expect;
	bool to_clear = expect->has_cleared;

	while (next < expect->also_count || to_clear) {
		bool alarm = next < expect->also_count &&
			     (!to_clear || expect->also[next].after_ms <= expect->cleared_after_ms);
		int64_t after_ms = alarm ? expect->also[next].after_ms : expect->cleared_after_ms;

		advance(run, start_ms + after_ms);
		if (alarm)
			raise(run, &expect->also[next++], start_ms + after_ms);
		else
			clear_all(run, start_ms + after_ms);
		to_clear = to_clear && alarm;
	}
	advance(run, start_ms + expect->after_ms);
}

static int64_t start_of(const struct playbook_expect *expect)
{
	return expect->alarm.has_at ? expect->alarm.at_ms : any_ms;
}

static void run_case(struct run *run)
{
	const struct playbook_expect *expect = run->expect;
	int64_t start_ms = start_of(expect);
	uint32_t next = 0;

	run->failed = run->incident = run->used_count = run->alarms = 0;
	run->watching = run->follows = false;
	run->notifying = 0;
	memset(&run->seen, 0, sizeof run->seen);
	if (town_core_restore(&run->world) != DISP_OK) {
		fail(run, "the core cannot be put back");
		return;
	}
	set_up(run, start_ms);
	run->watching = true;
	raise(run, &expect->alarm, start_ms);
	for (; next < expect->also_count && expect->also[next].after_ms == 0; next++)
		raise(run, &expect->also[next], start_ms);
	if (!expect->opens || !run->follows || run->failed > 0)
		return;
	compare(run, "at once", &expect->first);
	if (expect->has_then) {
		char when[40];

		snprintf(when, sizeof when, "after %g s", (double)expect->after_ms / 1000);
		play_on(run, start_ms, next);
		compare(run, when, &expect->then);
	}
	if (core_digest(run->world.core) != core_digest_full(run->world.core))
		fail(run, "the core's digest is not that of its records");
}

/* The town can give, in some hour, what the plans ask for. */
static uint32_t check_town(const struct town_core *world)
{
	struct playbook_vocabulary vocabulary = register_vocabulary(world->town);
	struct reading_faults faults;

	reading_faults_init(&faults);
	enum disp_err gives = playbook_check_town(world->set, &vocabulary, &faults);

	if (duties_check(world->town, world->set, &faults) != DISP_OK || gives != DISP_OK)
		reading_fault_print(stdout, &faults);
	uint32_t count = faults.count;

	reading_faults_free(&faults);
	return count;
}

/* Before the first of all cases. */
static int64_t register_ms(const struct playbook_set *set)
{
	int64_t first_ms = any_ms;

	for (uint32_t index = 0; index < set->expect_count; index++)
		if (start_of(&set->expect[index]) < first_ms)
			first_ms = start_of(&set->expect[index]);
	return first_ms - 60 * minute_ms;
}

int main(int argc, char **argv)
{
	static struct run run;
	const char *playbooks = argc == 3 ? argv[1] : "playbooks",
		   *pack = argc == 3 ? argv[2] : "ops/towns/yulong";
	uint32_t failed = 0;

	if (argc != 1 && argc != 3) {
		fprintf(stderr, "usage: %s [PLAYBOOKS TOWN]\n", argv[0]);
		return 2;
	}
	if (!town_core_open(&run.world, playbooks, pack) ||
		town_core_fill(&run.world, register_ms(run.world.set)) != DISP_OK) {
		fprintf(stderr, "%s and %s cannot be loaded together\n", playbooks, pack);
		town_core_close(&run.world);
		return 2;
	}
	town_core_keep(&run.world);
	run.world.witness = witness;
	run.world.witness_context = &run;
	uint32_t lacks = check_town(&run.world);

	for (uint32_t index = 0; index < run.world.set->expect_count; index++) {
		run.expect = &run.world.set->expect[index];
		run.def = run.world.set->def[run.expect->playbook];
		run.file = run.world.set->file[run.expect->playbook];
		run_case(&run);
		failed += run.failed > 0;
	}
	printf("%u playbooks, %u cases, %u failed; %u faults with the town\n", (unsigned)run.world.set->count,
		(unsigned)run.world.set->expect_count, (unsigned)failed, (unsigned)lacks);
	town_core_close(&run.world);
	return failed > 0 || lacks > 0;
}
