/* several: several requests of one command and what each was answered, shown as one. Sends nothing. */
#ifndef CTL_SEVERAL_H
#define CTL_SEVERAL_H

#include "ctl/session.h"

struct several {
	struct session *session;
	json_t *replies;
	bool json; /* one document at the end, none for each */
	int worst; /* exit code */
};

struct several several_begin(struct session *session);
/* Shows a good reply at once, or keeps it; reply: taken over, may be NULL. */
void several_add(struct several *several, int code, json_t *reply);
/* single: the one reply itself instead of a list of one. Returns the worst exit code. */
int several_end(struct several *several, bool single);

#endif
