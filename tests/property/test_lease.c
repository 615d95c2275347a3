/*
 * test_lease: races of two daemons for the lead under a virtual clock: a slow and a dead PostgreSQL, a lossy pair, pauses, kills,
 * clocks that run differently. Outside of the code under test stand the row, the wires, and the one true time: at no moment may two send.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "shell/lease.h"

#include "../random.h"

enum {
	RACES = 1000,
	FAULTS_MS = 30000,
	LATE_MS = 7500, /* then answers are late or lost, as ever, but nothing more befalls; */
	CALM_MS = 7500, /* then not even that */
	MAIL_MAX = 64,
	LEADERLESS_MAX_MS = 5000,
	TAKE_OVER_MAX_MS = 1700, /* of the 2 s in which the other one is to lead, all told */
	DRIFT_MAX = 50000        /* of a clock, in millionths either way: two of them differ by 1 in 10 */
};

enum mail_kind { MAIL_NONE, MAIL_STATEMENT, MAIL_ANSWER, MAIL_LOST, MAIL_QUESTION, MAIL_GRANT };

/* One thing on its way; it arrives at a true time. */
struct mail {
	enum mail_kind kind;
	enum lease_want what;
	uint32_t to;   /* node */
	uint32_t life; /* of the node that sent it: what comes for one that was killed meanwhile is dropped */
	int64_t at_ms;
	uint64_t epoch, beat, new_epoch;
	int64_t asked_ms;
	bool good;
};

struct node {
	struct lease lease;
	bool alive, paused;
	uint32_t life;
	int64_t off_ms, drift; /* its clock: off + true time x (1 + drift / 1,000,000) */
	int64_t resume_ms, restart_ms;
	uint64_t journal_epoch; /* what it knows after a restart */
};

struct race {
	int64_t now_ms;
	struct node node[2];
	struct mail mail[MAIL_MAX];
	uint64_t epoch, beat;                /* the row */
	uint64_t led_epoch;                  /* the highest with which somebody could send */
	int64_t down_until_ms, cut_until_ms; /* PostgreSQL; the wire between the two */
	int64_t leaderless_ms;
	uint32_t takes, kills;
	bool calm; /* answers come, and soon */
};

static int64_t clock_of(const struct node *node, int64_t now_ms)
{
	return node->off_ms + now_ms + now_ms * node->drift / 1000000;
}

static struct mail *post(struct race *race, struct mail mail, int64_t delay_ms)
{
	for (uint32_t index = 0; index < MAIL_MAX; index++) {
		if (race->mail[index].kind != MAIL_NONE)
			continue;
		mail.at_ms = race->now_ms + delay_ms;
		race->mail[index] = mail;
		return &race->mail[index];
	}
	fail_msg("the post is full");
	return NULL;
}

static int64_t delay(const struct race *race)
{
	if (race->calm)
		return 1 + (int64_t)below(20);
	return below(20) == 0 ? (int64_t)below(900) : 1 + (int64_t)below(20);
}

/* PostgreSQL does what it was sent, when it arrives there; the answer takes its time, or is lost. */
static void statement(struct race *race, const struct mail *mail)
{
	struct mail answer = {.kind = MAIL_ANSWER, .what = mail->what, .to = mail->to, .life = mail->life};

	if (race->now_ms < race->down_until_ms) {
		answer.kind = MAIL_LOST;
		(void)post(race, answer, 1 + (int64_t)below(300));
		return;
	}
	if (mail->what == LEASE_BEAT && race->epoch == mail->epoch) {
		race->beat++;
		answer.good = true;
	}
	if (mail->what == LEASE_TAKE && race->epoch == mail->epoch && race->beat == mail->beat) {
		assert_true(mail->new_epoch > race->epoch);
		race->epoch = mail->new_epoch;
		race->beat++;
		race->takes++;
		answer.good = true;
	}
	answer.epoch = race->epoch;
	answer.beat = race->beat;
	if (!race->calm && below(100) == 0)
		answer.kind = MAIL_LOST;
	(void)post(race, answer, delay(race));
}

static void answer(struct lease *lease, const struct mail *mail, int64_t at_ms)
{
	if (mail->kind == MAIL_LOST)
		lease_failed(lease, at_ms);
	else if (mail->what == LEASE_BEAT)
		lease_beaten(lease, mail->good, mail->epoch, at_ms);
	else if (mail->what == LEASE_LOOK)
		lease_seen(lease, mail->epoch, mail->beat, at_ms);
	else
		lease_taken(lease, mail->good, at_ms);
}

static void question(struct race *race, const struct mail *mail)
{
	struct node *node = &race->node[mail->to];
	struct mail reply = {.kind = MAIL_GRANT,
		.to = 1 - mail->to,
		.life = race->node[1 - mail->to].life,
		.asked_ms = mail->asked_ms};

	reply.good = lease_grant(&node->lease, mail->epoch, clock_of(node, race->now_ms));
	reply.epoch = node->lease.epoch;
	if (race->now_ms >= race->cut_until_ms)
		(void)post(race, reply, delay(race));
}

