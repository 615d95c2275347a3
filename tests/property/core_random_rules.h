/* core_random_rules: the rules of a town that a random night is tried on; for test_core_random and fuzz_core. */
#ifndef TESTS_PROPERTY_CORE_RANDOM_RULES_H
#define TESTS_PROPERTY_CORE_RANDOM_RULES_H

#include "../unit/core_world.h"

/* Presence is asked for often, and the bell is quick: else a night, or an input, sees little of them. */
static inline void random_rules(struct core_rules *rules)
{
	rules->bell_ms = 20 * SECOND_MS;
	rules->bell_rings = 2;
	rules->presence_ms = 5 * MINUTE_MS;
	rules->presence_answer_ms = MINUTE_MS;
	rules->response[1] = (struct core_response){WHO_COMMITTEE, WHO_OFFICE | WHO_LEADER, RELEASE_AUTO};
	rules->response[2] = (struct core_response){0, WHO_DUTY_OFFICER, RELEASE_CONFIRM};
}

#endif
