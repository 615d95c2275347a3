/* test_pair_strangers: what nobody but its peer makes a daemon hear on the line to it; over real sockets. */
#include "pair_sides.h"

#include "wire/pair_io.h"

enum { TRIES = 200 };

static void *stranger(int type, const struct keys *shown, const struct keys *server, const char *to)
{
	void *socket = guest_open(type);

	if (shown) {
		zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server->public_key, 32);
		zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, shown->public_key, 32);
		zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, shown->secret_key, 32);
	}
	assert_int_equal(zmq_connect(socket, to), 0);
	return socket;
}

static struct text write_text(enum pair_kind kind, const char *town, uint64_t epoch, int64_t asked_ms)
{
	static char buffer[PAIR_BYTES_MAX];
	const struct pair_line line = {(uint8_t)kind, epoch, asked_ms};
	struct text text = {"", 0};

	assert_int_equal(pair_line_write(&line, (struct text){town, (uint32_t)strlen(town)}, buffer,
				 sizeof buffer, &text),
		DISP_OK);
	return text;
}

static void say(void *socket, struct text text)
{
	assert_true(zmq_send(socket, text.ptr, text.len, ZMQ_DONTWAIT) >= 0);
}

/* One key in four is its own, one is its peer's with another secret, one is none at all. */
static void a_stranger_is_not_let_in(void **state)
{
	struct pair_message out;

	(void)state;
	open_both(true);
	for (int batch = 0; batch < TRIES / 20; batch++) {
		void *socket[20];
		uint64_t refused = pair_refused(side[1]);

		for (int i = 0; i < 20; i++) {
			struct keys shown;

			make_keys(&shown);
			if (i % 4 == 1)
				memcpy(shown.public_key, keys[0].public_key, 32);
			if (i % 4 == 2)
				shown = keys[1];
			socket[i] =
				stranger(ZMQ_DEALER, i % 4 == 3 ? NULL : &shown, &keys[1], config[1].listen);
			say(socket[i], write_text(PAIR_KIND_ASK, "yulong", 99, 5));
		}
		/* Half of them show a whole pair of keys, and ZeroMQ asks about them; the others do not get so far. */
		for (int turns = 0; pair_refused(side[1]) < refused + 10; turns++) {
			assert_true(turns < WAIT_TURNS);
			assert_int_equal(turn(1, &out), PAIR_NOTHING);
			zmq_poll(NULL, 0, 1);
		}
		nothing_more(1);
		guests_close();
	}
	assert_int_equal(pair_heard_ms(side[1]), 0);
	(void)ask(0, 1); /* the door was not simply shut */
	printf("%d tries, 0 in, %u refused by their key\n", TRIES, (unsigned)pair_refused(side[1]));
}

/* Nor is one believed who listens where the other one should. */
static void who_has_not_its_key_is_not_asked(void **state)
{
	struct pair_message out;
	uint8_t bytes[PAIR_BYTES_MAX];
	struct keys own;
	void *false_one = guest_open(ZMQ_ROUTER);
	int one = 1;

	(void)state;
	configure(true);
	make_keys(&own);
	zmq_setsockopt(false_one, ZMQ_CURVE_SERVER, &one, sizeof one);
	zmq_setsockopt(false_one, ZMQ_CURVE_SECRETKEY, own.secret_key, 32);
	assert_int_equal(zmq_bind(false_one, config[0].peer), 0);
	open_side(0);
	for (int turns = 0; turns < 500; turns++) {
		pair_ask(side[0], 1, ++now_ms);
		assert_int_equal(turn(0, &out), PAIR_NOTHING);
		assert_int_equal(zmq_recv(false_one, bytes, sizeof bytes, ZMQ_DONTWAIT), -1);
		zmq_poll(NULL, 0, 1);
	}
}

static void another_town_is_refused(void **state)
{
	struct pair_message out;

	(void)state;
	configure(false);
	config[0].town = "yulon";
	open_side(0);
	open_side(1);
	for (int turns = 0; pair_refused(side[1]) == 0; turns++) {
		assert_true(turns < WAIT_TURNS);
		pair_ask(side[0], 7, ++now_ms);
		assert_int_equal(turn(0, &out), PAIR_NOTHING);
		assert_int_equal(turn(1, &out), PAIR_NOTHING);
		zmq_poll(NULL, 0, 1);
	}
	pair_answer(side[1], true, 7); /* to nobody */
	nothing_more(0);
	nothing_more(1);
	assert_int_equal(pair_heard_ms(side[1]), 0);
}

