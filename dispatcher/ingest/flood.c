/* flood: strangers who come faster than their handshakes are worth: the kernel shuts their addresses out for a while. Who has
 * a key that holds does not count, and connections that stand go on. */
#include "ingest/door.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <sodium.h>

#include "wire/pace.h"

/*
 * CURVE costs us three multiplications on a curve before the other side has shown anything, in ZeroMQ's own thread; a
 * connection that brings its first messages along has them done before we hear of it. So what is too fast is not let
 * near ZeroMQ: a filter on the listening sockets drops the first packet of who is shut out. When it is too much from all
 * together, or from who is gone before we can see who it was, only addresses from which a key came in before are let in.
 */
enum {
	EACH_A_SECOND = 20, /* strangers from one address */
	ALL_A_SECOND = 200, /* and from all */
	/* At once; all terminals of a gateway come back together, and who they are is seen last. */
	EACH_AT_ONCE = 2048,
	ALL_AT_ONCE = 4096,
	SHUT_MS = 10000,
	SHUT_MAX = 256,  /* addresses; beyond, the one that would be let in first gives way */
	KNOWN_MAX = 1024 /* addresses; beyond, the oldest is forgotten */
};

struct shut {
	in_addr_t address; /* network order; ZeroMQ listens to IPv4 alone */
	int64_t until_ms;
};

struct flood {
	struct pace each, all;
	struct shut shut[SHUT_MAX];
	uint32_t count;
	in_addr_t known[KNOWN_MAX]; /* a ring */
	uint32_t known_count, known_next;
	int64_t known_alone_ms;   /* until then nobody else; 0: everybody may */
	int listener[DOOR_COUNT]; /* -1 none */
};

bool flood_open(struct ingest *ingest)
{
	static const struct pace_rates each = {.each = EACH_A_SECOND, .each_burst = EACH_AT_ONCE};
	static const struct pace_rates all = {.each = ALL_A_SECOND, .each_burst = ALL_AT_ONCE};
	struct flood *flood = calloc(1, sizeof(*flood));
	uint64_t seed;

	ingest->flood = flood;
	if (!flood)
		return false;
	randombytes_buf(&seed, sizeof(seed));
	pace_init(&flood->each, &each, seed);
	pace_init(&flood->all, &all, seed);
	for (enum door door = 0; door < DOOR_COUNT; door++)
		flood->listener[door] = -1;
	return true;
}

void flood_close(struct ingest *ingest)
{
	free(ingest->flood);
}

/* --- the filter ----------------------------------------------------------------------------------- */

static unsigned short put(struct sock_filter *code, unsigned short at, in_addr_t address, uint32_t verdict)
{
	code[at] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(address), 0, 1);
	code[at + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict);
	return (unsigned short)(at + 2);
}

/* Where the kernel has none of it, who is shut out is cut off as soon as we hear of him. */
static void filter(int fd, const struct flood *flood)
{
	static struct sock_filter code[2 * (SHUT_MAX + KNOWN_MAX) + 2];
	unsigned short length = 1;
	int none = 0;

	_Static_assert(sizeof(code) / sizeof(code[0]) <= BPF_MAXINSNS, "as many as the kernel takes");
	if (flood->count == 0 && flood->known_alone_ms == 0) {
		(void)setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none));
		return;
	}
	/* The source's address stands in the IP header; a verdict is how much of the packet is taken. */
	code[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_NET_OFF + 12);
	for (uint32_t i = 0; i < flood->count; i++)
		length = put(code, length, flood->shut[i].address, 0);
	for (uint32_t i = 0; flood->known_alone_ms != 0 && i < flood->known_count; i++)
		length = put(code, length, flood->known[i], UINT32_MAX);
	code[length++] =
		(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, flood->known_alone_ms != 0 ? 0 : UINT32_MAX);
	const struct sock_fprog program = {length, code};

	(void)setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static void filter_all(const struct flood *flood)
{
	for (enum door door = 0; door < DOOR_COUNT; door++)
		if (flood->listener[door] >= 0)
			filter(flood->listener[door], flood);
}

