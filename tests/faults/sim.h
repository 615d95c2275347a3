/* sim: one world: its clock, its chance, what is due, the trace, what was violated. Knows no part of the daemon. */
#ifndef TESTS_FAULTS_SIM_H
#define TESTS_FAULTS_SIM_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Milliseconds since the machine was started; the world begins at SIM_BOOT_MS, its wall clock at SIM_WALL_MS more. */
#define SIM_BOOT_MS INT64_C(1000000)
#define SIM_WALL_MS INT64_C(1782864000000)

enum { SIM_SECOND = 1000, SIM_MINUTE = 60 * SIM_SECOND, SIM_HOUR = 60 * SIM_MINUTE };

typedef void sim_fn(void *context, uint64_t arg);

struct sim {
	uint64_t seed, random;
	int64_t now_ms;
	int64_t wall_off_ms; /* the wall clock's steps */
	uint64_t digest;     /* of the trace so far */
	uint64_t steps;      /* lines of the trace */
	bool trace;          /* print it */
	bool faults;         /* the phase in which things go wrong */
	bool over;           /* nothing more is done: the seed has ended */
	uint32_t violations;
	const char *promise; /* of the first violation; a constant */
	char what[512];
	void (*mishap)(void); /* told of each fault that a call has met; may be NULL */
	jmp_buf end;          /* where a violation ends the seed */
};
extern struct sim sim;

void sim_begin(uint64_t seed, bool trace);
void sim_end(void);

/* fn(context, arg) at that time, or now if it has passed. What is due at one time comes in the order of the calls. */
void sim_at(int64_t at_ms, sim_fn *fn, void *context, uint64_t arg);
/* Does what is due up to that time, and goes there. */
void sim_run(int64_t until_ms);

/* 0 .. count - 1; 0 of 0. */
uint64_t sim_below(uint64_t count);
/* from .. to, both included. */
int64_t sim_between(int64_t from, int64_t to);
/* True once in `count` on average; 0: never. */
bool sim_one_in(uint64_t count);
/* Times that are mostly near the least and seldom near the most. */
int64_t sim_long(int64_t least, int64_t most);

/* One line of the trace. what: a constant. */
void sim_note(const char *what, uint64_t a, uint64_t b);

/* A promise was broken: said, and the seed ends there. Does not return. */
_Noreturn void sim_violation(const char *promise, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
