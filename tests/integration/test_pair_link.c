/* test_pair_link: what two daemons hear of each other, over real sockets. What others say to them is in test_pair_strangers. */
#include "pair_sides.h"

#include <malloc.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { MANY = 20000, KEPT_MAX = 4000 };

/* --- between the two ------------------------------------------------------------------------------ */

static void converse(int i, uint64_t epoch)
{
	struct pair_message question = ask(i, epoch), answer;

	assert_true(question.asked_ms >= 1000 && question.asked_ms <= now_ms);
	pair_answer(side[1 - i], true, epoch);
	answer = hear(i);
	assert_int_equal(answer.what, PAIR_GRANTS);
	assert_int_equal(answer.epoch, epoch);
	assert_int_equal(answer.asked_ms, question.asked_ms);
	question = ask(i, epoch + 1);
	pair_answer(side[1 - i], false, epoch + 9);
	pair_answer(side[1 - i], true, epoch); /* one question, one answer */
	answer = hear(i);
	assert_int_equal(answer.what, PAIR_REFUSES);
	assert_int_equal(answer.epoch, epoch + 9);
	assert_int_equal(answer.asked_ms, question.asked_ms);
	nothing_more(i);
	assert_true(pair_heard_ms(side[i]) > 0 && pair_heard_ms(side[i]) <= now_ms);
	assert_int_equal(pair_refused(side[0]) + pair_refused(side[1]), 0);
}

static void the_other_one_answers(void **state)
{
	int fd[PAIR_FDS];

	(void)state;
	open_both(false);
	assert_int_equal(pair_heard_ms(side[0]), 0);
	converse(0, 7);
	converse(1, UINT64_C(9007199254740993));
	pair_fds(side[0], fd);
	assert_true(fd[0] >= 0 && fd[1] >= 0 && fd[2] >= 0);
	assert_false(pair_ready(side[0]));
}

static void the_other_one_answers_by_its_key(void **state)
{
	(void)state;
	open_both(true);
	converse(0, 7);
	converse(1, 8);
}

/* What poll says of the descriptors and pair_ready is enough to hear everything: nothing is asked in vain. */
static void the_descriptors_tell(void **state)
{
	struct pair_message out, lost;
	zmq_pollitem_t item[PAIR_FDS];
	int fd[PAIR_FDS];

	(void)state;
	open_both(true);
	(void)ask(0, 1);
	while (turn(1, &lost) != PAIR_NOTHING || pair_ready(side[1]))
		;
	pair_fds(side[1], fd);
	for (int i = 0; i < PAIR_FDS; i++)
		item[i] = (zmq_pollitem_t){.fd = fd[i], .events = ZMQ_POLLIN};
	for (uint64_t epoch = 2; epoch < 50; epoch++) {
		pair_ask(side[0], epoch, ++now_ms);
		for (bool heard = false; !heard;) {
			if (!pair_ready(side[1]) && zmq_poll(item, PAIR_FDS, 10000) == 0)
				fail_msg("question %u wakes nobody", (unsigned)epoch);
			while (turn(1, &out) != PAIR_NOTHING)
				heard = heard || out.epoch == epoch;
		}
	}
}

static void who_was_away_is_heard_again(void **state)
{
	struct pair_message out;

	(void)state;
	open_both(true);
	converse(0, 1);
	for (int times = 0; times < 3; times++) {
		pair_close(side[1]);
		side[1] = NULL;
		for (int i = 0; i < 1000; i++) {
			pair_ask(side[0], 2, ++now_ms);
			assert_int_equal(turn(0, &out), PAIR_NOTHING);
		}
		open_side(1);
		converse(0, 3);
		converse(1, 4);
	}
}

/* --- one that stands still ------------------------------------------------------------------------ */

/* In a process of its own: answers every question, until it is ended. */
static _Noreturn void answer_for_ever(void)
{
	struct pair_message out;

	if (pair_open(&side[1], &config[1], error) != DISP_OK)
		_exit(1);
	for (;;) {
		pair_tick(side[1], 1);
		while (pair_next(side[1], &out) != PAIR_NOTHING)
			if (out.what == PAIR_ASKS)
				pair_answer(side[1], true, out.epoch);
		zmq_poll(NULL, 0, 1);
	}
}

