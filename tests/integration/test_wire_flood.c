/* test_wire_flood: strangers who hammer at the doors, from one address or from a thousand; over real sockets. */
#include "keyed_town.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

/* A connection to the door of alarms from that address, and its greeting; -1: it is not let in, at least not at once. */
static int call_from(const char *address)
{
	struct sockaddr_in own = {.sin_family = AF_INET}, door = {.sin_family = AF_INET};
	const char *colon = strrchr(ingest_endpoint(town.ingest, DOOR_ALARMS), ':');
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct pollfd item = {fd, POLLIN, 0};
	int on = 1;

	assert_true(fd >= 0 && colon && inet_pton(AF_INET, address, &own.sin_addr) == 1);
	assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
	door.sin_port = htons((uint16_t)atoi(colon + 1));
	door.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	(void)connect(fd, (struct sockaddr *)&door, sizeof door);
	for (int i = 0; i < 300; i++) {
		if (poll(&item, 1, 1) > 0 && (item.revents & (POLLERR | POLLHUP)) == 0)
			return fd;
		turn();
	}
	close(fd);
	return -1;
}

/* As many as it takes until one of the counters says that it is enough; each stays for a while. */
static void hammer(uint32_t addresses, const uint64_t *counter)
{
	int open[64];
	char address[16];

	memset(open, -1, sizeof open);
	for (uint32_t i = 0; i < 6000 && *counter == 0; i++) {
		int *fd = &open[i % 64];

		(void)snprintf(
			address, sizeof address, "127.0.%u.%u", i % addresses / 250, 2 + i % addresses % 250);
		if (*fd >= 0)
			close(*fd);
		*fd = call_from(address);
		if (i % 16 == 0)
			turn();
	}
	for (uint32_t i = 0; i < 64; i++)
		if (open[i] >= 0)
			close(open[i]);
	assert_int_equal(*counter, 1);
}

static void who_hammers_is_shut_out_for_a_while(void **state)
{
	const struct ingest_counters *count = ingest_get_counters(town.ingest);
	struct peer before, after;

	(void)state;
	peer_open(&before, DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
	ask(&before, "cam-1", "\"result\":\"accepted\"");
	hammer(1, &count->shut_out);
	assert_int_equal(call_from("127.0.0.2"), -1);
	ask(&before, "cam-1", "\"result\":\"accepted\"");
	peer_open(&after, DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
	ask(&after, "cam-1", "\"result\":\"accepted\"");
	int other = call_from("127.0.0.3");

	assert_true(other >= 0);
	close(other);
	town.monotonic_ms += 10000;
	turn();
	int again = call_from("127.0.0.2");

	assert_true(again >= 0);
	close(again);
	peer_close(&before);
	peer_close(&after);
}

/* From too many places for a list of them: who was here before is let in, nobody else. */
static void when_all_hammer_who_is_known_comes_in(void **state)
{
	const struct ingest_counters *count = ingest_get_counters(town.ingest);
	struct peer before, after;

	(void)state;
	peer_open(&before, DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
	ask(&before, "cam-1", "\"result\":\"accepted\"");
	hammer(1000, &count->known_alone);
	assert_int_equal(count->shut_out, 0);
	assert_int_equal(call_from("127.0.0.3"), -1);
	ask(&before, "cam-1", "\"result\":\"accepted\"");
	peer_open(&after, DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
	ask(&after, "cam-1", "\"result\":\"accepted\"");
	town.monotonic_ms += 10000;
	turn();
	int again = call_from("127.0.0.3");

	assert_true(again >= 0);
	close(again);
	peer_close(&before);
	peer_close(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_hammers_is_shut_out_for_a_while, open_keyed, close_keyed),
		cmocka_unit_test_setup_teardown(
			when_all_hammer_who_is_known_comes_in, open_keyed, close_keyed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
