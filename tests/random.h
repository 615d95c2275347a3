/* random: numbers from a seed, and the numbers that a caller may set by the environment; for the property tests. */
#ifndef TESTS_PROPERTY_RANDOM_H
#define TESTS_PROPERTY_RANDOM_H

#include <stdint.h>
#include <stdlib.h>

/* The seed is put here. */
static uint64_t random_state;

static inline uint64_t random_next(void) /* splitmix64, Steele, Lea and Flood 2014 */
{
	uint64_t z = random_state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static inline uint32_t below(uint32_t limit)
{
	return (uint32_t)(random_next() % limit);
}

static inline uint64_t number_from(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value != NULL ? strtoull(value, NULL, 10) : otherwise;
}

#endif
