/* types: the small values that every part shares; no behaviour. */
#ifndef CORE_TYPES_H
#define CORE_TYPES_H

#include <stdbool.h>
#include <stdint.h>

/* A run of UTF-8 bytes owned by somebody else; not terminated. {NULL, 0} is "not given". */
struct text {
	const char *ptr;
	uint32_t len;
};

/* A string literal as a text. */
#define TEXT(literal) ((struct text){(literal), (uint32_t)sizeof(literal) - 1})

/* Where something is. geo/ fills both halves; they travel together, in events and in the journal. */
struct place {
	int32_t lat_e7, lon_e7; /* CGCS2000, degrees times 10^7: one step is at most 11.2 mm */
	int64_t ecef_mm[3];     /* the same point, earth-centred: chords need no sine */
};

#endif
