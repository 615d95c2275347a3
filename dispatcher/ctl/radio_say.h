/* radio_say: the line that a part of radio traffic gets: what was understood and what became of it. Does nothing itself. */
#ifndef CTL_RADIO_SAY_H
#define CTL_RADIO_SAY_H

#include "ctl/radio.h"
#include "ctl/session.h"

/* One part on its way. */
struct radio_heard {
	struct session *session;
	struct radio_part part;
	json_t *unit;                  /* as the daemon shows it, with its live orders */
	const char *order;             /* the one that is answered; NULL: none */
	char late[32];                 /* the same, where its time to answer was over; "" */
	bool thanked;                  /* it ended with its case: nothing is left to do */
	char place[RADIO_TEXT_MAX];    /* its whole name; "" */
	char unplaced[RADIO_TEXT_MAX]; /* why its place was not recorded; "" */
	json_t *record;                /* with --json: what was understood and what became of it */
	bool dry;                      /* nothing is done */
};

/* Puts a member into the record; nothing for NULL or "". */
void radio_record(const struct radio_heard *heard, const char *key, const char *value);

/* The line of the part: understood, and what became of it. With --json it goes into the record only, as "said". */
void radio_say(const struct radio_heard *heard, enum tone tone, const char *became);

/*
 * That `typed` may be several things or is none: `several` is a format for it and the candidates' names, `nothing` for
 * it alone; both msgids. Returns EXIT_USAGE.
 */
int radio_say_candidates(const struct radio_heard *heard, const char *several, const char *nothing,
	const json_t *candidates, const char *typed);

/* What was not clear in the part itself, with the words that there are; returns EXIT_DONE: all is, else EXIT_USAGE. */
int radio_say_fault(const struct radio_heard *heard);

/* What became of what was sent: `code` and the daemon's reply. */
void radio_say_became(const struct radio_heard *heard, int code, const json_t *reply);

/* Where it was the last of the work: the calls that were waiting are gone from the list. */
void radio_say_calls(const struct radio_heard *heard, const json_t *reply);

#endif
