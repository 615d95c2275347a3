/* radio: what a terse line of radio traffic means: unit, status word, then a place or a remark. Asks nobody. */
#ifndef CTL_RADIO_H
#define CTL_RADIO_H

#include <jansson.h>
#include <stdbool.h>

#include "core/words.h"

enum { RADIO_PARTS_MAX = 32, RADIO_TEXT_MAX = 256 };

/* What a status word says. */
struct radio_status {
	const char *word;       /* of the daemon: "en_route" */
	enum words_set set;     /* WORDS_ANSWER: of an order; WORDS_UNIT_STATE: of the unit */
	const char *unit_state; /* what an answer means for a unit without an order; NULL: nothing */
	bool remark;            /* a remark follows, not a place */
	bool grave;        /* takes somebody away: one character alone never says it, unless it is the word */
	const char *typed; /* other words for it, parted by blanks */
};

enum radio_fault { RADIO_CLEAR, RADIO_NO_STATUS, RADIO_UNIT, RADIO_STATUS };

/* One part as it was understood. */
struct radio_part {
	char typed[RADIO_TEXT_MAX];
	char unit[RADIO_TEXT_MAX]; /* its whole id; as typed where it is not clear */
	const struct radio_status *status;
	char said[RADIO_TEXT_MAX]; /* the status word as typed */
	char rest[RADIO_TEXT_MAX]; /* place or remark; "" */
	enum radio_fault fault;
	json_t *candidates; /* several may be meant; none: nothing is like it. Strings */
};

/* Every status there is; *count of them. */
const struct radio_status *radio_statuses(uint32_t *count);

/*
 * The parts of a line, parted by '/', or by a comma or semicolon where a unit follows; a dot before the first and those
 * at the ends are left out. part[RADIO_PARTS_MAX] point into the line, which is written into. Returns how many; those
 * beyond are not read.
 */
uint32_t radio_split(char *line, const json_t *units, char **part);

/* The line begins with a whole id or name of these units; the case, "-" and "_" do not matter. */
bool radio_begins_with_unit(const char *line, const json_t *units);

/*
 * One part, with the units that there are: [{"id":…,"name":…}]. A word means what it is, else what alone begins with
 * it, for a grave one two characters of it; the case, "-" and "_" do not matter. Free with radio_free.
 */
void radio_read(const char *typed, const json_t *units, struct radio_part *out);
void radio_free(struct radio_part *part);

/*
 * The objects of a list that a typed word stands for by `key`, or by `also` (NULL: only key): the one that it is,
 * else all that begin with it; NULL: all of them. An array of the keys' strings, each once; the caller's (json_decref).
 */
json_t *radio_match(const char *typed, const json_t *list, const char *key, const char *also);

#endif
