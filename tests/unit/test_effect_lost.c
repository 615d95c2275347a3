/* test_effect_lost: a camera by the water that clears and raises again: spoken to again, but not for ever. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../property/town_core.h"

static const int64_t start_ms = INT64_C(1782878400000);

struct bench {
	struct town_core world;
	uint64_t alarms;
	uint32_t spoken, rescues; /* orders to loudspeakers; requirements of water rescue */
};

static void witness(void *context, const struct event *event, const struct effects *effects)
{
	struct bench *bench = context;
	uint64_t rescue = query_skill_set(bench->world.core, TEXT("water_rescue"));

	(void)event;
	for (uint32_t index = 0; index < effects->count; index++) {
		const struct effect *effect = &effects->item[index];

		bench->spoken += effect->kind == EFFECT_ORDER && effect->u.order.target == TARGET_DEVICE;
		bench->rescues += effect->kind == EFFECT_NEED && effect->u.need.skills == rescue;
	}
}

static int bench_make(void **state)
{
	struct bench *bench = calloc(1, sizeof *bench);

	*state = bench;
	if (bench == NULL || !town_core_open(&bench->world, "playbooks", "ops/towns/yulong") ||
		town_core_fill(&bench->world, start_ms - 3600000) != DISP_OK)
		return -1;
	bench->world.witness = witness;
	bench->world.witness_context = bench;
	return 0;
}

static int bench_end(void **state)
{
	town_core_close(&((struct bench *)*state)->world);
	free(*state);
	return 0;
}

/* Always the town's first camera at a river. */
static void speak(struct bench *bench, uint8_t alarm_state, int64_t after_ms)
{
	const struct town *town = bench->world.town;
	const struct town_device *camera = NULL;
	struct event event = {.kind = EVENT_ALARM};

	for (uint32_t index = 0; index < town->device_count && camera == NULL; index++)
		if (strcmp(town->device[index].kind, "river_camera") == 0)
			camera = &town->device[index];
	assert_non_null(camera);
	event.u.alarm = (struct event_alarm){.source = {camera->id, (uint32_t)strlen(camera->id)},
		.id = TEXT("a"),
		.type = TEXT("alarm.water.person_near"),
		.identity = {++bench->alarms, 1},
		.state = alarm_state,
		.has_place = alarm_state == ALARM_RAISED,
		.time_ms = start_ms + after_ms,
		.confidence_ppm = 930000};
	assert_int_equal(geo_place_from_e7(347801000, 1134312000, &event.u.alarm.place), DISP_OK);
	assert_int_equal(town_core_advance(&bench->world, start_ms + after_ms), DISP_OK);
	assert_int_equal(town_core_take(&bench->world, &event, start_ms + after_ms), DISP_OK);
	assert_int_equal(bench->world.effects.item[0].u.alarm.result, ALARM_ACCEPTED);
	assert_int_equal(town_core_advance(&bench->world, start_ms + after_ms), DISP_OK);
}

static void flaps_thrice_then_help_goes(void **state)
{
	struct bench *bench = *state;

	for (uint32_t episode = 0; episode < 3; episode++) {
		speak(bench, ALARM_RAISED, episode * 20000);
		assert_int_equal(bench->spoken, episode + 1);
		speak(bench, ALARM_CLEARED, episode * 20000 + 10000);
		assert_int_equal(bench->rescues, 0);
	}
	speak(bench, ALARM_RAISED, 60000); /* it has not helped: no fourth time */
	assert_int_equal(bench->spoken, 3);
	assert_int_equal(bench->rescues, 1);
	for (uint32_t episode = 4; episode < 10; episode++) { /* and once is enough */
		speak(bench, ALARM_CLEARED, episode * 20000 + 10000);
		speak(bench, ALARM_RAISED, episode * 20000 + 20000);
	}
	assert_int_equal(bench->spoken, 3);
	assert_int_equal(bench->rescues, 1);
	assert_int_equal(query_used(bench->world.core, TABLE_INCIDENT), 1);
	assert_int_equal(core_digest(bench->world.core), core_digest_full(bench->world.core));
}

/* The same alarm said again while it stands is no new one: nothing is begun anew, and the 30 s run on. */
static void a_repeat_restarts_nothing(void **state)
{
	struct bench *bench = *state;

	speak(bench, ALARM_RAISED, 0);
	speak(bench, ALARM_RAISED, 10000);
	speak(bench, ALARM_RAISED, 29999);
	assert_int_equal(bench->spoken, 1);
	assert_int_equal(bench->rescues, 0);
	assert_int_equal(town_core_advance(&bench->world, start_ms + 30000), DISP_OK);
	assert_int_equal(bench->rescues, 1);
	assert_int_equal(bench->spoken, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(flaps_thrice_then_help_goes, bench_make, bench_end),
		cmocka_unit_test_setup_teardown(a_repeat_restarts_nothing, bench_make, bench_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
