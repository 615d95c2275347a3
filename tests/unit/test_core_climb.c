/* test_core_climb: who was not reached: to whom the name climbs, and what an answer up there ends. */
#include "notice_world.h"

static void a_name_climbs_to_the_committee_and_stays(void **state)
{
	static const char *const rung[] = {"head-1", "head-v", "head-t", "office", "committee"};

	(void)state;
	begin(WHO_GRID_HEAD, ANSWER_BY_ROLE);
	raise_one();
	for (uint32_t index = 0; index < 5; index++) {
		assert_int_equal(state_of(rung[index]), NOTICE_PENDING);
		if (index > 0)
			assert_int_equal(told(rung[index])->climbed, told(rung[index - 1])->r.number);
		wait_for(300 * SECOND_MS);
		assert_int_equal(state_of(rung[index]), NOTICE_UNREACHED);
	}
	assert_int_equal(told("committee")->up, 0);
	wait_for(20 * MINUTE_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 0);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_TRY), 0);
	assert_int_equal(answer("office", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("office"), NOTICE_ANSWERED);
	for (uint32_t index = 0; index < 5; index++) /* below: answered for; above: may rest */
		assert_int_equal(state_of(rung[index]), index == 3 ? NOTICE_ANSWERED : NOTICE_ENDED);
	world_close(&world);
}

