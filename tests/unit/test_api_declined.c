/* test_api_declined: a crew that said no: its order, the crew itself and the story say who, when and why. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_fixture.h"

#define OPEN                                                                                                 \
	"{\"type\":\"drowning_risk\",\"lon\":113.44,\"lat\":34.78,\"by\":\"李四\",\"caller\":\"王五\","  \
	"\"text\":\"落水\"}"

/* O1's unit declines; its id. */
static const char *decline_first(struct fixture *f, const char *reason)
{
	static char unit[64];
	char body[256];
	struct reply reply = call_command(f, "incident-open", OPEN, 200);

	reply_free(&reply);
	reply = call_json(f, "GET", "/v1/orders/O1", NULL, 200);
	snprintf(unit, sizeof(unit), "%.60s", member(&reply, "who"));
	assert_string_equal(member(&reply, "said_at"), "null");
	reply_free(&reply);
	snprintf(body, sizeof(body),
		"{\"order\":\"O1\",\"answer\":\"decline\",\"by\":\"张三\",\"channel\":\"phone\"%s}", reason);
	reply = call_command(f, "order-answer", body, 200);
	reply_free(&reply);
	return unit;
}

/* The object of one unit out of the list. */
static bool marked_in(struct fixture *f, const char *list)
{
	struct reply reply = call(f, "GET", list, NULL);
	bool found =
		strstr(reply.body, "\"declined\":{\"order\":\"O1\",\"incident\":\"2026-000001\"") != NULL;

	assert_null(strstr(reply.body, "水泵坏了"));
	reply_free(&reply);
	return found;
}

static void an_order_says_who_declined_and_why(void **state)
{
	struct fixture *f = *state;
	char path[128];
	const char *unit = decline_first(f, ",\"reason\":\"水泵坏了\"");
	struct reply reply = call_json(f, "GET", "/v1/orders/O1", NULL, 200);

	assert_string_equal(member(&reply, "state"), "declined");
	assert_string_equal(member(&reply, "reason"), "水泵坏了");
	assert_string_equal(member(&reply, "said_by"), "张三");
	assert_true(strncmp(member(&reply, "said_at"), "2026-07-01T08:", 14) == 0);
	reply_free(&reply);
	snprintf(path, sizeof(path), "/v1/units/%s", unit);
	reply = call_json(f, "GET", path, NULL, 200);
	assert_non_null(strstr(member(&reply, "declined"), "\"reason\":\"水泵坏了\",\"said_by\":\"张三\""));
	reply_free(&reply);
	reply = call(f, "GET", "/v1/incidents/2026-000001", NULL);
	assert_non_null(strstr(reply.body, "\"reason\":\"水泵坏了\",\"said_by\":\"张三\""));
	snprintf(path, sizeof(path), "谢绝(%s", unit);
	assert_non_null(strstr(reply.body, path));
	assert_null(strstr(reply.body, "变为已谢绝:已谢绝"));
	reply_free(&reply);
}

/* In the lists it stands for an hour; on the crew's own sheet it stays. */
static void a_list_marks_who_has_just_declined(void **state)
{
	struct fixture *f = *state;
	char path[128];

	assert_false(marked_in(f, "/v1/units"));
	snprintf(path, sizeof(path), "/v1/units/%s", decline_first(f, ",\"reason\":\"水泵坏了\""));
	assert_true(marked_in(f, "/v1/units"));
	assert_true(marked_in(f, "/v1/nearest?lon=113.44&lat=34.78&k=50"));
	f->now_ms += 61 * 60 * 1000;
	assert_false(marked_in(f, "/v1/units"));
	assert_false(marked_in(f, "/v1/nearest?lon=113.44&lat=34.78&k=50"));
	struct reply reply = call_json(f, "GET", path, NULL, 200);

	assert_non_null(strstr(member(&reply, "declined"), "\"reason\":\"水泵坏了\""));
	reply_free(&reply);
}

static void a_reason_need_not_be_given(void **state)
{
	struct fixture *f = *state;
	struct reply reply;

	(void)decline_first(f, "");
	reply = call_json(f, "GET", "/v1/orders/O1", NULL, 200);
	assert_string_equal(member(&reply, "reason"), "null");
	assert_string_equal(member(&reply, "said_by"), "张三");
	reply_free(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_order_says_who_declined_and_why, setup, teardown),
		cmocka_unit_test_setup_teardown(a_list_marks_who_has_just_declined, setup, teardown),
		cmocka_unit_test_setup_teardown(a_reason_need_not_be_given, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
