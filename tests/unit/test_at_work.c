/* test_at_work: messages that bring the process down, in processes that are made for it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/at_work.h"

static char dir[64];
static char told[4096];

static void report(void *context, enum store_level level, const char *text)
{
	(void)context;
	(void)level;
	snprintf(told + strlen(told), sizeof told - strlen(told), "%s\n", text);
}

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/test_at_work.XXXXXX");
	told[0] = '\0';
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int remove_dir(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

static struct at_work *open_at(int64_t wall_ms)
{
	struct at_work *at_work;

	assert_int_equal(at_work_open(&at_work, dir, wall_ms, report, NULL), DISP_OK);
	return at_work;
}

enum end { END_SEGV, END_ABORT, END_STACK, END_KILL, END_EXIT, END_AFTER };

static int overrun(volatile int depth)
{
	volatile char room[4096];

	room[depth % 4096] = (char)depth;
	return depth > 0 ? overrun(depth + 1) + room[depth % 4096] : 0;
}

/* A process takes this message in and ends; returns whether it was allowed to. */
static bool lives_and_ends(const char *message, enum end end)
{
	fflush(NULL);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct at_work *at_work;
		struct rlimit none = {0, 0};

		(void)setrlimit(RLIMIT_CORE, &none);
		if (at_work_open(&at_work, dir, 0, NULL, NULL) != DISP_OK)
			_exit(3);
		at_work_catch(at_work);
		if (!at_work_begin(at_work, 1, message, strlen(message)))
			_exit(2);
		if (end == END_AFTER)
			at_work_end(at_work);
		if (end == END_SEGV || end == END_AFTER)
			(void)raise(SIGSEGV);
		if (end == END_ABORT)
			abort();
		if (end == END_STACK)
			_exit(overrun(1));
		if (end == END_KILL)
			(void)raise(SIGKILL);
		_exit(0);
	}
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	return !(WIFEXITED(status) && WEXITSTATUS(status) == 2);
}

static void twice_and_it_is_set_aside(void **state)
{
	struct at_work *at_work;
	uint8_t *bytes;
	size_t count;

	(void)state;
	assert_true(lives_and_ends("the child at the water", END_SEGV));
	at_work = open_at(1000);
	assert_int_equal(at_work_at(at_work, 0)->times, 1);
	assert_false(at_work_at(at_work, 0)->aside);
	assert_non_null(strstr(told, "brought the dispatcher down, time 1"));
	at_work_close(at_work);

	assert_true(lives_and_ends("the child at the water", END_ABORT)); /* once is no proof */
	told[0] = '\0';
	at_work = open_at(2000);
	assert_int_equal(at_work_at(at_work, 0)->times, 2);
	assert_true(at_work_at(at_work, 0)->aside && at_work_at(at_work, 0)->fresh);
	assert_non_null(strstr(told, "SET ASIDE"));
	assert_false(at_work_begin(at_work, 1, "the child at the water", 22));
	assert_true(at_work_begin(at_work, 1, "another child", 13));
	assert_true(at_work_begin(at_work, 2, "the child at the water", 22)); /* through another door */
	at_work_end(at_work);
	assert_int_equal(at_work_read(at_work, at_work_at(at_work, 0)->id, &bytes, &count), DISP_OK);
	assert_int_equal(count, 22);
	assert_memory_equal(bytes, "the child at the water", 22);
	free(bytes);
	at_work_close(at_work);

	at_work = open_at(3000); /* remembered, told once */
	assert_true(at_work_at(at_work, 0)->aside);
	assert_false(at_work_at(at_work, 0)->fresh);
	assert_false(at_work_begin(at_work, 1, "the child at the water", 22));
	char id[AT_WORK_ID_BYTES];

	memcpy(id, at_work_at(at_work, 0)->id, sizeof id);
	assert_int_equal(at_work_release(at_work, id), DISP_OK);
	assert_false(at_work_at(at_work, 0)->aside);
	assert_int_equal(at_work_aside(at_work), 0);
	assert_true(at_work_begin(at_work, 1, "the child at the water", 22));
	at_work_end(at_work);
	assert_int_equal(at_work_release(at_work, id), DISP_E_NONE);
	assert_int_equal(at_work_read(at_work, "../at-work", &bytes, &count), DISP_E_NONE);
	at_work_close(at_work);

	assert_true(lives_and_ends("the child at the water", END_SEGV)); /* it had its second chance */
	at_work = open_at(4000);
	assert_true(at_work_at(at_work, 0)->aside && at_work_at(at_work, 0)->fresh);
	assert_false(at_work_begin(at_work, 1, "the child at the water", 22));
	assert_int_equal(at_work_read(at_work, id, &bytes, &count), DISP_OK);
	assert_int_equal(count, 22);
	free(bytes);
	at_work_close(at_work);
}