static const char *const garbage[] = {"", "{", "null", "[]", "{}", "\"ask\"", "\xff\xfe",
	"{\"kind\":\"ask\"}", "{\"kind\":\"ask\",\"town\":\"yulong\",\"epoch\":99}",
	"{\"kind\":\"ask\",\"town\":\"yulong\",\"epoch\":99,\"asked_ms\":-1}",
	"{\"kind\":\"ask\",\"town\":\"yulong\",\"epoch\":99.5,\"asked_ms\":1}",
	"{\"kind\":\"ask\",\"town\":\"yulong\",\"epoch\":\"99\",\"asked_ms\":1}",
	"{\"kind\":\"ask\",\"town\":\"yulong\",\"epoch\":18446744073709551616,\"asked_ms\":1}",
	"{\"kind\":\"ask\",\"town\":null,\"epoch\":99,\"asked_ms\":1}",
	"{\"kind\":\"ask\",\"town\":\"yulong\",\"epoch\":99,\"asked_ms\":1,\"more\":1}",
	"{\"kind\":\"ask\",\"town\":\"yulong\",\"epoch\":99,\"epoch\":99,\"asked_ms\":1}",
	"{\"kind\":\"ask\",\"town\":\"yulong\",\"epoch\":99,\"asked_ms\":1} ]",
	"{\"kind\":\"Ask\",\"town\":\"yulong\",\"epoch\":99,\"asked_ms\":1}",
	"{\"kind\":\"granted\",\"town\":\"yulong\",\"epoch\":99,\"asked_ms\":1}",
	"{\"kind\":\"refused\",\"town\":\"yulong\",\"epoch\":99,\"asked_ms\":1}"};

static void garbage_is_dropped_and_counted(void **state)
{
	const uint64_t sent = sizeof garbage / sizeof garbage[0];
	struct pair_message out;
	char large[PAIR_BYTES_MAX + 1];
	uint32_t rounds = 20;

	(void)state;
	open_both(false);
	void *socket = stranger(ZMQ_DEALER, NULL, NULL, config[1].listen);

	for (uint32_t round = 0; round < rounds; round++) {
		for (uint32_t i = 0; i < sent; i++)
			say(socket, (struct text){garbage[i], (uint32_t)strlen(garbage[i])});
		assert_true(zmq_send(socket, "", 0, ZMQ_SNDMORE) >= 0); /* as REQ does */
		say(socket, write_text(PAIR_KIND_ASK, "yulong", 99, 1));
	}
	for (int turns = 0; pair_refused(side[1]) < rounds * (sent + 1); turns++) {
		assert_true(turns < WAIT_TURNS);
		assert_int_equal(turn(1, &out), PAIR_NOTHING);
		zmq_poll(NULL, 0, 1);
	}
	memset(large, ' ', sizeof large);
	say(socket, (struct text){large, sizeof large}); /* this ends its connection */
	nothing_more(1);
	assert_int_equal(pair_refused(side[1]), rounds * (sent + 1));
	assert_int_equal(pair_heard_ms(side[1]), 0);
	guests_close();
	(void)ask(0, 1);
	assert_int_equal(pair_refused(side[1]), rounds * (sent + 1));
}

/* An answer to what was not asked is none. */
static void answers_follow_questions(void **state)
{
	struct pair_message out;
	uint8_t name[256], bytes[PAIR_BYTES_MAX];
	int got = -1;

	(void)state;
	configure(false);
	void *other = guest_open(ZMQ_ROUTER);

	assert_int_equal(zmq_bind(other, config[0].peer), 0);
	open_side(0);
	for (int turns = 0; got < 0; turns++) {
		assert_true(turns < WAIT_TURNS);
		pair_ask(side[0], 7, 1000);
		got = zmq_recv(other, name, sizeof name, ZMQ_DONTWAIT);
		zmq_poll(NULL, 0, 1);
	}
	assert_true(zmq_recv(other, bytes, sizeof bytes, 0) > 0);
	struct text text = write_text(PAIR_KIND_GRANTED, "yulong", 7, 1001);

	assert_true(zmq_send(other, name, (size_t)got, ZMQ_SNDMORE) >= 0);
	say(other, text);
	for (int turns = 0; pair_refused(side[0]) == 0; turns++) {
		assert_true(turns < WAIT_TURNS);
		assert_int_equal(turn(0, &out), PAIR_NOTHING);
		zmq_poll(NULL, 0, 1);
	}
	text = write_text(PAIR_KIND_GRANTED, "yulong", 7, 1000);
	assert_true(zmq_send(other, name, (size_t)got, ZMQ_SNDMORE) >= 0);
	say(other, text);
	assert_int_equal(hear(0).what, PAIR_GRANTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF(a_stranger_is_not_let_in),
		TEST_OF(who_has_not_its_key_is_not_asked),
		TEST_OF(another_town_is_refused),
		TEST_OF(garbage_is_dropped_and_counted),
		TEST_OF(answers_follow_questions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
