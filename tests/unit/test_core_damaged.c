/* test_core_damaged: rows and images that no core wrote are refused before anything follows what they say. */
#include "core/state.h"
#include "core_world.h"

static struct core_section section[CORE_SECTIONS_MAX];

/* A case with orders, so that there is something to name. */
static void case_begin(struct world *world, const struct core_limits *limits)
{
	struct playbook_def def = plan_for("p", "alarm.a", "ia");
	const struct event events[] = {{.kind = EVENT_TOWN, .u.town = {.code = t("T"), .offset_min = 480}},
		{.kind = EVENT_DEPOT, .u.depot = {.id = t("d")}},
		{.kind = EVENT_STOCK, .u.stock = {.depot = t("d"), .item = t("ring"), .quantity = 9}},
		{.kind = EVENT_UNIT, .u.unit = {.id = t("u"), .skills = t("water"), .speed_mm_s = 10000}},
		{.kind = EVENT_DEVICE, .u.device = {.id = t("cam"), .kind = t("camera")}},
		{.kind = EVENT_PLAYBOOK, .u.playbook = {&def}},
		{.kind = EVENT_PLAN, .u.plan = {.hash = {1}, .count = 1}},
		{.kind = EVENT_ALARM,
			.u.alarm = {.source = t("cam"),
				.id = t("1"),
				.type = t("alarm.a"),
				.identity = {1, 2},
				.state = ALARM_RAISED,
				.confidence_ppm = 1000000}}};

	plan_send(&def, "water", 1);
	plan_supply(&def, "ring", 2);
	world_open(world, limits);
	for (size_t index = 0; index < sizeof(events) / sizeof(events[0]); index++)
		(void)world_put(world, events[index]);
	assert_int_equal(query_town(world->core)->incidents, 1);
	assert_int_equal(query_town(world->core)->orders, 2);
}

/* --- rows ------------------------------------------------------------------------------------------- */

/* The row of one effect, at a town of its own. */
static enum disp_err row(uint32_t kind, struct effect effect)
{
	struct core_limits limits = world_limits();
	struct world world;
	struct effects effects = {1, &effect};
	struct event event = {.kind = kind};

	case_begin(&world, &limits);
	event.seq = world.seq + 1;
	event.at_ms = world.now_ms;
	enum disp_err err = core_apply(world.core, &event, &effects);

	if (err == DISP_OK)
		assert_int_equal(core_digest(world.core), core_digest_full(world.core));
	world_close(&world);
	return err;
}

/* What an event holds is looked at only where it is of that kind. */
static void effects_of_another_event_are_refused(void **state)
{
	(void)state;
	for (uint32_t what = EVENT_GRID; what <= EVENT_PLAYBOOK; what++)
		assert_int_equal(
			row(EVENT_TICK, (struct effect){.kind = EFFECT_REGISTERED,
						.u.registered = {.what = (uint8_t)what, .number = 1}}),
			DISP_E_DAMAGED);
	assert_int_equal(row(EVENT_TICK, (struct effect){.kind = EFFECT_PLAN}), DISP_E_DAMAGED);
	assert_int_equal(row(EVENT_TICK, (struct effect){.kind = EFFECT_SILENCE,
						 .u.silence = {.number = 1, .active = true}}),
		DISP_E_DAMAGED);
}

static void the_number_none_is_refused(void **state)
{
	(void)state;
	assert_int_equal(row(EVENT_TICK, (struct effect){.kind = EFFECT_INCIDENT}), DISP_E_DAMAGED);
	assert_int_equal(
		row(EVENT_SILENCE, (struct effect){.kind = EFFECT_SILENCE, .u.silence = {.active = true}}),
		DISP_E_DAMAGED);
}

static void an_order_ends_only_in_its_own_case(void **state)
{
	struct effect effect = {.kind = EFFECT_ORDER_STATE,
		.u.order_state = {.order = 1, .incident = 0, .from = ORDER_ISSUED, .to = ORDER_RECALLED}};

	(void)state;
	assert_int_equal(row(EVENT_TICK, effect), DISP_E_DAMAGED);
	effect.u.order_state.incident = 2026000001;
	assert_int_equal(row(EVENT_TICK, effect), DISP_OK);
}

/* A sum beyond 64 bits. */
static void stock_beyond_all_numbers_is_refused(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	struct effect item[] = {
		{.kind = EFFECT_STOCK, .u.stock = {.stock = 1, .on_hand = INT64_MAX, .reserved = INT64_MAX}},
		{.kind = EFFECT_SUPPLY,
			.u.supply = {.number = 2, .order = 2, .stock = 1, .quantity = INT64_MAX}}};
	struct effects effects = {2, item};
	struct event event = {.kind = EVENT_TICK};

	(void)state;
	case_begin(&world, &limits);
	item[1].u.supply.number = query_town(world.core)->supplies + 1;
	event.seq = world.seq + 1;
	event.at_ms = world.now_ms;
	assert_int_equal(core_apply(world.core, &event, &effects), DISP_E_DAMAGED);
	world_close(&world);
}

