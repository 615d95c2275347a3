/* bell: what the desk must hear while nobody types: alerts that nobody has seen, a presence check. Sends no command. */
#ifndef CTL_BELL_H
#define CTL_BELL_H

#include "ctl/session.h"

enum { BELL_EVERY_MS = 5000, BELL_PRESENCE_S = 120 };

/* What was heard so far; starts as zeroes. */
struct bell {
	double alerts, rings;
	char presence[40]; /* the time that was announced */
	bool begun;
};

/*
 * Rings and prints a line for what is new in the daemon's GET /v1/shift?json=true since the last call: more alerts, or
 * the same that ring again; somebody must say within BELL_PRESENCE_S that they are there. The first call prints only the
 * latter. True: something was printed.
 */
bool bell_take(struct bell *bell, const struct screen *screen, const json_t *shift);

/* Asks the daemon, silently where it does not answer, and takes the reply. */
bool bell_look(struct bell *bell, struct session *session);

#endif
