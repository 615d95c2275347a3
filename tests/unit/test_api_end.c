/* test_api_end: what the answer says of who is out when a case ends, of a late yes, of a call in vain, of a merged case. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_fixture.h"

#define OPEN "{\"type\":\"drowning_risk\",\"lon\":113.44,\"lat\":34.78,\"by\":\"李四\",\"text\":\"落水\"}"

static void give(struct fixture *f, const char *name, const char *body, int status, const char *said)
{
	struct reply reply = call_command(f, name, body, status);

	if (said != NULL && strstr(reply.body, said) == NULL)
		fail_msg("%s %s: no %s in %s", name, body, said, reply.body);
	reply_free(&reply);
}

static void shows(struct fixture *f, const char *path, const char *said)
{
	struct reply reply = call_json(f, "GET", path, NULL, 200);

	if (strstr(reply.body, said) == NULL)
		fail_msg("%s: no %s in %s", path, said, reply.body);
	reply_free(&reply);
}

static void the_end_of_a_case_says_what_becomes_of_its_crews(void **state)
{
	struct fixture *f = *state;

	give(f, "incident-open", OPEN, 200, NULL);
	give(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U4\",\"by\":\"李四\"}", 200, NULL);
	give(f, "order-answer", "{\"order\":\"O1\",\"answer\":\"arrived\",\"by\":\"李四\"}", 200, NULL);
	give(f, "incident-done", "{\"incident\":\"2026-000001\",\"by\":\"李四\",\"dry_run\":true}", 200,
		"在场力量随事件结束(不撤回):U2(O1);撤回:");
	give(f, "incident-done", "{\"incident\":\"2026-000001\",\"by\":\"李四\"}", 200,
		"\"becomes\":\"done\"");
	shows(f, "/v1/orders/O1", "\"state\":\"done\"");
	/* the crew that has worked reports: it is thanked, not told to be sent again */
	give(f, "order-answer", "{\"order\":\"O1\",\"answer\":\"done\",\"by\":\"李四\"}", 409,
		"已随事件结束,无需再报");
	give(f, "order-answer", "{\"order\":\"O2\",\"answer\":\"done\",\"by\":\"李四\"}", 409,
		"已随事件结束,无需再报");
}

static void a_late_yes_says_that_it_counts(void **state)
{
	struct fixture *f = *state;
	uint32_t last;
	char body[128];

	give(f, "incident-open", OPEN, 200, NULL);
	shell_pass(f, 61 * 1000);
	shows(f, "/v1/orders/O1", "\"state\":\"expired\"");
	last = query_town(f->core)->orders;
	assert_true(last > 1);
	give(f, "order-answer", "{\"order\":\"O1\",\"answer\":\"accept\",\"by\":\"李四\"}", 200,
		"虽已逾时但尚无人承担,派遣恢复有效");
	shows(f, "/v1/orders/O1", "\"state\":\"accepted\"");
	(void)snprintf(body, sizeof body, "/v1/orders/O%u", last);
	shows(f, body, "\"state\":\"recalled\"");
}

static void a_call_in_vain_says_when_the_next_one_comes(void **state)
{
	struct fixture *f = *state;
	char body[128];

	give(f, "incident-open", OPEN, 200, NULL);
	const struct notice *notice = query_at(f->core, TABLE_NOTICE, query_slot(f->core, TABLE_NOTICE, 1));

	(void)snprintf(body, sizeof(body), "{\"task\":\"T%u\",\"by\":\"李四\",\"no_answer\":true}",
		notice->call_task);
	give(f, "task-done", body, 200, ";未联系到人,第1次(共3次),下次叫应在");
	struct reply reply = call_json(f, "GET", "/v1/tasks?all=true", NULL, 200);

	reply_free(&reply);
	/* the call about an order: what was said is still to be recorded */
	const struct order *order = query_at(f->core, TABLE_ORDER, query_slot(f->core, TABLE_ORDER, 1));

	(void)snprintf(body, sizeof(body), "{\"task\":\"T%u\",\"by\":\"李四\"}", order->call_task);
	give(f, "task-done", body, 200, ";注意:派遣O1仍未答复(等到");
}

static void what_goes_on_of_a_merged_case_bears_the_number_of_the_other(void **state)
{
	struct fixture *f = *state;

	give(f, "incident-open", OPEN, 200, NULL);
	give(f, "incident-open", OPEN, 200, NULL);
	give(f, "order-send", "{\"incident\":\"2026-000002\",\"unit\":\"U4\",\"by\":\"李四\"}", 200, NULL);
	uint32_t last = query_town(f->core)->orders;
	char path[64];

	give(f, "incident-merge", "{\"incident\":\"2026-000002\",\"into\":\"2026-000001\"}", 200, NULL);
	(void)snprintf(path, sizeof path, "/v1/orders/O%u", last);
	shows(f, path, "\"incident\":\"2026-000001\",\"merged_from\":\"2026-000002\"");
	shows(f, "/v1/orders?incident=2026-000001", "\"who\":\"U4\"");
	struct reply reply = call_json(f, "GET", "/v1/tasks", NULL, 200);

	assert_null(strstr(reply.body, "2026-000002"));
	reply_free(&reply);
	give(f, "incident-split", "{\"incident\":\"2026-000002\"}", 200, NULL);
	shows(f, path, "\"incident\":\"2026-000002\",\"merged_from\":null");
}

/* The list counts what runs where it goes on, and of a merged case says where that is. */
static void a_merged_case_has_nothing_out_of_its_own(void **state)
{
	struct fixture *f = *state;

	give(f, "incident-open", OPEN, 200, NULL);
	give(f, "incident-open", OPEN, 200, NULL);
	give(f, "order-send", "{\"incident\":\"2026-000002\",\"unit\":\"U4\",\"by\":\"李四\"}", 200, NULL);
	uint32_t live = 0;

	for (uint32_t slot = 1; slot <= query_used(f->core, TABLE_INCIDENT); slot++)
		live += ((const struct incident *)query_at(f->core, TABLE_INCIDENT, slot))->live_orders;
	give(f, "incident-merge", "{\"incident\":\"2026-000002\",\"into\":\"2026-000001\"}", 200, NULL);
	char said[64];

	(void)snprintf(said, sizeof said, "\"orders_live\":%u", live);
	shows(f, "/v1/incidents/2026-000001", said);
	shows(f, "/v1/incidents/2026-000002", "\"orders_live\":0");
	shows(f, "/v1/incidents/2026-000002", "\"short\":0");
}

/* Whoever is sent although it is out says for which case, and that it has its load. */
static void a_crew_that_is_out_is_said_to_be_shared(void **state)
{
	struct fixture *f = *state;

	give(f, "incident-open", OPEN, 200, NULL);
	give(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U4\",\"by\":\"李四\"}", 200, NULL);
	give(f, "incident-open", OPEN, 200, NULL);
	give(f, "order-send",
		"{\"incident\":\"2026-000002\",\"unit\":\"U4\",\"by\":\"李四\",\"also\":true,\"dry_run\":"
		"true}",
		200, "事件2026-000001(U4正为其出动,O");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_end_of_a_case_says_what_becomes_of_its_crews, setup, teardown),
		cmocka_unit_test_setup_teardown(a_late_yes_says_that_it_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(a_call_in_vain_says_when_the_next_one_comes, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_goes_on_of_a_merged_case_bears_the_number_of_the_other, setup, teardown),
		cmocka_unit_test_setup_teardown(a_merged_case_has_nothing_out_of_its_own, setup, teardown),
		cmocka_unit_test_setup_teardown(a_crew_that_is_out_is_said_to_be_shared, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