void flood_listens(struct ingest *ingest, enum door door, int fd)
{
	ingest->flood->listener[door] = fd;
}

/* --- who ------------------------------------------------------------------------------------------ */

static const struct shut *find(const struct flood *flood, in_addr_t address)
{
	for (uint32_t i = 0; i < flood->count; i++)
		if (flood->shut[i].address == address)
			return &flood->shut[i];
	return NULL;
}

static void shut_out(struct ingest *ingest, in_addr_t address)
{
	struct flood *flood = ingest->flood;
	struct shut *shut = &flood->shut[0];

	for (uint32_t i = 1; flood->count == SHUT_MAX && i < SHUT_MAX; i++)
		if (flood->shut[i].until_ms < shut->until_ms)
			shut = &flood->shut[i];
	if (flood->count < SHUT_MAX)
		shut = &flood->shut[flood->count++];
	*shut = (struct shut){address, ingest->now_ms + SHUT_MS};
	ingest->count.shut_out++;
	filter_all(flood);
}

static bool is_known(const struct flood *flood, in_addr_t address)
{
	for (uint32_t i = 0; i < flood->known_count; i++)
		if (flood->known[i] == address)
			return true;
	return false;
}

/* One more of all strangers. False: too many. */
static bool take_of_all(struct ingest *ingest)
{
	struct flood *flood = ingest->flood;

	if (flood->known_alone_ms != 0)
		return false;
	if (pace_take(&flood->all, NULL, 0, false, ingest->now_ms + 1))
		return true;
	flood->known_alone_ms = ingest->now_ms + SHUT_MS;
	ingest->count.known_alone++;
	filter_all(flood);
	return false;
}

bool flood_admits(struct ingest *ingest, int fd)
{
	struct flood *flood = ingest->flood;
	struct sockaddr_in from = {0};
	socklen_t size = sizeof(from);

	if (getpeername(fd, (struct sockaddr *)&from, &size) != 0 || from.sin_family != AF_INET) {
		flood_unseen(ingest);
		return true;
	}
	if (find(flood, from.sin_addr.s_addr))
		return false; /* it stood in the queue before the filter did */
	if (!pace_take(&flood->each, (const uint8_t *)&from.sin_addr, sizeof(from.sin_addr), false,
		    ingest->now_ms + 1)) {
		shut_out(ingest, from.sin_addr.s_addr);
		return false;
	}
	return take_of_all(ingest) || is_known(flood, from.sin_addr.s_addr);
}

void flood_unseen(struct ingest *ingest)
{
	(void)take_of_all(ingest);
}

void flood_known(struct ingest *ingest, struct text address)
{
	struct flood *flood = ingest->flood;
	char text[INET_ADDRSTRLEN] = "";
	struct in_addr from;

	if (address.len >= sizeof(text))
		return;
	memcpy(text, address.ptr, address.len);
	if (inet_pton(AF_INET, text, &from) != 1)
		return;
	pace_give(&flood->each, (const uint8_t *)&from, sizeof(from));
	pace_give(&flood->all, NULL, 0);
	if (is_known(flood, from.s_addr))
		return;
	flood->known[flood->known_next++ % KNOWN_MAX] = from.s_addr;
	if (flood->known_count < KNOWN_MAX)
		flood->known_count++;
}

void flood_tick(struct ingest *ingest)
{
	struct flood *flood = ingest->flood;
	bool over = flood->known_alone_ms != 0 && flood->known_alone_ms <= ingest->now_ms;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < flood->count; i++)
		if (flood->shut[i].until_ms > ingest->now_ms)
			flood->shut[kept++] = flood->shut[i];
	if (kept == flood->count && !over)
		return;
	flood->count = kept;
	if (over)
		flood->known_alone_ms = 0;
	filter_all(flood);
}