static void await_grant(uint64_t epoch)
{
	struct pair_message out;

	for (int turns = 0; turns < WAIT_TURNS; turns++) {
		if (turns % 100 == 0)
			pair_ask(side[0], epoch, now_ms);
		now_ms++;
		if (turn(0, &out) == PAIR_GRANTS && out.epoch == epoch)
			return;
		zmq_poll(NULL, 0, 1);
	}
	fail_msg("epoch %u is not granted", (unsigned)epoch);
}

static void who_stands_still_makes_no_queue_grow(void **state)
{
	struct pair_message out;
	uint32_t late = 0;
	int status;

	(void)state;
	configure(true);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		answer_for_ever();
	open_side(0);
	await_grant(1);
	assert_int_equal(kill(child, SIGSTOP), 0);
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	while (turn(0, &out) != PAIR_NOTHING)
		;
	size_t before = mallinfo2().uordblks;

	for (int i = 0; i < MANY; i++) {
		pair_ask(side[0], 2, ++now_ms);
		assert_int_equal(turn(0, &out), PAIR_NOTHING);
		if (i % 100 == 0)
			zmq_poll(NULL, 0, 1);
	}
	size_t after = mallinfo2().uordblks;

	assert_int_equal(kill(child, SIGCONT), 0);
	await_grant(3);
	do { /* those of epoch 2 came before it: each connection keeps its order */
		late++;
	} while (turn(0, &out) == PAIR_GRANTS);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	printf("%d questions to one that stood still: %zd bytes more\n", MANY, (ssize_t)(after - before));
	assert_true((ssize_t)(after - before) < 256 * 1024);
	assert_true(late < KEPT_MAX);
}

/* It is there, and its sockets take messages, but nobody looks at them. */
static void who_does_not_read_is_not_waited_for(void **state)
{
	struct pair_message out;
	uint32_t kept = 0;

	(void)state;
	open_both(false);
	(void)ask(0, 1);
	while (turn(1, &out) != PAIR_NOTHING)
		;
	for (int i = 0; i < MANY; i++)
		pair_ask(side[0], 2, ++now_ms);
	for (int quiet = 0; quiet < 50; quiet++) {
		while (turn(1, &out) != PAIR_NOTHING) {
			kept++;
			quiet = 0;
		}
		zmq_poll(NULL, 0, 1);
	}
	printf("%d questions to one that did not read: %u were kept\n", MANY, kept);
	assert_true(kept > 0 && kept < KEPT_MAX);
	converse(0, 3);
}

/* --- opening and closing -------------------------------------------------------------------------- */

static void an_end_is_not_waited_for(void **state)
{
	struct timespec from, to;

	(void)state;
	configure(true);
	config[0].peer = "tcp://192.0.2.1:9"; /* where nobody is, RFC 5737 */
	open_side(0);
	for (int i = 0; i < 100; i++) {
		pair_ask(side[0], 1, ++now_ms);
		zmq_poll(NULL, 0, 1);
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	pair_close(side[0]);
	clock_gettime(CLOCK_MONOTONIC, &to);
	side[0] = NULL;
	printf("closed after %lld us\n",
		(long long)(to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000);
}

static void what_is_no_endpoint_is_said(void **state)
{
	(void)state;
	configure(false);
	config[0].listen = "nothing";
	assert_int_equal(pair_open(&side[0], &config[0], error), DISP_E_INPUT);
	assert_non_null(strstr(error, "nothing"));
	assert_null(side[0]);
	configure(false);
	config[0].peer = "tcp://127.0.0.1";
	assert_int_equal(pair_open(&side[0], &config[0], error), DISP_E_INPUT);
	configure(true);
	open_side(1);
	config[0].listen = config[1].listen;
	assert_int_equal(pair_open(&side[0], &config[0], error), DISP_E_IO);
	assert_non_null(strstr(error, "in use"));
	pair_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF(who_stands_still_makes_no_queue_grow), /* forks: first */
		TEST_OF(the_other_one_answers),
		TEST_OF(the_other_one_answers_by_its_key),
		TEST_OF(the_descriptors_tell),
		TEST_OF(who_was_away_is_heard_again),
		TEST_OF(who_does_not_read_is_not_waited_for),
		TEST_OF(an_end_is_not_waited_for),
		TEST_OF(what_is_no_endpoint_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
