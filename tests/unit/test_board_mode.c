/* test_board_mode: what the pages for paper say of the daemon: island, conflict, which of two machines, and whether it leads. */
#include "board/board.h"
#include "core_world.h"

static void an_island_is_said(void **state)
{
	struct world world;
	struct board_view view;
	size_t count;
	char *out;

	(void)state;
	world_begin(&world);
	view = (struct board_view){.core = world.core, .now_ms = world.now_ms, .island = true};
	assert_int_equal(board_render(&view, &out, &count), DISP_OK);
	assert_non_null(memmem(out, count, "孤岛", strlen("孤岛")));
	assert_non_null(memmem(out, count, "无人签到", strlen("无人签到")));
	free(out);
	view.island = false;
	assert_int_equal(board_render(&view, &out, &count), DISP_OK);
	assert_null(memmem(out, count, "孤岛", strlen("孤岛")));
	free(out);
	world_close(&world);
}

/* Pages of two machines are told apart: whose it is, and that nothing leaves there. */
static void of_two_machines_a_page_says_whose_it_is(void **state)
{
	static const struct {
		struct board_view view;
		const char *has[4], *has_not;
	} shown[] = {
		{{.state = NULL}, {"运行", "正常"}, "本机"},
		{{.state = "leads", .holder = "<甲>", .leader = "<甲>"}, {"本机 ", "甲", "值守中(主机)"},
			";主机"},
		{{.state = "stands_by", .holder = "乙", .leader = "甲"},
			{"本机 乙", "备机,不发指令", ";主机 甲"}, "值守中"},
		{{.state = "held", .holder = "甲"}, {"指令暂停:本机什么也不发出"}, "值守中"},
		{{.state = "lost", .holder = "甲"}, {"已不再值守"}, "值守中"},
		{{.conflict = true, .island = true}, {"记录冲突"}, "无应答"},
		{{.fenced = true, .conflict = true}, {"已被接替"}, "无应答"},
	};
	struct world world;
	char *page;
	size_t count;

	(void)state;
	world_begin(&world);
	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
		for (uint32_t form = 0; form < 3; form++) {
			struct board_view view = shown[i].view;

			view.core = world.core;
			view.now_ms = world.now_ms;
			assert_int_equal(form == 0 ? board_render(&view, &page, &count)
						   : board_render_shift(&view, form == 1, &page, &count),
				DISP_OK);
			for (size_t j = 0; j < 4 && shown[i].has[j] != NULL; j++)
				if (memmem(page, count, shown[i].has[j], strlen(shown[i].has[j])) == NULL)
					fail_msg("%zu: no %s on page %u", i, shown[i].has[j], form);
			assert_null(memmem(page, count, shown[i].has_not, strlen(shown[i].has_not)));
			free(page);
		}
	}
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_island_is_said),
		cmocka_unit_test(of_two_machines_a_page_says_whose_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
