/* test_core_random: random nights; after every row the books balance, and two other cores, one fed with stored rows,
 * one loaded from an image, stand where the first stands. */
#include "core_random_event.h"

#include <stdio.h>

#include "core/state.h"
#include "wire/row.h"

enum { CASES = 100, LENGTH = 1000, ROW_BYTES_MAX = 1 << 20, IMAGE_BYTES_MAX = 8 << 20 };

/* The one that is watched, the one that reads rows, and the one that now and then is loaded anew. */
struct trial {
	struct world world;
	struct core *replay, *loaded;
	void *replay_memory, *loaded_memory;
	struct core_limits limits;
	uint64_t rows;
	bool drained;
};

static uint8_t row_bytes[ROW_BYTES_MAX], other_bytes[ROW_BYTES_MAX];
static uint8_t image[IMAGE_BYTES_MAX];
static struct effect read_item[EFFECTS_MAX], other_item[EFFECTS_MAX];

/* --- the books ---------------------------------------------------------------------------------- */

static void check_units(const struct core *core)
{
	for (uint32_t slot = 1; slot <= core->table[TABLE_UNIT].used; slot++) {
		const struct unit *unit = unit_at(core, slot);
		uint32_t live = 0, chosen = 0;

		for (uint32_t at = 1; at <= core->table[TABLE_ORDER].used; at++) {
			const struct order *order = order_at(core, at);
			bool its = order != NULL && order->target == TARGET_UNIT && order->who == slot &&
				   order_live(order->state);

			live += its;
			chosen += its && !order->manual;
		}
		assert_int_equal(unit->orders, live);
		assert_true(chosen <= 1);
		if (live > 0)
			assert_true(unit->state == UNIT_ORDERED || unit->state == UNIT_ACKNOWLEDGED ||
				    unit->state == UNIT_EN_ROUTE || unit->state == UNIT_ON_SCENE);
		else
			assert_true(unit->state != UNIT_ORDERED && unit->state != UNIT_ACKNOWLEDGED);
	}
}

static void check_stock(const struct core *core)
{
	int64_t reserved[64 + 1] = {0};

	for (uint32_t slot = 1; slot <= core->table[TABLE_SUPPLY].used; slot++) {
		const struct supply *supply = supply_at(core, slot);

		if (supply == NULL || supply->state != SUPPLY_RESERVED)
			continue;
		reserved[supply->stock] += supply->quantity;
		assert_true(order_live(order_by(core, supply->order)->state));
	}
	for (uint32_t slot = 1; slot <= core->table[TABLE_STOCK].used; slot++) {
		const struct stock *stock = stock_at(core, slot);

		assert_true(stock->on_hand >= stock->reserved && stock->reserved >= 0);
		assert_true(stock->reserved == reserved[slot]);
	}
}

static void check_needs(const struct core *core)
{
	for (uint32_t slot = 1; slot <= core->table[TABLE_NEED].used; slot++) {
		const struct need *need = need_at(core, slot);
		uint32_t sent = 0, recalled = 0;

		if (need == NULL)
			continue;
		const struct incident *incident = incident_by(core, need->incident);

		assert_non_null(incident);
		assert_true(
			need->missing <= need->count && (need->state != NEED_FILLED || need->missing == 0));
		if (need->kind != STEP_SEND || incident->done_ms != 0 ||
			incident->state >= INCIDENT_DONE_REPORTED)
			continue;
		for (uint32_t at = incident->first_order; at != 0; at = order_at(core, at)->next) {
			const struct order *order = order_at(core, at);

			if (order->need != need->r.number)
				continue;
			sent += order_live(order->state) || order->state == ORDER_DONE;
			recalled += order->state == ORDER_RECALLED;
		}
		assert_true(sent <= need->count - need->missing);
		if (need->state != NEED_ENDED)
			assert_true(need->count - need->missing <= sent + recalled);
	}
}

/* Nothing is reserved or given twice for one requirement. */
static void check_supplies(const struct core *core)
{
	for (uint32_t slot = 1; slot <= core->table[TABLE_NEED].used; slot++) {
		const struct need *need = need_at(core, slot);
		int64_t given = 0;

		if (need == NULL || need->kind != STEP_SUPPLY)
			continue;
		const struct incident *incident = incident_by(core, need->incident);

		for (uint32_t at = incident->first_order; at != 0; at = order_at(core, at)->next)
			for (uint32_t line = order_at(core, at)->first_supply; line != 0;
				line = supply_at(core, line)->next)
				if (supply_at(core, line)->need == need->r.number &&
					(supply_at(core, line)->state == SUPPLY_RESERVED ||
						supply_at(core, line)->state == SUPPLY_ISSUED))
					given += supply_at(core, line)->quantity;
		assert_true(given <= need->count - need->missing);
	}
}

