/* terminal: what a unit, a depot or a device has in its hand, many in one process; a program, no part of the daemon. */
#ifndef TERMINAL_TERMINAL_H
#define TERMINAL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/types.h"
#include "core/words.h"
#include "terminal/asked.h"

enum {
	TERMINALS_MAX = 1024,
	ENDPOINTS_MAX = 2, /* the leader and the one that stands by; who is which shows in the epoch */
	JOBS_MAX = 64,     /* orders that a terminal remembers, so that none is carried out twice */
	PLANS_MAX = 8,
	NAME_SIZE = 129,
	KEY_LINES = 3,
	KEY_TEXT_SIZE = 41,
	WORD_SIZE = 96
};

/* How orders are met. */
enum behaviour {
	BEHAVE_HAND, /* a person answers, on standard input */
	BEHAVE_GOOD,
	BEHAVE_DECLINE,
	BEHAVE_MUTE,
	BEHAVE_SLOW,
	BEHAVE_BREAK,
	BEHAVE_ACCEPT_THEN_MUTE,
	BEHAVE_DEPOT,
	BEHAVE_DEVICE,
	BEHAVE_FIXES,
	BEHAVE_NO_EFFECT,
	BEHAVE_COUNT
};

/* One behaviour with its figure and words: "slow:40", "decline:no fuel", "fixes:20:alarm.pump.failed:pump-3". */
struct plan {
	enum behaviour kind;
	int64_t ms; /* of work, of loading, before the answer, before the effect */
	char word[WORD_SIZE], source[NAME_SIZE];
};

struct spot {
	bool known;
	int32_t lon_e7, lat_e7;
};

enum stage { STAGE_ORDERED, STAGE_ACCEPTED, STAGE_EN_ROUTE, STAGE_AT_WORK, STAGE_OVER };

/* An order as it was taken up. Times are the program's own: real ones times the rate. */
struct job {
	uint32_t order; /* 0 free */
	const struct plan *plan;
	enum stage stage;
	int64_t due_ms; /* of the next step; INT64_MAX: none */
	int64_t left_ms, travel_ms, told_ms;
	struct spot from, to;
	uint8_t answer;  /* enum answer: the last one given; ANSWER_NONE */
	int64_t said_ms; /* when, real */
	int64_t load;    /* how much it was told to fetch */
	char reason[WORD_SIZE];
};

/* A socket to one daemon. Times are real. */
struct connection {
	void *socket, *monitor;
	bool up;          /* its handshake was taken */
	bool keeps;       /* what is said before it is up waits in it: opened anew only when it was refused */
	int64_t again_ms; /* to be opened anew then, unless it is up */
	int64_t backoff_ms; /* the next wait after a handshake that was refused; 0: the first one */
};

/* What is said to one daemon. */
struct line {
	struct connection connection; /* up: and hello was said */
	bool greeted;                 /* there was a hello before: answers may have been lost */
	bool superseded; /* another terminal has our name: no hello any more, or the two would fight for it */
	int64_t pinged_ms, heard_ms; /* real */
	struct asked asked;          /* real */
};

struct terminal {
	uint8_t target; /* enum target */
	char id[NAME_SIZE];
	struct plan plan[PLANS_MAX]; /* for the first, second … order; the last one for all that follow */
	uint32_t plan_count, orders;
	struct spot spot;
	struct line line[ENDPOINTS_MAX];
	uint32_t home; /* the line whose daemon has the highest epoch */
	uint64_t epoch, last_seq;
	int64_t confirmed_ms; /* real: what was said before has arrived, as the answer to a later ping shows */
	struct job job[JOBS_MAX];
	uint32_t job_next;
};

/* The keys for one daemon, as text: its public one, ours, our secret one. */
struct key_ring {
	bool known;
	char text[KEY_LINES][KEY_TEXT_SIZE];
};

/* The whole program. */
struct crowd {
	const char *endpoint[ENDPOINTS_MAX], *alarms;
	struct key_ring ring[ENDPOINTS_MAX]; /* by endpoint; that of the alarms is the first */
	uint32_t ring_count;
	uint32_t endpoint_count;
	int64_t rate_milli, speed_milli; /* of the clock; of the vehicles */
	bool verbose;
	void *context;
	struct connection alarm;
	struct terminal *terminal; /* [TERMINALS_MAX] */
	uint32_t count;
	int64_t event_offset_ms; /* the town's time less ours, by the last pong */
	uint64_t alarm_serial, born;
};

/* plans.c: NULL, or what is wrong. "first:decline then:good" is "decline,good". */
const char *plans_parse(struct terminal *terminal, const char *spec);
/* The plan for the next order. */
const struct plan *plans_next(struct terminal *terminal);

/* key.c: NULL, or what is wrong. Without keys the socket stays as it is. */
const char *key_read(struct key_ring *ring, const char *path);
bool key_use(const struct key_ring *ring, void *socket);

/* connection.c: by the keys of that ring. False: zmq_errno() says why. */
bool connection_open(struct crowd *crowd, struct connection *connection, uint32_t ring, const char *endpoint);
void connection_close(struct connection *connection);
/* Whether something became of its handshake; `up` says what. */
bool connection_watch(struct connection *connection, int64_t real_ms);
/* Closed and opened. False: said on standard error, and due once more a while later. */
bool connection_renew(
	struct crowd *crowd, struct connection *connection, uint32_t ring, const char *endpoint);

/* line.c */
bool line_open(struct crowd *crowd, struct terminal *terminal, uint32_t index);
void line_close(struct line *line);
/* All that has come in; then pings, and lines that are dead, were refused or never came up. */
void line_work(struct crowd *crowd, struct terminal *terminal, uint32_t index, int64_t real_ms);
/* bytes to the daemon that leads; dropped while there is none: what counts is said again after the next hello. */
void line_send(struct crowd *crowd, struct terminal *terminal, uint32_t index, struct text message);

/* told.c: one message of the daemon. */
void told_message(struct crowd *crowd, struct terminal *terminal, uint32_t index, struct text message);

/* say.c */
void say_hello(struct crowd *crowd, struct terminal *terminal, uint32_t index);
void say_ping(struct crowd *crowd, struct terminal *terminal, uint32_t index);
void say_answer(struct crowd *crowd, struct terminal *terminal, uint32_t index, uint32_t order,
	uint8_t answer, const char *reason);
void say_position(struct crowd *crowd, struct terminal *terminal);
void say_status(struct crowd *crowd, struct terminal *terminal, struct text status);
void say_notice(struct crowd *crowd, struct terminal *terminal, struct text notice);
void say_cleared(struct crowd *crowd, const struct terminal *terminal, const struct plan *plan);

/* jobs.c */
int64_t crowd_now_ms(const struct crowd *crowd); /* the program's own time */
struct job *job_find(struct terminal *terminal, uint32_t order);
struct job *job_start(
	struct crowd *crowd, struct terminal *terminal, uint32_t order, int64_t travel_ms, struct spot to);
/* Says it, and keeps it so that it can be said again. */
void job_answer(
	struct crowd *crowd, struct terminal *terminal, struct job *job, uint8_t answer, const char *reason);
void jobs_work(struct crowd *crowd, struct terminal *terminal);
void jobs_repeat(struct crowd *crowd, struct terminal *terminal);
int64_t jobs_due_ms(const struct terminal *terminal);

/* hand.c: one line a person typed. */
void hand_line(struct crowd *crowd, char *line);

#endif
