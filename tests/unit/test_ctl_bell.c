/* test_ctl_bell: when the console's bell rings for alerts that nobody has seen, and for a presence check. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/bell.h"

static const int64_t now_ms = INT64_C(1782892800000); /* 2026-07-01T08:00:00Z */

/* Whether it rings, and says this; NULL: nothing. */
static void look(struct bell *bell, const char *shift, const char *said)
{
	struct screen screen = {.lang = LANG_EN, .width = 80, .offset_minutes = 480, .now_ms = now_ms};
	json_t *document = json_loads(shift, 0, NULL);
	char *text = NULL;
	size_t len = 0;
	bool rang;

	assert_non_null(document);
	screen.to = open_memstream(&text, &len);
	assert_non_null(screen.to);
	rang = bell_take(bell, &screen, document);
	assert_int_equal(fclose(screen.to), 0);
	assert_true(rang == (said != NULL));
	assert_true((strchr(text, '\a') != NULL) == (said != NULL));
	if (said != NULL && strstr(text, said) == NULL)
		fail_msg("no '%s' in %s", said, text);
	free(text);
	json_decref(document);
}

static void new_alerts_ring_and_old_ones_when_the_daemon_rings(void **state)
{
	struct bell bell = {.begun = false};

	(void)state;
	look(&bell, "{\"alerts\":2,\"rings\":3,\"oldest_alert_s\":10}", NULL); /* the prompt has them */
	look(&bell, "{\"alerts\":2,\"rings\":3,\"oldest_alert_s\":15}", NULL);
	look(&bell, "{\"alerts\":3,\"rings\":3,\"oldest_alert_s\":20}",
		"3 alerts nobody has seen, the oldest waits for 20s");
	look(&bell, "{\"alerts\":3,\"rings\":3,\"oldest_alert_s\":25}", NULL);
	look(&bell, "{\"alerts\":3,\"rings\":4,\"oldest_alert_s\":80}", "1m20s");
	look(&bell, "{\"alerts\":1,\"rings\":4,\"oldest_alert_s\":30}", NULL); /* two were seen */
	look(&bell, "{\"alerts\":0,\"rings\":5,\"oldest_alert_s\":null}", NULL);
	look(&bell, "{\"alerts\":1,\"rings\":0,\"oldest_alert_s\":1}", "1 alerts");
}

static void a_presence_check_is_announced_once(void **state)
{
	struct bell bell = {.begun = false};

	(void)state;
	look(&bell, "{\"alerts\":0,\"rings\":0,\"presence_due\":\"2026-07-01T08:02:01.000Z\"}", NULL);
	look(&bell, "{\"alerts\":0,\"rings\":0,\"presence_due\":\"2026-07-01T08:01:30.000Z\"}",
		"07-01 16:01:30");
	look(&bell, "{\"alerts\":0,\"rings\":0,\"presence_due\":\"2026-07-01T08:01:30.000Z\"}", NULL);
	look(&bell, "{\"alerts\":0,\"rings\":0,\"presence_due\":\"2026-07-01T08:01:40.000Z\"}", "16:01:40");
	look(&bell, "{\"alerts\":0,\"rings\":0,\"presence_due\":null}", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_alerts_ring_and_old_ones_when_the_daemon_rings),
		cmocka_unit_test(a_presence_check_is_announced_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