static const struct notice *notice_by(const struct core *core, uint32_t number)
{
	return notice_at(core, state_slot(core, TABLE_NOTICE, number));
}

/* What a live notice waits for: its own answer, or that of somebody whose name waits there. */
static void check_live(const struct core *core, const struct incident *incident, const struct notice *notice)
{
	const struct notice *origin = notice_by(core, notice->climbed);
	bool asked = notice->climbed == 0;

	assert_true(notice->state == NOTICE_PENDING || notice->tries == 0);
	for (uint32_t slot = incident->first_notice; slot != 0; slot = notice_at(core, slot)->next) {
		const struct notice *other = notice_at(core, slot);
		bool answered = other->state == NOTICE_ANSWERED && other->answered_ms > notice->issued_ms;

		asked |= other->state == NOTICE_UNREACHED && origin != NULL && other->up == origin->up;
		if (answered && !notice->each)
			assert_false(other->step == notice->step && other->who == notice->who);
		if (answered)
			assert_false(other->person == notice->person);
	}
	assert_true(asked);
}

/* Nobody is called after an answer, nor for an incident that is over. */
static void check_notices(const struct trial *trial, const struct incident *incident)
{
	const struct core *core = trial->world.core;

	for (uint32_t slot = incident->first_notice; slot != 0; slot = notice_at(core, slot)->next) {
		const struct notice *notice = notice_at(core, slot);
		const struct task *call = task_at(core, state_slot(core, TABLE_TASK, notice->call_task));
		bool live = notice->state == NOTICE_PENDING || notice->state == NOTICE_UNREACHED;

		if (notice->up != 0)
			assert_int_equal(notice_by(core, notice->up)->incident, incident->r.number);
		if (!live) /* whoever has taken a call to the desk may finish it */
			assert_true(call == NULL || call->state >= TASK_DONE || notice->step == STEP_DESK);
		else if (incident_ended(incident->state)) /* what is reported done may be verified late */
			assert_false(trial->drained);
		else if (trial->drained)
			check_live(core, incident, notice);
	}
}

static void check_incident(const struct trial *trial, const struct incident *incident)
{
	const struct core *core = trial->world.core;
	uint32_t live = 0;

	for (uint32_t at = incident->first_order; at != 0; at = order_at(core, at)->next) {
		assert_non_null(order_at(core, at));
		assert_int_equal(order_at(core, at)->incident, incident->r.number);
		live += order_live(order_at(core, at)->state);
	}
	for (uint32_t at = incident->first_notice; at != 0; at = notice_at(core, at)->next)
		assert_non_null(notice_at(core, at));
	assert_int_equal(incident->live_orders, live);
	check_notices(trial, incident);
	if (trial->drained) {
		assert_false(incident->agenda);
		/* Crews of a merged case stay out until the case that it goes on in is done. */
		const struct incident *standing = incident;

		while (standing != NULL && standing->merged_into != 0)
			standing = incident_by(core, standing->merged_into);
		if (incident_ended(incident->state) &&
			(standing == NULL || standing->state >= INCIDENT_DONE_REPORTED))
			assert_int_equal(live, 0);
	}
}

static uint32_t check_list(const struct trial *trial, uint32_t first, uint32_t last, bool ended)
{
	const struct core *core = trial->world.core;
	uint32_t count = 0, before = 0;

	for (uint32_t slot = first; slot != 0; slot = incident_at(core, slot)->next) {
		const struct incident *incident = incident_at(core, slot);

		assert_non_null(incident);
		assert_int_equal(incident->previous, before);
		assert_int_equal(incident_ended(incident->state), ended);
		check_incident(trial, incident);
		before = slot;
		count++;
		assert_true(count <= core->table[TABLE_INCIDENT].max);
	}
	assert_int_equal(last, before);
	return count;
}

static int64_t least(int64_t a, int64_t b)
{
	return b != 0 && b < a ? b : a;
}