/* Nobody is asked about it any more, and still it is refused, after the next start too. */
static void what_is_dropped_stays_refused(void **state)
{
	struct at_work *at_work;
	uint8_t *bytes;
	size_t count;
	char id[AT_WORK_ID_BYTES];

	(void)state;
	assert_true(lives_and_ends("rubbish", END_SEGV));
	assert_true(lives_and_ends("rubbish", END_SEGV));
	at_work = open_at(1000);
	memcpy(id, at_work_at(at_work, 0)->id, sizeof id);
	assert_int_equal(at_work_drop(at_work, "0123456789abcdef0123456789abcdef"), DISP_E_NONE);
	assert_int_equal(at_work_drop(at_work, id), DISP_OK);
	assert_int_equal(at_work_drop(at_work, id), DISP_E_NONE);
	assert_true(at_work_at(at_work, 0)->dropped);
	assert_false(at_work_begin(at_work, 1, "rubbish", 7));
	at_work_close(at_work);

	at_work = open_at(2000);
	assert_true(at_work_at(at_work, 0)->aside && at_work_at(at_work, 0)->dropped);
	assert_int_equal(at_work_at(at_work, 0)->bytes, 7);
	assert_false(at_work_begin(at_work, 1, "rubbish", 7));
	assert_int_equal(at_work_read(at_work, id, &bytes, &count), DISP_OK);
	assert_int_equal(count, 0); /* what was kept of it is gone */
	free(bytes);
	assert_int_equal(at_work_release(at_work, id), DISP_OK);
	assert_true(at_work_begin(at_work, 1, "rubbish", 7));
	at_work_close(at_work);
}

static void a_stack_that_runs_over_is_its_fault_too(void **state)
{
	(void)state;
	assert_true(lives_and_ends("deep", END_STACK));
	struct at_work *at_work = open_at(0);

	assert_int_equal(at_work_at(at_work, 0)->times, 1);
	at_work_close(at_work);
}

/* A kill, a power cut or an orderly end are nobody's fault; nor is what comes when the message is done. */
static void the_innocent_are_not_blamed(void **state)
{
	(void)state;
	for (int round = 0; round < 3; round++) {
		assert_true(lives_and_ends("innocent", END_KILL));
		assert_true(lives_and_ends("innocent", END_EXIT));
		assert_true(lives_and_ends("innocent", END_AFTER));
	}
	struct at_work *at_work = open_at(0);

	assert_null(at_work_at(at_work, 0));
	at_work_close(at_work);
}

static void the_table_is_bounded_and_keeps_what_is_refused(void **state)
{
	char message[32];

	(void)state;
	assert_true(lives_and_ends("bad", END_SEGV));
	assert_true(lives_and_ends("bad", END_SEGV));
	for (int number = 0; number < AT_WORK_KEPT_MAX + 5; number++) {
		snprintf(message, sizeof message, "once %d", number);
		assert_true(lives_and_ends(message, END_SEGV));
	}
	struct at_work *at_work = open_at(0);

	assert_null(at_work_at(at_work, AT_WORK_KEPT_MAX));
	assert_false(at_work_begin(at_work, 1, "bad", 3));
	at_work_close(at_work);
}

/* What lies there may be anything: an old version, a torn file, a stranger's name. */
static void strange_files_are_passed_over(void **state)
{
	char path[160];

	(void)state;
	assert_true(lives_and_ends("one", END_SEGV));
	snprintf(path, sizeof path, "%s/aside/0123456789abcdef0123456789abcdef", dir);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("torn", file);
	fclose(file);
	snprintf(path, sizeof path, "%s/aside/notes.txt", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	told[0] = '\0';
	struct at_work *at_work = open_at(0);

	assert_non_null(at_work_at(at_work, 0));
	assert_null(at_work_at(at_work, 1));
	assert_non_null(strstr(told, "cannot be read"));
	at_work_close(at_work);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(twice_and_it_is_set_aside, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(what_is_dropped_stays_refused, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(
			a_stack_that_runs_over_is_its_fault_too, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(the_innocent_are_not_blamed, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(
			the_table_is_bounded_and_keeps_what_is_refused, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(strange_files_are_passed_over, make_dir, remove_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
