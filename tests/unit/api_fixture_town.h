/* api_fixture_town: the small town of the tests of the api: grids, people, crews, a depot, a camera, a plan. */
#ifndef TESTS_API_FIXTURE_TOWN_H
#define TESTS_API_FIXTURE_TOWN_H

#include "api_fixture_shell.h"

static const struct event_person office[] = {
	{.id = {"duty-1", 6}, .name = {"韩雪", 6}, .roles = WHO_DUTY_OFFICER},
	{.id = {"lead-1", 6}, .name = {"梁华", 6}, .roles = WHO_LEADER},
	{.id = {"cm-1", 4}, .name = {"罗清", 6}, .roles = WHO_COMMITTEE},
	{.id = {"keeper-1", 8}, .name = {"唐霞", 6}, .roles = WHO_KEEPER},
	{.id = {"auditor-1", 9}, .name = {"朱梅", 6}, .roles = WHO_AUDITOR},
	{.id = {"crew-1", 6}, .name = {"郭玲", 6}},
	{.id = {"crew-2", 6}, .name = {"郭玲", 6}},
};

static void town_build_grids(struct fixture *f)
{
	struct event event = {.kind = EVENT_TOWN};

	event.u.town = (struct event_town){
		.code = TEXT("TT"), .name = TEXT("测试镇"), .offset_min = 480, .demonstration = true};
	take(f, event);
	event = (struct event){.kind = EVENT_PERSON};
	event.u.person = (struct event_person){TEXT("P1"), TEXT("张三"), TEXT("13800000000"), TEXT("office"),
		TEXT("G3"), WHO_DUTY_OFFICER | WHO_GRID_HEAD};
	take(f, event);
	for (uint8_t level = 1; level <= 3; level++) {
		static const char *const codes[] = {"", "G1", "G2", "G3"};
		struct event grid = {.kind = EVENT_GRID};

		grid.u.grid = (struct event_grid){{codes[level], 2}, TEXT("网格"),
			{codes[level - 1], level > 1 ? 2 : 0}, TEXT("P1"), level};
		take(f, grid);
	}
}

/* Two crews of water rescue, two of grid workers, a kilometre apart; a depot, a camera. */
static void town_build_means(struct fixture *f)
{
	struct event event;

	for (int i = 0; i < 4; i++) {
		static const char *const ids[] = {"U1", "U2", "U3", "U4"};
		struct event unit = {.kind = EVENT_UNIT};

		unit.u.unit = (struct event_unit){.id = {ids[i], 2},
			.name = TEXT("救援一队"),
			.kind = TEXT("crew"),
			.skills = i < 2 ? TEXT("water_rescue medic") : TEXT("grid_worker"),
			.leader = TEXT("P1"),
			.home = place_at(113.43 + 0.01 * i, 34.78),
			.speed_mm_s = 10000,
			.turnout_ms = 60000,
			.members = 4};
		take(f, unit);
	}
	event = (struct event){.kind = EVENT_DEPOT};
	event.u.depot = (struct event_depot){
		TEXT("D1"), TEXT("一号仓库"), TEXT("P1"), place_at(113.42, 34.77), 60000};
	take(f, event);
	event = (struct event){.kind = EVENT_STOCK};
	event.u.stock =
		(struct event_stock){TEXT("D1"), TEXT("life_ring"), TEXT("救生圈"), TEXT("个"), 10, 20, 0};
	take(f, event);
	event = (struct event){.kind = EVENT_DEVICE};
	event.u.device = (struct event_device){.id = TEXT("cam-1"),
		.kind = TEXT("camera"),
		.name = TEXT("河边"),
		.grid = TEXT("G3"),
		.actions = TEXT("say"),
		.place = place_at(113.4312, 34.7801),
		.expect_every_ms = 60000};
	take(f, event);
}

/* A person near the water: a crew, life rings, the head of the grid. */
static void town_build_plan(struct fixture *f)
{
	static struct playbook_def def;
	struct event event;

	def = (struct playbook_def){.id = TEXT("water"),
		.title = TEXT("水边危险"),
		.hash = {1},
		.type = {TEXT("alarm.water.person_near")},
		.type_count = 1,
		.incident_type = TEXT("drowning_risk"),
		.priority = 1,
		.grade = GRADE_GENERAL,
		.response_level = 4,
		.release = RELEASE_AUTO,
		.step_count = 3,
		.dispose_ms = 86400000,
		.receive_ms = 3600000,
		.climb = {WHO_GRID_HEAD},
		.climb_count = 1};
	def.step[0] = (struct step_def){.kind = STEP_SEND,
		.level = 1,
		.skills = TEXT("water_rescue"),
		.count = 1,
		.arrive_within_ms = 600000};
	def.step[1] =
		(struct step_def){.kind = STEP_SUPPLY, .level = 1, .item = TEXT("life_ring"), .quantity = 4};
	def.step[2] = (struct step_def){
		.kind = STEP_NOTIFY, .level = 1, .who = WHO_GRID_HEAD, .answer_within_ms = 300000};
	event = (struct event){.kind = EVENT_PLAYBOOK};
	event.u.playbook.def = &def;
	take(f, event);
	event = (struct event){.kind = EVENT_PLAN};
	event.u.plan = (struct event_plan){{7}, 1};
	take(f, event);
}

static void town_build(struct fixture *f)
{
	town_build_grids(f);
	town_build_means(f);
	town_build_plan(f);
	for (size_t i = 0; i < sizeof(office) / sizeof(office[0]); i++) {
		struct event event = {.kind = EVENT_PERSON};

		event.u.person = office[i];
		take(f, event);
	}
}

#endif
