/* chaos: which faults a world has, how often, and when; by its seed. */
#ifndef TESTS_FAULTS_CHAOS_H
#define TESTS_FAULTS_CHAOS_H

#include "sim.h"

/* Each world has some kinds of faults, not all: what one hides another shows. */
void chaos_begin(void);
/* Everything works from now on. */
void chaos_over(void);

#endif
