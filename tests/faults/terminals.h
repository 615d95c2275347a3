/* terminals: crews, keepers and loudspeakers: they say hello, take orders, answer or do not, vanish and come again. */
#ifndef TESTS_FAULTS_TERMINALS_H
#define TESTS_FAULTS_TERMINALS_H

#include "sim.h"

struct terminal_habits {
	uint64_t declines, silent; /* one order in so many */
	uint64_t vanishes;         /* one look in so many, for up to two minutes; 0 never */
	uint64_t freezes;          /* the same: connected, and reads nothing */
};
extern struct terminal_habits terminal_habits;

void terminals_begin(void);
/* How many are not linked. */
uint32_t terminals_away(void);

#endif