/* A device that is expected in more than all time is never due. */
static void a_device_expected_never_is_never_due(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;

	(void)state;
	case_begin(&world, &limits);
	(void)world_put(&world,
		(struct event){.kind = EVENT_DEVICE,
			.u.device = {.id = t("cam"), .kind = t("camera"), .expect_every_ms = INT64_MAX}});
	assert_true(device_of(&world, "cam")->seen_ms > 0);
	assert_true(device_due_ms(world.core, device_of(&world, "cam")) == 0);
	world_close(&world);
}

/* What apply would refuse, decide refuses first. */
static void a_plan_without_a_name_is_invalid(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	struct playbook_def def = plan_for("", "alarm.b", "ib");

	(void)state;
	case_begin(&world, &limits);
	def.hash[0] = 2;
	assert_int_equal(world_put(&world, (struct event){.kind = EVENT_PLAYBOOK, .u.playbook = {&def}}),
		OUTCOME_INVALID);
	world_close(&world);
}

/* --- images ------------------------------------------------------------------------------------------ */

/* Every byte of the image changed, one at a time: refused, or a byte that nothing rests on. */
static void a_changed_image_is_refused(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	void *memory;
	uint32_t passed = 0, tried = 0;

	(void)state;
	limits.max[TABLE_INCIDENT] = limits.max[TABLE_PLAYBOOK] = 8;
	limits.max[TABLE_IDENTITY] = limits.max[TABLE_GRID] = limits.max[TABLE_PERSON] = 8;
	limits.max[TABLE_UNIT] = limits.max[TABLE_STOCK] = limits.max[TABLE_DEVICE] = 8;
	case_begin(&world, &limits);
	uint32_t count = core_save(world.core, section);
	struct core *fresh = world_core(&limits, &memory);

	for (uint32_t index = 0; index < count; index++)
		for (uint64_t at = 0; at < section[index].bytes; at += 1 + at / 64) {
			struct core_section *one = &section[index];
			const void *kept = one->ptr;
			uint8_t *bytes = malloc(one->bytes);

			memcpy(bytes, kept, one->bytes);
			bytes[at] ^= 0x81;
			one->ptr = bytes;
			passed += core_load(fresh, section, count) == DISP_OK;
			tried++;
			one->ptr = kept;
			free(bytes);
		}
	assert_true(tried > 500);
	assert_true(passed < tried / 8); /* the head's own padding, and words of skills that nobody has */
	assert_int_equal(core_load(fresh, section, count), DISP_OK);
	assert_int_equal(core_digest(fresh), core_digest(world.core));
	free(memory);
	world_close(&world);
}

/* The digest does not see what stands in free slots: a list of them that goes round, or out, is refused. */
static void free_slots_that_are_none_are_refused(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	void *memory;
	struct order *order;

	(void)state;
	case_begin(&world, &limits);
	state_free(world.core, TABLE_ORDER, 1);
	state_settle(world.core);
	uint32_t count = core_save(world.core, section);
	struct core *fresh = world_core(&limits, &memory);

	assert_int_equal(core_load(fresh, section, count), DISP_OK);
	order = (struct order *)(void *)(world.core->table[TABLE_ORDER].base +
					 world.core->table[TABLE_ORDER].bytes);
	for (uint32_t slot = 1; slot <= 4; slot++) { /* itself, one that is taken, two that are not there */
		order->r.slot = slot == 4 ? UINT32_MAX : slot;
		assert_int_equal(core_load(fresh, section, count), DISP_E_DAMAGED);
	}
	free(memory);
	free(world.memory);
	free(world.seen);
}

static void a_text_outside_of_the_texts_is_refused(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	void *memory;

	(void)state;
	case_begin(&world, &limits);
	uint32_t count = core_save(world.core, section);
	struct core *fresh = world_core(&limits, &memory);
	struct text_entry *entry = &world.core->texts.entry[2], kept = *entry;

	entry->offset = UINT32_MAX;
	assert_int_equal(core_load(fresh, section, count), DISP_E_DAMAGED);
	*entry = kept;
	entry->len = UINT32_MAX;
	assert_int_equal(core_load(fresh, section, count), DISP_E_DAMAGED);
	*entry = kept;
	entry->hash++;
	assert_int_equal(core_load(fresh, section, count), DISP_E_DAMAGED);
	*entry = kept;
	assert_int_equal(core_load(fresh, section, count), DISP_OK);
	free(memory);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(effects_of_another_event_are_refused),
		cmocka_unit_test(the_number_none_is_refused),
		cmocka_unit_test(an_order_ends_only_in_its_own_case),
		cmocka_unit_test(stock_beyond_all_numbers_is_refused),
		cmocka_unit_test(a_device_expected_never_is_never_due),
		cmocka_unit_test(a_plan_without_a_name_is_invalid),
		cmocka_unit_test(a_changed_image_is_refused),
		cmocka_unit_test(free_slots_that_are_none_are_refused),
		cmocka_unit_test(a_text_outside_of_the_texts_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
