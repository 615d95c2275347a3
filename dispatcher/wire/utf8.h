/* utf8: is it valid, and how wide is it on a screen. Pure; no normalisation, no locale. */
#ifndef WIRE_UTF8_H
#define WIRE_UTF8_H

#include <stddef.h>

#include "core/types.h"

/*
 * utf8_step - bytes of the well-formed sequence at `at`: 1 .. 4; 0 when there is none.
 *
 * Shapes  at < end. Never reads at end or past it.
 * Errors  0: overlong, a surrogate, above U+10FFFF, a stray or a missing continuation byte.
 * Source  The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences".
 */
static inline uint32_t utf8_step(const uint8_t *at, const uint8_t *end)
{
	size_t left = (size_t)(end - at);
	uint8_t lead = at[0];

	if (lead < 0x80)
		return 1;
	if (lead < 0xC2 || lead > 0xF4 || left < 2 || (at[1] & 0xC0) != 0x80)
		return 0;
	if (lead < 0xE0)
		return 2;
	if (left < 3 || (at[2] & 0xC0) != 0x80)
		return 0;
	if (lead < 0xF0)
		return (lead == 0xE0 && at[1] < 0xA0) || (lead == 0xED && at[1] > 0x9F) ? 0 : 3;
	if (left < 4 || (at[3] & 0xC0) != 0x80)
		return 0;
	return (lead == 0xF0 && at[1] < 0x90) || (lead == 0xF4 && at[1] > 0x8F) ? 0 : 4;
}

/* The code point of a sequence that utf8_step found to be `length` bytes long. */
uint32_t utf8_decode(const uint8_t *at, uint32_t length);

/* Writes one code point, at most U+10FFFF and no surrogate, to out[4]; returns the bytes written, 1 .. 4. */
uint32_t utf8_encode(uint32_t code, uint8_t *out);

/* Whether the whole text is well-formed. The empty text is. */
bool utf8_valid(struct text text);

/*
 * utf8_columns - how many terminal columns the text takes: 2 for wide and full-width characters (Chinese,
 * emoji), 0 for controls and for the combining marks that Latin and Chinese text use, 1 for the rest and for
 * each byte that is not UTF-8.
 *
 * Source  Unicode 14 EastAsianWidth.txt, classes W and F.
 */
uint32_t utf8_columns(struct text text);

/* How many bytes of the text, whole characters only, fit into that many columns. */
uint32_t utf8_fit_columns(struct text text, uint32_t columns);

/*
 * What a text from outside can do to a screen or a log beyond being read: controls, marks that turn the direction of
 * writing, characters that take no room and hide, separators of lines, tags.
 *
 * Source  Unicode 15: categories Cc, Cf, Zl, Zp, but for the joiners U+200C and U+200D of emoji and Indic scripts.
 */
bool utf8_harmful(uint32_t code);

/*
 * Blanks for harmful characters of one or two bytes and U+FFFD for longer ones, `?` for what is not UTF-8; in place, the
 * text stays as long as it is. True: something was changed.
 */
bool utf8_make_harmless(char *text, size_t len);

#endif