static void check_clocks(const struct core *core)
{
	int64_t due_ms = least(INT64_MAX, town_due_ms(town_of(core)));
	uint32_t short_count = 0;
	bool agenda = false;

	for (uint32_t slot = 1; slot <= core->table[TABLE_INCIDENT].used; slot++) {
		const struct incident *incident = incident_at(core, slot);

		if (incident == NULL)
			continue;
		due_ms = least(due_ms, incident_due_ms(core, incident));
		agenda |= incident->agenda != 0;
		short_count += incident->short_of;
	}
	for (uint32_t slot = 1; slot <= core->table[TABLE_ORDER].used; slot++)
		due_ms = order_at(core, slot) == NULL ? due_ms
						      : least(due_ms, order_due_ms(order_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_UNIT].used; slot++)
		due_ms = least(due_ms, unit_due_ms(unit_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_DEVICE].used; slot++)
		due_ms = least(due_ms, device_due_ms(core, device_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_NOTICE].used; slot++)
		due_ms = notice_at(core, slot) == NULL ? due_ms
						       : least(due_ms, notice_due_ms(notice_at(core, slot)));
	for (uint32_t slot = 1; slot <= core->table[TABLE_SILENCE].used; slot++)
		due_ms = silence_at(core, slot) == NULL
				 ? due_ms
				 : least(due_ms, silence_due_ms(silence_at(core, slot)));
	assert_true(core_due_ms(core) == (agenda ? 0 : due_ms));
	assert_int_equal(short_count, town_of(core)->short_count);
}

/* What waits is counted, and rings; where nothing waits, nothing does. */
static void check_desk(const struct core *core)
{
	const struct desk *desk = &town_of(core)->desk;
	uint32_t waiting = 0, on_duty = 0;
	int64_t since_ms = desk->own != 0 ? desk->own_ms : 0;

	for (uint32_t slot = 1; slot <= core->table[TABLE_INCIDENT].used; slot++) {
		const struct incident *incident = incident_at(core, slot);

		if (incident == NULL)
			continue;
		assert_int_equal(incident->waiting, incident->alert != 0);
		assert_int_equal(incident->alert_ms != 0, incident->waiting);
		assert_false(incident->waiting && incident_ended(incident->state));
		waiting += incident->waiting;
		if (incident->waiting && (since_ms == 0 || incident->alert_ms < since_ms))
			since_ms = incident->alert_ms;
	}
	for (uint32_t slot = 1; slot <= core->table[TABLE_PERSON].used; slot++) {
		on_duty += person_at(core, slot)->on_duty_ms != 0;
		assert_false(person_at(core, slot)->on_duty_ms != 0 && person_at(core, slot)->retired);
	}
	assert_int_equal(desk->waiting, waiting);
	assert_int_equal(desk->on_duty, on_duty);
	assert_true(desk->since_ms == since_ms);
	assert_int_equal(desk->bell_ms != 0, waiting != 0 || desk->own != 0);
	assert_true(desk->bell_ms != 0 || (desk->rings == 0 && desk->climbed == 0));
}

/* A call because nobody answers lasts no longer than the silence; one without an incident is gone when it is over. */
static void check_desk_calls(const struct core *core)
{
	for (uint32_t slot = 1; slot <= core->table[TABLE_NOTICE].used; slot++) {
		const struct notice *notice = notice_at(core, slot);

		if (notice != NULL && notice->incident == 0)
			assert_true((notice->step == STEP_DESK || notice->step == STEP_RESPONSE) &&
				    notice->state == NOTICE_PENDING);
	}
	for (uint32_t slot = 1; slot <= core->table[TABLE_TASK].used; slot++)
		if (task_at(core, slot) != NULL && task_at(core, slot)->incident == 0)
			assert_true(task_at(core, slot)->state < TASK_DONE);
}

static void check_books(const struct trial *trial)
{
	const struct core *core = trial->world.core;
	const struct town_state *town = town_of(core);

	check_units(core);
	check_stock(core);
	check_supplies(core);
	check_needs(core);
	assert_int_equal(check_list(trial, town->open_first, town->open_last, false), town->open_count);
	check_list(trial, town->closed_first, town->closed_last, true);
	check_clocks(core);
	check_desk(core);
	check_desk_calls(core);
	if (trial->rows % 16 == 0)
		assert_int_equal(core_digest(core), core_digest_full(core));
}

/* --- rows and images ------------------------------------------------------------------------------ */

/* What was stored, read and applied elsewhere, leads to the same state. */
static void replay(struct trial *trial, size_t size)
{
	struct row_scratch scratch;
	struct event event;
	struct effects effects = {0, read_item};

	memset(read_item, 0x3c, sizeof read_item);
	assert_int_equal(row_decode(row_bytes, size, &event, &effects, &scratch), DISP_OK);
	assert_int_equal(core_apply(trial->replay, &event, &effects), DISP_OK);
	assert_int_equal(core_digest(trial->replay), core_digest(trial->world.core));
	assert_int_equal(core_apply(trial->loaded, &event, &effects), DISP_OK);
	assert_int_equal(core_digest(trial->loaded), core_digest(trial->world.core));
}

