/* asked: which question a pong answers, and so which words have arrived for good; no clock, no socket. */
#ifndef TERMINAL_ASKED_H
#define TERMINAL_ASKED_H

#include <stdint.h>
#include <string.h>

enum { ASKED_MAX = 8 };

/* Hellos and pings of one connection that have no pong yet, the oldest first: pongs come in their order. */
struct asked {
	int64_t at_ms[ASKED_MAX];
	uint32_t count;
};

/* One more. Beyond ASKED_MAX it is not remembered: pongs then say less than they could, never more. */
static inline void asked_put(struct asked *asked, int64_t at_ms)
{
	if (asked->count < ASKED_MAX)
		asked->at_ms[asked->count++] = at_ms;
}

/* A pong has come: all that was said before the moment returned has arrived; 0: nobody had asked. */
static inline int64_t asked_take(struct asked *asked)
{
	int64_t at_ms = asked->count > 0 ? asked->at_ms[0] : 0;

	if (asked->count > 0)
		memmove(asked->at_ms, asked->at_ms + 1, --asked->count * sizeof asked->at_ms[0]);
	return at_ms;
}

#endif