static void deliver(struct race *race)
{
	for (uint32_t index = 0; index < MAIL_MAX; index++) {
		struct mail mail = race->mail[index];
		struct node *node = &race->node[mail.to];

		if (mail.kind == MAIL_NONE || mail.at_ms > race->now_ms)
			continue;
		if (mail.kind != MAIL_STATEMENT && node->alive && node->paused)
			continue; /* it waits in the socket */
		race->mail[index].kind = MAIL_NONE;
		if (mail.kind == MAIL_STATEMENT)
			statement(race, &mail);
		else if (!node->alive)
			continue;
		else if (mail.kind == MAIL_QUESTION)
			question(race, &mail);
		else if (mail.life != node->life)
			continue;
		else if (mail.kind != MAIL_GRANT)
			answer(&node->lease, &mail, clock_of(node, race->now_ms));
		else if (mail.good)
			lease_granted(&node->lease, mail.asked_ms);
		else
			lease_refused(&node->lease, mail.epoch);
	}
}

static void work(struct race *race, uint32_t number)
{
	struct node *node = &race->node[number];
	struct lease *lease = &node->lease;
	int64_t at_ms = clock_of(node, race->now_ms);
	enum lease_want want = lease_want(lease, at_ms);

	if (lease->state ==
		LEASE_LOST) { /* it starts anew as the one that stands by, with what PostgreSQL's journal has */
		lease_init(lease, true, race->epoch, at_ms);
		node->life++;
		return;
	}
	if (want != LEASE_NOTHING) {
		lease_sent(lease, want, at_ms);
		(void)post(race,
			(struct mail){.kind = MAIL_STATEMENT,
				.what = want,
				.to = number,
				.life = node->life,
				.epoch = want == LEASE_BEAT ? lease->epoch : lease->row_epoch,
				.beat = lease->row_beat,
				.new_epoch = lease_next_epoch(lease)},
			delay(race));
	}
	if (lease_asks(lease, at_ms)) {
		lease_asked(lease, at_ms);
		if (race->now_ms >= race->cut_until_ms)
			(void)post(race,
				(struct mail){.kind = MAIL_QUESTION,
					.to = 1 - number,
					.epoch = lease->epoch,
					.asked_ms = at_ms},
				delay(race));
	}
}

/* What no race may show. */
static void look(struct race *race)
{
	uint32_t senders = 0;

	for (uint32_t number = 0; number < 2; number++) {
		struct node *node = &race->node[number];

		if (!node->alive || !lease_may_send(&node->lease, clock_of(node, race->now_ms)))
			continue;
		senders++;
		if (node->lease.epoch < race->led_epoch)
			fail_msg("%lld ms: epoch %llu sends after %llu has", (long long)race->now_ms,
				(unsigned long long)node->lease.epoch, (unsigned long long)race->led_epoch);
		race->led_epoch = node->lease.epoch;
	}
	if (senders > 1)
		fail_msg("%lld ms: both send", (long long)race->now_ms);
	race->leaderless_ms = senders == 0 ? race->leaderless_ms + 1 : 0;
}

static void kill_node(struct race *race, uint32_t number, int64_t for_ms)
{
	struct node *node = &race->node[number];

	if (!node->alive)
		return;
	node->alive = false;
	node->paused = false;
	node->life++;
	node->restart_ms = race->now_ms + for_ms;
	race->kills++;
}

static void trouble(struct race *race)
{
	uint32_t number = (uint32_t)below(2);
	int64_t for_ms = 1 + (int64_t)below(5000);

	switch (below(6000)) {
	case 0:
		kill_node(race, number, for_ms);
		break;
	case 1:
	case 2:
		race->node[number].paused = race->node[number].alive;
		race->node[number].resume_ms = race->now_ms + for_ms;
		break;
	case 3:
		race->down_until_ms = race->now_ms + for_ms;
		break;
	case 4:
		race->cut_until_ms = race->now_ms + for_ms;
		break;
	default:
		break;
	}
}

static void node_turn(struct race *race, uint32_t number)
{
	struct node *node = &race->node[number];

	if (!node->alive && race->now_ms >= node->restart_ms) {
		node->alive = true;
		lease_init(&node->lease, true, node->journal_epoch, clock_of(node, race->now_ms));
	}
	if (node->paused && race->now_ms >= node->resume_ms)
		node->paused = false;
	if (node->alive && !node->paused) {
		work(race, number);
		if (node->lease.state == LEASE_LEADS)
			node->journal_epoch = node->lease.epoch;
	}
}

static void step(struct race *race)
{
	race->now_ms++;
	deliver(race);
	node_turn(race, 0);
	node_turn(race, 1);
	look(race);
}

static void begin(struct race *race, uint64_t seed)
{
	memset(race, 0, sizeof *race);
	random_state = seed;
	for (uint32_t number = 0; number < 2; number++) {
		struct node *node = &race->node[number];

		node->alive = true;
		node->off_ms = (int64_t)below(1000000000);
		if (seed % 2 == 0) /* a thousandth either way */
			node->drift = (int64_t)below(2001) - 1000;
		else /* the worst that is allowed */
			node->drift = below(2) == 0 ? DRIFT_MAX : -DRIFT_MAX;
		lease_init(&node->lease, true, 0, clock_of(node, 0));
	}
}

