/* fuzz_random: numbers out of a fuzz input in place of those of ../random.h, so that the makers of random events and towns
 * make what the input says. To be included before them. */
#ifndef TESTS_PROPERTY_RANDOM_H
#define TESTS_PROPERTY_RANDOM_H

#include "fuzz.h"

static struct fuzz_input fuzz_random;

/* Zero stays zero; else two bytes are spread over all 64 bits. */
static inline uint64_t random_next(void)
{
	return fuzz_u16(&fuzz_random) * UINT64_C(0x9E3779B97F4A7C15) >> 1;
}

static inline uint32_t below(uint32_t limit)
{
	return (limit <= 256 ? fuzz_u8(&fuzz_random) : fuzz_u16(&fuzz_random)) % limit;
}

#endif