/* The loaded core decides the same, in memory that holds other rubbish. */
static void decide_again(struct trial *trial, const struct event *event, size_t size)
{
	struct effects effects = {0, other_item};

	memset(other_item, 0x5a, sizeof other_item);
	enum disp_err err = core_decide(trial->loaded, event, &effects);

	assert_true(err == DISP_OK || err == DISP_E_FULL);
	assert_int_equal(row_encode(event, &effects, other_bytes, sizeof other_bytes), size);
	assert_memory_equal(other_bytes, row_bytes, size);
}

static void load(struct trial *trial)
{
	struct core_section section[CORE_SECTIONS_MAX];
	uint32_t count = core_save(trial->world.core, section);
	uint64_t used = 0;

	for (uint32_t index = 0; index < count; index++) { /* through memory of our own, as a file would be */
		assert_true(used + section[index].bytes <= sizeof image);
		memcpy(image + used, section[index].ptr, section[index].bytes);
		section[index].ptr = image + used;
		used += (section[index].bytes + 63) / 64 * 64;
	}
	free(trial->loaded_memory);
	trial->loaded = world_core(&trial->limits, &trial->loaded_memory);
	assert_int_equal(core_load(trial->loaded, section, count), DISP_OK);
	assert_int_equal(core_digest(trial->loaded), core_digest(trial->world.core));
	assert_true(core_due_ms(trial->loaded) == core_due_ms(trial->world.core));
}

/* --- a night ------------------------------------------------------------------------------------ */

static void one_row(struct trial *trial, struct event *event)
{
	struct world *world = &trial->world;
	uint64_t before = core_digest(world->core),
		 full = trial->rows % 64 == 0 ? core_digest_full(world->core) : 0;

	event->seq = world->seq + 1;
	event->epoch = 1;
	event->at_ms = world->now_ms;
	memset(world->item, 0xa5, sizeof world->item);
	enum disp_err err = core_decide(world->core, event, &world->row);

	assert_true(err == DISP_OK || err == DISP_E_FULL);
	assert_true(world->row.count <= EFFECTS_MAX);
	assert_int_equal(core_digest(world->core), before);
	assert_true(trial->rows % 64 != 0 || core_digest_full(world->core) == full);
	size_t size = row_encode(event, &world->row, row_bytes, sizeof row_bytes);

	assert_true(size > 0);
	decide_again(trial, event, size);
	assert_true(event->kind != EVENT_TICK || world_changes(&world->row));
	if (!world_changes(&world->row))
		return;
	assert_int_equal(core_apply(world->core, event, &world->row), DISP_OK);
	world->seq++;
	trial->rows++;
	replay(trial, size);
}

static void drain(struct trial *trial)
{
	for (uint32_t count = 0; core_due_ms(trial->world.core) <= trial->world.now_ms; count++) {
		struct event tick = {.kind = EVENT_TICK};

		trial->drained = false;
		assert_true(count < WORLD_TICKS_MAX);
		one_row(trial, &tick);
		check_books(trial);
	}
	trial->drained = true;
	check_books(trial);
}

static void step(struct trial *trial)
{
	struct world *world = &trial->world;
	struct event event = random_event(world);

	trial->drained = false;
	one_row(trial, &event);
	check_books(trial);
	if (!one_in(8)) /* else the next event comes before the core had its turn */
		drain(trial);
	if (one_in(4))
		world->now_ms += random_ms(one_in(30) ? 30 * HOUR_MS : 2 * MINUTE_MS);
	if (one_in(250))
		load(trial);
}

static void put(struct trial *trial, struct event event)
{
	one_row(trial, &event);
}

