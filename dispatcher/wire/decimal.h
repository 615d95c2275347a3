/* decimal: numbers as JSON writes them, to fixed point and IEEE doubles. Integer arithmetic only. */
#ifndef WIRE_DECIMAL_H
#define WIRE_DECIMAL_H

#include "core/error.h"
#include "core/types.h"

/*
 * decimal_scan - bytes of the number that begins at `at`: the longest prefix that RFC 8259 section 6 allows.
 *
 * Shapes  at <= end. *whole is set: the number has neither fraction nor exponent.
 * Errors  0: no number begins here. "01" is the number 0 with something behind it, "1." is none.
 */
uint32_t decimal_scan(const uint8_t *at, const uint8_t *end, bool *whole);

/* Whether the text is one number in the grammar of RFC 8259 and nothing else. */
bool decimal_valid(struct text number);

/*
 * decimal_to_fixed - the number times 10^scale as an integer, exactly; to nearest, halves away from zero.
 *
 * Shapes  number: one that decimal_valid accepts, of any length, with any exponent. scale: -18 .. 18.
 *         *exact (may be NULL) tells that nothing was rounded away.
 * Errors  DISP_E_INPUT  the result does not fit into int64; *out is untouched.
 */
enum disp_err decimal_to_fixed(struct text number, int32_t scale, int64_t *out, bool *exact) DISP_MUSTCHECK;

/*
 * decimal_to_double - the nearest IEEE double, halves to even.
 *
 * Shapes  number: one that decimal_valid accepts.
 * Order   Correctly rounded for up to 19 significant digits when the exponent of the last of them is within
 *         -27 .. 27, which holds for every coordinate and measurement: 10^27 = 5^27 * 2^27 and 5^27 fits 64
 *         bits, so product and quotient are exact in 128 bits. Beyond that the result is within one unit in
 *         the last place: each further step of 10^27 keeps 64 bits, and later digits count as "a little
 * more". Errors  DISP_E_INPUT  larger than the largest double. Too small becomes a subnormal or zero.
 */
enum disp_err decimal_to_double(struct text number, double *out) DISP_MUSTCHECK;

#endif