static void a_duty_officer_climbs_to_the_leaders(void **state)
{
	(void)state;
	begin(WHO_DUTY_OFFICER, ANSWER_BY_ROLE);
	world_person(&world, "leader-2", WHO_LEADER, "");
	raise_one();
	wait_for(300 * SECOND_MS);
	assert_int_equal(state_of("leader"), NOTICE_PENDING);
	assert_int_equal(state_of("leader-2"), NOTICE_PENDING);
	assert_int_equal(answer("leader-2", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("leader"), NOTICE_ENDED);
	assert_int_equal(state_of("officer"), NOTICE_ENDED);
	assert_string_equal(answerer_of("officer"), "leader-2");
	assert_false(is_called("officer"));
	world_close(&world);
}

static void begin_micro(void)
{
	begin(WHO_MICRO_HEADS, ANSWER_BY_ROLE);
	world_person(&world, "micro-1", WHO_GRID_MEMBER, "");
	world_person(&world, "micro-2", WHO_GRID_MEMBER, "");
	world_grid(&world, "M1", "G1", 4, "micro-1");
	world_grid(&world, "M2", "G1", 4, "micro-2");
	raise_one();
	wait_for(300 * SECOND_MS);
	assert_int_equal(state_of("micro-1"), NOTICE_UNREACHED);
	assert_int_equal(state_of("micro-2"), NOTICE_UNREACHED);
	assert_int_equal(notices_to("head-1"), 1);
}

static void two_names_climb_to_one_person_who_is_told_once(void **state)
{
	(void)state;
	begin_micro();
	assert_int_equal(answer("micro-1", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("head-1"), NOTICE_PENDING); /* the other is still missing */
	assert_int_equal(answer("micro-2", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("head-1"), NOTICE_ENDED);
	world_close(&world);
	begin_micro();
	assert_int_equal(answer("head-1", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("micro-1"), NOTICE_ENDED);
	assert_int_equal(state_of("micro-2"), NOTICE_ENDED);
	wait_for(HOUR_MS);
	assert_int_equal(notices_to("head-1"), 1);
	assert_int_equal(notices_to("head-v"), 0);
	world_close(&world);
}

/* --- somebody above was tried in vain --------------------------------------------------------------- */

/* Who joins the committee before the last try; NULL: nobody. */
static const char *world_late;

/* The head of G1 is told, and the one of M1 who is given `within_ms` to answer. */
static void begin_two(int64_t within_ms)
{
	struct playbook_def def = plan_for("pb", "alarm.water.person_near", "drowning");

	world_rules = desk_is_patient;
	world_begin(&world);
	world_person(&world, "micro-1", WHO_GRID_MEMBER, "");
	world_grid(&world, "M1", "G1", 4, "micro-1");
	plan_notify(&def, WHO_GRID_HEAD)->answer_within_ms = 300 * SECOND_MS;
	plan_notify(&def, WHO_MICRO_HEADS)->answer_within_ms = within_ms;
	def.receive_ms = def.dispose_ms = 0;
	world_playbook(&world, &def);
	raise_one();
	for (int64_t ms = 0; ms < within_ms; ms += 150 * SECOND_MS) {
		if (world_late != NULL && ms + 150 * SECOND_MS == within_ms)
			world_person(&world, world_late, WHO_COMMITTEE, "");
		wait_for(150 * SECOND_MS);
	}
}

static void a_name_goes_past_those_who_are_unreached(void **state)
{
	(void)state;
	begin_two(750 * SECOND_MS);
	assert_int_equal(state_of("head-1"), NOTICE_UNREACHED);
	assert_int_equal(state_of("head-v"), NOTICE_UNREACHED);
	assert_int_equal(state_of("micro-1"), NOTICE_UNREACHED);
	assert_int_equal(state_of("head-t"), NOTICE_PENDING);
	assert_int_equal(told("micro-1")->up, told("head-t")->r.number);
	assert_int_equal(notices_to("head-1") + notices_to("head-v") + notices_to("head-t"), 3);
	assert_int_equal(
		answer("head-v", "", "officer"), OUTCOME_OK); /* late, and for the first name alone */
	assert_int_equal(state_of("head-1"), NOTICE_ENDED);
	assert_int_equal(state_of("micro-1"), NOTICE_UNREACHED);
	assert_int_equal(state_of("head-t"), NOTICE_PENDING);
	assert_int_equal(answer("head-t", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("micro-1"), NOTICE_ENDED);
	assert_string_equal(answerer_of("micro-1"), "head-t");
	world_close(&world);
}

/* Of a role, whoever was not tried yet is told; those who were, are not told again. */
static void others_of_the_role_are_told_instead(void **state)
{
	(void)state;
	begin_two(1350 * SECOND_MS); /* the office was not reached either, the committee is told */
	assert_int_equal(state_of("office"), NOTICE_UNREACHED);
	assert_int_equal(told("micro-1")->up, told("committee")->r.number);
	world_close(&world);
	begin_two(1200 * SECOND_MS - 150 * SECOND_MS);
	assert_int_equal(told("micro-1")->up, told("office")->r.number); /* who still waits */
	world_close(&world);
}

/* Nobody is left above: the name stays on the list, and a late answer up there is for it as well. */
static void above_the_last_the_name_stays_on_the_list(void **state)
{
	(void)state;
	begin_two(1650 * SECOND_MS);
	assert_int_equal(state_of("committee"), NOTICE_UNREACHED);
	assert_int_equal(state_of("micro-1"), NOTICE_UNREACHED);
	assert_int_equal(told("micro-1")->up, told("committee")->r.number);
	assert_int_equal(notices_to("committee"), 1);
	assert_int_equal(answer("committee", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("micro-1"), NOTICE_ENDED);
	assert_int_equal(state_of("head-1"), NOTICE_ENDED);
	world_close(&world);
}

/* Somebody who came to the committee meanwhile was not tried: the name is his, and only his. */
static void who_was_not_tried_yet_is_told(void **state)
{
	(void)state;
	world_late = "deputy";
	begin_two(1650 * SECOND_MS);
	world_late = NULL;
	assert_int_equal(told("micro-1")->up, told("deputy")->r.number);
	assert_int_equal(notices_to("committee"), 1);
	assert_int_equal(notices_to("deputy"), 1);
	assert_int_equal(state_of("deputy"), NOTICE_PENDING);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_climbs_to_the_committee_and_stays),
		cmocka_unit_test(a_duty_officer_climbs_to_the_leaders),
		cmocka_unit_test(two_names_climb_to_one_person_who_is_told_once),
		cmocka_unit_test(a_name_goes_past_those_who_are_unreached),
		cmocka_unit_test(others_of_the_role_are_told_instead),
		cmocka_unit_test(above_the_last_the_name_stays_on_the_list),
		cmocka_unit_test(who_was_not_tried_yet_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