static void open_trial(struct trial *trial)
{
	static const char *const units[] = {"u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8"};

	memset(trial, 0, sizeof *trial);
	keepers_silent = one_in(3);
	trial->limits = world_limits();
	trial->limits.max[TABLE_INCIDENT] = 8 + below(24);
	for (uint32_t table = TABLE_NEED; table <= TABLE_TASK; table++)
		trial->limits.max[table] = EFFECTS_MAX + 50 + below(400);
	trial->limits.max[TABLE_IDENTITY] = 16 + below(40);
	trial->limits.max[TABLE_PLAYBOOK] = 6;
	trial->limits.max[TABLE_GRID] = trial->limits.max[TABLE_PERSON] = trial->limits.max[TABLE_UNIT] = 16;
	trial->limits.texts = 4400;
	trial->limits.text_bytes = 70000;
	world_open(&trial->world, &trial->limits);
	trial->replay = world_core(&trial->limits, &trial->replay_memory);
	trial->loaded = world_core(&trial->limits, &trial->loaded_memory);
	put(trial, (struct event){.kind = EVENT_TOWN, .u.town = {.code = t("T"), .offset_min = 480}});
	for (uint32_t index = 1; index < 6; index++)
		put(trial, (struct event){.kind = EVENT_PERSON,
				   .u.person = {.id = t(persons[index]), .roles = 1u << below(10)}});
	for (uint32_t index = 0; index < 4; index++)
		put(trial, (struct event){.kind = EVENT_GRID,
				   .u.grid = {.code = t(grids[index]),
					   .parent = t(index == 0 ? "" : grids[index > 2 ? 1 : index - 1]),
					   .head = PICK(persons),
					   .level = (uint8_t)(index > 2 ? 3 : index + 1)}});
	for (uint32_t index = 0; index < 3; index++) {
		put(trial, (struct event){.kind = EVENT_DEPOT,
				   .u.depot = {.id = t(depot_ids[index]),
					   .keeper = t("leader"),
					   .place = random_place()}});
		put(trial,
			(struct event){.kind = EVENT_STOCK,
				.u.stock = {.depot = t(depot_ids[index]), .item = t("ring"), .quantity = 9}});
	}
	for (uint32_t index = 0; index < 8; index++)
		put(trial, (struct event){.kind = EVENT_UNIT,
				   .u.unit = {.id = t(units[index]),
					   .skills = PICK(skill_sets),
					   .leader = PICK(persons),
					   .home = random_place(),
					   .speed_mm_s = 10000}});
	for (uint32_t index = 0; index < 5; index++) {
		static const char *const kinds[] = {"camera", "camera", "pump", "loudspeaker", "pump"};

		put(trial, (struct event){.kind = EVENT_DEVICE,
				   .u.device = {.id = t(device_ids[index]),
					   .kind = t(kinds[index]),
					   .grid = PICK(grids),
					   .actions = t("say start"),
					   .place = random_place()}});
		put(trial, (struct event){.kind = EVENT_LINK,
				   .u.link = {t(device_ids[index]), TARGET_DEVICE, true, 0}});
	}
	for (uint32_t index = 0; index < 20; index++)
		put(trial, random_registry());
}

static void close_trial(struct trial *trial)
{
	world_close(&trial->world);
	free(trial->replay_memory);
	free(trial->loaded_memory);
}

/* Presence is asked for often, and the bell is quick: else a night sees little of them. */
static void random_rules(struct core_rules *rules)
{
	rules->bell_ms = 20 * SECOND_MS;
	rules->bell_rings = 2;
	rules->presence_ms = 5 * MINUTE_MS;
	rules->presence_answer_ms = MINUTE_MS;
	rules->response[1] = (struct core_response){WHO_COMMITTEE, WHO_OFFICE | WHO_LEADER, RELEASE_AUTO};
	rules->response[2] = (struct core_response){0, WHO_DUTY_OFFICER, RELEASE_CONFIRM};
}

static void nights_balance(void **state)
{
	uint64_t cases = number_from("DISPATCH_CASES", CASES), seed = number_from("DISPATCH_SEED", 1);
	uint64_t rows = 0;
	static struct trial trial;

	(void)state;
	world_identity_keep_ms = 10 * MINUTE_MS;
	world_rules = random_rules;
	for (uint64_t number = 0; number < cases; number++) {
		random_state = seed + number;
		if (getenv("DISPATCH_VERBOSE") != NULL)
			printf("seed %llu\n", (unsigned long long)random_state);
		open_trial(&trial);
		for (uint32_t index = 0; index < LENGTH; index++)
			step(&trial);
		rows += trial.rows;
		close_trial(&trial);
	}
	printf("%llu nights of %d events from seed %llu, %llu rows\n", (unsigned long long)cases, LENGTH,
		(unsigned long long)seed, (unsigned long long)rows);
}

/* Records are hashed and stored eight bytes at a time. */
static void records_are_whole_words(void **state)
{
	(void)state;
	struct core_limits limits = world_limits();
	void *memory;
	struct core *core = world_core(&limits, &memory);

	for (uint32_t table = 0; table < TABLE_COUNT; table++)
		assert_int_equal(core->table[table].bytes % 8, 0);
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_whole_words),
		cmocka_unit_test(nights_balance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
