/* utf8: validity and display width; the width tables are runs of code points of Unicode 14. */
#include "wire/utf8.h"

#include <string.h>

struct range {
	uint32_t first, last;
};

/* East Asian Wide and Fullwidth, without the marks below; unassigned points between two are counted in. */
static const struct range wide[] = {{0x1100, 0x115F}, {0x231A, 0x231B}, {0x2329, 0x232A}, {0x23E9, 0x23EC},
	{0x23F0, 0x23F0}, {0x23F3, 0x23F3}, {0x25FD, 0x25FE}, {0x2614, 0x2615}, {0x2648, 0x2653},
	{0x267F, 0x267F}, {0x2693, 0x2693}, {0x26A1, 0x26A1}, {0x26AA, 0x26AB}, {0x26BD, 0x26BE},
	{0x26C4, 0x26C5}, {0x26CE, 0x26CE}, {0x26D4, 0x26D4}, {0x26EA, 0x26EA}, {0x26F2, 0x26F3},
	{0x26F5, 0x26F5}, {0x26FA, 0x26FA}, {0x26FD, 0x26FD}, {0x2705, 0x2705}, {0x270A, 0x270B},
	{0x2728, 0x2728}, {0x274C, 0x274C}, {0x274E, 0x274E}, {0x2753, 0x2755}, {0x2757, 0x2757},
	{0x2795, 0x2797}, {0x27B0, 0x27B0}, {0x27BF, 0x27BF}, {0x2B1B, 0x2B1C}, {0x2B50, 0x2B50},
	{0x2B55, 0x2B55}, {0x2E80, 0x3029}, {0x302E, 0x303E}, {0x3041, 0x3096}, {0x309B, 0x3247},
	{0x3250, 0x4DBF}, {0x4E00, 0xA4C6}, {0xA960, 0xA97C}, {0xAC00, 0xD7A3}, {0xF900, 0xFAD9},
	{0xFE10, 0xFE19}, {0xFE30, 0xFE6B}, {0xFF01, 0xFF60}, {0xFFE0, 0xFFE6}, {0x16FE0, 0x16FE3},
	{0x16FF0, 0x1B2FB}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A},
	{0x1F200, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA},
	{0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440},
	{0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E}, {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A},
	{0x1F595, 0x1F596}, {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC},
	{0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7F0},
	{0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAF6}, {0x20000, 0x3FFFD}};

/* Controls, combining marks of Latin and Chinese text, joiners, variation selectors: no column. */
static const struct range zero[] = {{0x0080, 0x009F}, {0x0300, 0x036F}, {0x200B, 0x200F}, {0x202A, 0x202E},
	{0x2060, 0x2064}, {0x20D0, 0x20F0}, {0x302A, 0x302D}, {0x3099, 0x309A}, {0xFE00, 0xFE0F},
	{0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF}};

static const struct range harmful[] = {{0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x061C, 0x061C},
	{0x180E, 0x180E}, {0x200B, 0x200B}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},
	{0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0x1D173, 0x1D17A}, {0xE0000, 0xE007F}};

static bool table_holds(const struct range *range, uint32_t count, uint32_t code)
{
	uint32_t low = 0, high = count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (code > range[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && code >= range[low].first;
}

static uint32_t code_columns(uint32_t code)
{
	if (code < 0x80)
		return code >= 0x20 && code != 0x7F;
	if (table_holds(zero, sizeof(zero) / sizeof(zero[0]), code))
		return 0;
	return table_holds(wide, sizeof(wide) / sizeof(wide[0]), code) ? 2 : 1;
}

uint32_t utf8_decode(const uint8_t *at, uint32_t length)
{
	switch (length) {
	case 1:
		return at[0];
	case 2:
		return (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
	case 3:
		return (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
	default:
		return (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3Fu);
	}
}

bool utf8_harmful(uint32_t code)
{
	return table_holds(harmful, sizeof(harmful) / sizeof(harmful[0]), code);
}

bool utf8_make_harmless(char *text, size_t len)
{
	static const uint8_t shown[] = {0xEF, 0xBF, 0xBD, ' '};
	uint8_t *at = (uint8_t *)text;
	const uint8_t *end = at + len;
	bool changed = false;

	while (at < end) {
		uint32_t step = utf8_step(at, end);

		if (step == 0) {
			*at++ = '?';
			changed = true;
			continue;
		}
		if (utf8_harmful(utf8_decode(at, step))) {
			memcpy(at, step < 3 ? (const uint8_t *)"  " : shown, step);
			changed = true;
		}
		at += step;
	}
	return changed;
}

uint32_t utf8_encode(uint32_t code, uint8_t *out)
{
	if (code < 0x80) {
		out[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (uint8_t)(0xC0 | code >> 6);
		out[1] = (uint8_t)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (uint8_t)(0xE0 | code >> 12);
		out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
		out[2] = (uint8_t)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (uint8_t)(0xF0 | code >> 18);
	out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3F));
	out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
	out[3] = (uint8_t)(0x80 | (code & 0x3F));
	return 4;
}

bool utf8_valid(struct text text)
{
	const uint8_t *at = (const uint8_t *)text.ptr;
	const uint8_t *end = text.len > 0 ? at + text.len : at;

	while (at < end) {
		uint64_t word;
		if (end - at >= 8) {
			memcpy(&word, at, 8);
			if ((word & 0x8080808080808080u) == 0) {
				at += 8;
				continue;
			}
		}
		uint32_t step = utf8_step(at, end);
		if (step == 0)
			return false;
		at += step;
	}
	return true;
}

/* Walks at most `limit` columns; returns the bytes passed and, in *columns, their width. */
static uint32_t walk(struct text text, uint32_t limit, uint32_t *columns)
{
	const uint8_t *start = (const uint8_t *)text.ptr;
	const uint8_t *at = start, *end = text.len > 0 ? start + text.len : start;

	*columns = 0;
	while (at < end) {
		uint32_t step = utf8_step(at, end);
		uint32_t width = step == 0 ? 1 : code_columns(utf8_decode(at, step));
		if (width > limit - *columns)
			break;
		*columns += width;
		at += step == 0 ? 1 : step;
	}
	return (uint32_t)(at - start);
}

uint32_t utf8_columns(struct text text)
{
	uint32_t columns;

	(void)walk(text, UINT32_MAX, &columns);
	return columns;
}

uint32_t utf8_fit_columns(struct text text, uint32_t columns)
{
	uint32_t used;

	return walk(text, columns, &used);
}
