/* pair_sides: the two ends of the line between two daemons, in one process, and who turns them. No test. */
#ifndef TESTS_PAIR_SIDES_H
#define TESTS_PAIR_SIDES_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "ingest/pair.h"

enum { WAIT_TURNS = 10000, ENDPOINT = 128, GUESTS_MAX = 32 };

struct keys {
	uint8_t public_key[32], secret_key[32];
};

/* Two of them, each the other's peer. */
static struct pair *side[2];
static struct pair_config config[2];
static struct keys keys[2];
static char endpoint[2][ENDPOINT], folder[64];
static char error[PAIR_ERROR_SIZE];
static int64_t now_ms;
static void *strangers;         /* the context of who is neither, */
static void *guest[GUESTS_MAX]; /* and the sockets */

/* --- the world ------------------------------------------------------------------------------------ */

static inline void make_keys(struct keys *made)
{
	char public_text[41], secret_text[41];

	assert_int_equal(zmq_curve_keypair(public_text, secret_text), 0);
	assert_non_null(zmq_z85_decode(made->public_key, public_text));
	assert_non_null(zmq_z85_decode(made->secret_key, secret_text));
}

static inline uint16_t free_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	close(fd);
	return ntohs(address.sin_port);
}

static inline void configure(bool curve)
{
	for (int i = 0; i < 2; i++) {
		if (curve)
			(void)snprintf(endpoint[i], ENDPOINT, "tcp://127.0.0.1:%u", free_port());
		else
			(void)snprintf(endpoint[i], ENDPOINT, "ipc://%s/%d.ipc", folder, i);
		make_keys(&keys[i]);
	}
	for (int i = 0; i < 2; i++) {
		config[i] = (struct pair_config){
			.listen = endpoint[i], .peer = endpoint[1 - i], .town = "yulong", .curve = curve};
		memcpy(config[i].public_key, keys[i].public_key, 32);
		memcpy(config[i].secret_key, keys[i].secret_key, 32);
		memcpy(config[i].peer_key, keys[1 - i].public_key, 32);
	}
}

static inline void open_side(int i)
{
	if (pair_open(&side[i], &config[i], error) != DISP_OK)
		fail_msg("%s", error);
}

static inline void open_both(bool curve)
{
	configure(curve);
	open_side(0);
	open_side(1);
}

static inline void *guest_open(int type)
{
	int zero = 0, i = 0;

	while (guest[i])
		assert_true(++i < GUESTS_MAX);
	guest[i] = zmq_socket(strangers, type);
	assert_non_null(guest[i]);
	zmq_setsockopt(guest[i], ZMQ_LINGER, &zero, sizeof zero);
	return guest[i];
}

static inline void guests_close(void)
{
	for (int i = 0; i < GUESTS_MAX; i++)
		if (guest[i])
			zmq_close(guest[i]);
	memset(guest, 0, sizeof guest);
}

static inline int begin(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/pair-XXXXXX");
	now_ms = 1000;
	strangers = zmq_ctx_new();
	return strangers && mkdtemp(folder) ? 0 : -1;
}

static inline int end(void **state)
{
	char path[128];

	(void)state;
	for (int i = 0; i < 2; i++) {
		pair_close(side[i]);
		side[i] = NULL;
		(void)snprintf(path, sizeof path, "%s/%d.ipc", folder, i);
		(void)unlink(path);
	}
	guests_close();
	zmq_ctx_term(strangers);
	return rmdir(folder);
}

static inline enum pair_said turn(int i, struct pair_message *out)
{
	pair_tick(side[i], now_ms);
	return pair_next(side[i], out);
}

/* The next thing that side i hears; the other one turns as well, and whatever it hears is lost. */
static inline struct pair_message hear(int i)
{
	struct pair_message out, lost;

	for (int turns = 0; turns < WAIT_TURNS; turns++) {
		now_ms++;
		if (turn(i, &out) != PAIR_NOTHING)
			return out;
		if (side[1 - i])
			(void)turn(1 - i, &lost);
		zmq_poll(NULL, 0, 1);
	}
	fail_msg("side %d hears nothing", i);
	return out;
}

/* Side i asks until the other one hears it. */
static inline struct pair_message ask(int i, uint64_t epoch)
{
	struct pair_message out, lost;

	for (int turns = 0; turns < WAIT_TURNS; turns++) {
		if (turns % 100 == 0)
			pair_ask(side[i], epoch, now_ms);
		now_ms++;
		(void)turn(i, &lost);
		if (turn(1 - i, &out) == PAIR_ASKS && out.epoch == epoch)
			return out;
		zmq_poll(NULL, 0, 1);
	}
	fail_msg("the question of side %d does not arrive", i);
	return out;
}

static inline void nothing_more(int i)
{
	struct pair_message out;

	for (int turns = 0; turns < 50; turns++) {
		assert_int_equal(turn(i, &out), PAIR_NOTHING);
		zmq_poll(NULL, 0, 1);
	}
}

#define TEST_OF(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