static uint32_t leader_of(struct race *race)
{
	for (uint32_t number = 0; number < 2; number++)
		if (race->node[number].alive && lease_may_send(&race->node[number].lease,
							clock_of(&race->node[number], race->now_ms)))
			return number;
	return 2;
}

/* First with faults, then without: within bounded time one leads, and where answers come soon it goes on leading. */
static void no_two_lead(void **state)
{
	uint32_t takes = 0, kills = 0;
	int64_t longest_ms = 0;
	struct race race;

	(void)state;
	for (uint64_t seed = 1; seed <= number_from("DISPATCH_CASES", RACES); seed++) {
		begin(&race, seed);
		while (race.now_ms < FAULTS_MS) {
			trouble(&race);
			step(&race);
		}
		race.down_until_ms = race.cut_until_ms = 0;
		for (uint32_t number = 0; number < 2; number++) {
			race.node[number].resume_ms = 0;
			race.node[number].restart_ms = 0;
		}
		int64_t calm_ms = race.now_ms;

		race.leaderless_ms = 0;

		while (race.now_ms < calm_ms + LATE_MS + CALM_MS) {
			race.calm = race.now_ms >= calm_ms + LATE_MS;
			step(&race);
			if (race.leaderless_ms > longest_ms)
				longest_ms = race.leaderless_ms;
			if (race.leaderless_ms > LEADERLESS_MAX_MS ||
				(race.now_ms > calm_ms + LATE_MS + LEADERLESS_MAX_MS &&
					race.leaderless_ms > 0))
				fail_msg("seed %llu: nobody leads, %lld ms after all was well",
					(unsigned long long)seed, (long long)(race.now_ms - calm_ms));
		}
		takes += race.takes;
		kills += race.kills;
	}
	printf("%u races, %u take-overs, %u kills, longest without a leader afterwards: %lld ms\n",
		(uint32_t)number_from("DISPATCH_CASES", RACES), takes, kills, (long long)longest_ms);
}

static void who_is_killed_is_replaced_within_two_seconds(void **state)
{
	int64_t longest_ms = 0;
	struct race race;

	(void)state;
	for (uint64_t seed = 1; seed <= number_from("DISPATCH_CASES", RACES); seed++) {
		begin(&race, seed);
		race.calm = true;
		while (race.now_ms < 5000 + (int64_t)(seed % 997))
			step(&race);
		uint32_t leader = leader_of(&race);

		if (leader == 2)
			fail_msg("seed %llu: nobody leads after 5 s", (unsigned long long)seed);
		kill_node(&race, leader, 1000000);
		int64_t killed_ms = race.now_ms;

		while (leader_of(&race) == 2 && race.now_ms < killed_ms + 10000)
			step(&race);
		if (race.now_ms - killed_ms > longest_ms)
			longest_ms = race.now_ms - killed_ms;
	}
	printf("longest without a leader after a kill: %lld ms\n", (long long)longest_ms);
	assert_true(longest_ms <= TAKE_OVER_MAX_MS);
}

/* PostgreSQL is gone, the pair is there: the leader goes on; the pair gone as well: it is silent, until a person speaks. */
static void without_postgresql_the_pair_decides(void **state)
{
	struct race race;

	(void)state;
	begin(&race, 7);
	while (race.now_ms < 5000)
		step(&race);
	uint32_t leader = leader_of(&race);

	assert_true(leader < 2);
	race.down_until_ms = 60000;
	while (race.now_ms < 30000) {
		step(&race);
		assert_true(race.leaderless_ms <= LEASE_MS);
	}
	assert_int_equal(leader_of(&race), leader);
	kill_node(&race, 1 - leader, 1000000);
	while (race.now_ms < 33000)
		step(&race);
	assert_int_equal(leader_of(&race), 2);
	lease_force(&race.node[leader].lease, clock_of(&race.node[leader], race.now_ms));
	uint64_t epoch = race.node[leader].lease.epoch;

	while (race.now_ms < 70000) { /* PostgreSQL comes back, and is told */
		step(&race);
		assert_int_equal(leader_of(&race), leader);
	}
	assert_int_equal(race.epoch, epoch);
	assert_false(race.node[leader].lease.forced);
}

static void who_has_no_pair_leads(void **state)
{
	struct lease lease;

	(void)state;
	lease_init(&lease, false, 4, 1000);
	assert_int_equal(lease.epoch, 5);
	assert_true(lease_may_send(&lease, 1000000));
	assert_int_equal(lease_want(&lease, 1000000), LEASE_NOTHING);
	assert_true(lease_due_ms(&lease) == INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_lead),
		cmocka_unit_test(who_is_killed_is_replaced_within_two_seconds),
		cmocka_unit_test(without_postgresql_the_pair_decides),
		cmocka_unit_test(who_has_no_pair_leads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
