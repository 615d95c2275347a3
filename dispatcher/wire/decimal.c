/* decimal: the grammar of JSON numbers and their conversion; no locale, no floating-point operation. */
#include "wire/decimal.h"

#include <stddef.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128; /* the one typedef: the compiler's own type has no ISO name */

enum { DIGITS_MAX = 19, POWER_MAX = 27 };
#define EXPONENT_MAX INT64_C(1000000000000)

/* A number taken apart; its digits are those of whole followed by those of fraction. */
struct number {
	bool negative;
	const uint8_t *whole, *fraction;
	int64_t whole_count, fraction_count;
	int64_t exponent; /* clamped to +-EXPONENT_MAX, more than 4 GiB of digits can make good */
};

/* value = mantissa * 2^exponent, and a little more when sticky; the top bit of the mantissa is set. */
struct scaled {
	uint64_t mantissa;
	int64_t exponent;
	bool sticky;
};

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static const uint8_t *skip_digits(const uint8_t *at, const uint8_t *end)
{
	while (at < end && is_digit(*at))
		at++;
	return at;
}

uint32_t decimal_scan(const uint8_t *at, const uint8_t *end, bool *whole)
{
	const uint8_t *start = at, *digits;

	*whole = true;
	if (at < end && *at == '-')
		at++;
	if (at == end || !is_digit(*at))
		return 0;
	at = *at == '0' ? at + 1 : skip_digits(at, end);

	if (at < end && *at == '.') {
		*whole = false;
		digits = ++at;
		at = skip_digits(at, end);
		if (at == digits)
			return 0;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		*whole = false;
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		digits = at;
		at = skip_digits(at, end);
		if (at == digits)
			return 0;
	}
	return (uint32_t)(at - start);
}

bool decimal_valid(struct text number)
{
	const uint8_t *at = (const uint8_t *)number.ptr;
	bool whole;

	return number.len > 0 && decimal_scan(at, at + number.len, &whole) == number.len;
}

static struct number split(struct text text)
{
	const uint8_t *at = (const uint8_t *)text.ptr, *end = at + text.len;
	struct number n = {.negative = *at == '-'};

	n.whole = n.negative ? at + 1 : at;
	at = skip_digits(n.whole, end);
	n.whole_count = at - n.whole;
	n.fraction = at;
	if (at < end && *at == '.') {
		n.fraction = at + 1;
		at = skip_digits(n.fraction, end);
		n.fraction_count = at - n.fraction;
	}
	if (at == end)
		return n;

	bool minus = *++at == '-'; /* *at was the e */
	if (*at == '-' || *at == '+')
		at++;
	for (; at < end; at++)
		if (n.exponent < EXPONENT_MAX)
			n.exponent = n.exponent * 10 + (*at - '0');
	if (n.exponent > EXPONENT_MAX)
		n.exponent = EXPONENT_MAX;
	if (minus)
		n.exponent = -n.exponent;
	return n;
}

static uint32_t digit_at(const struct number *n, int64_t index)
{
	return (uint32_t)(index < n->whole_count ? n->whole[index] : n->fraction[index - n->whole_count]) -
	       '0';
}

static bool digits_left(const struct number *n, int64_t from)
{
	for (int64_t index = from; index < n->whole_count + n->fraction_count; index++)
		if (digit_at(n, index) != 0)
			return true;
	return false;
}

enum disp_err decimal_to_fixed(struct text number, int32_t scale, int64_t *out, bool *exact)
{
	struct number n = split(number);
	int64_t count = n.whole_count + n.fraction_count;
	int64_t point = n.whole_count + n.exponent + scale; /* so many digits stand before the moved point */
	uint64_t value = 0;

	for (int64_t index = 0; index < point; index++) {
		if (index >= count && value == 0)
			break; /* zeros of a zero */
		uint64_t digit = index < count ? digit_at(&n, index) : 0;
		if (__builtin_mul_overflow(value, 10u, &value) ||
			__builtin_add_overflow(value, digit, &value))
			return DISP_E_INPUT;
	}
	if (point >= 0 && point < count && digit_at(&n, point) >= 5)
		if (__builtin_add_overflow(value, 1u, &value))
			return DISP_E_INPUT;
	if (value > (uint64_t)INT64_MAX + (n.negative ? 1 : 0))
		return DISP_E_INPUT;

	if (exact != NULL)
		*exact = !digits_left(&n, point < 0 ? 0 : point);
	if (!n.negative)
		*out = (int64_t)value;
	else
		*out = value == 0 ? 0 : -(int64_t)(value - 1) - 1;
	return DISP_OK;
}

static uint64_t power_of_5(int64_t n)
{
	uint64_t power = 1;

	for (int64_t i = 0; i < n; i++)
		power *= 5;
	return power;
}

/* Keeps the top 64 bits of a value that is not 0. */
static void normalise(struct scaled *s, u128 value)
{
	uint64_t high = (uint64_t)(value >> 64), low = (uint64_t)value;
	int bits = high != 0 ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll(low);

	if (bits <= 64) {
		s->mantissa = low << (64 - bits);
	} else {
		s->mantissa = (uint64_t)(value >> (bits - 64));
		s->sticky |= (low << (128 - bits)) != 0;
	}
	s->exponent += bits - 64;
}

static void scale_by_10(struct scaled *s, int64_t power)
{
	while (power != 0) {
		int64_t step = power > 0 ? power : -power;
		if (step > POWER_MAX)
			step = POWER_MAX;
		uint64_t five = power_of_5(step);
		if (power > 0) {
			s->exponent += step;
			normalise(s, (u128)s->mantissa * five);
			power -= step;
		} else {
			u128 dividend = (u128)s->mantissa << 64;
			s->exponent -= 64 + step;
			s->sticky |= dividend % five != 0;
			normalise(s, dividend / five);
			power += step;
		}
	}
}

/* The bits of the nearest double, halves to even; those of infinity when it is out of range. */
static uint64_t round_to_bits(const struct scaled *s)
{
	const uint64_t infinity = (uint64_t)0x7FF << 52;
	int64_t top = s->exponent + 63; /* the exponent of the leading bit */
	int64_t drop = 11;

	if (top > 1023)
		return infinity;
	if (top < -1022)
		drop += -1022 - top;
	if (drop > 64)
		return 0;

	uint64_t kept = drop == 64 ? 0 : s->mantissa >> drop;
	uint64_t rest = s->mantissa << (64 - drop);
	uint64_t half = (uint64_t)1 << 63;
	if (rest > half || (rest == half && (s->sticky || (kept & 1) != 0)))
		kept++;
	/* the leading bit of kept adds the last 1 to the exponent; a carry out of kept adds one more */
	return top < -1022 ? kept : ((uint64_t)(top + 1022) << 52) + kept;
}

enum disp_err decimal_to_double(struct text number, double *out)
{
	struct number n = split(number);
	int64_t count = n.whole_count + n.fraction_count, first = 0, last;
	uint64_t digits = 0, bits = 0;

	while (first < count && digit_at(&n, first) == 0)
		first++;
	for (last = first; last < count && last < first + DIGITS_MAX; last++)
		digits = digits * 10 + digit_at(&n, last);

	if (digits != 0) {
		struct scaled s = {.sticky = digits_left(&n, last)};
		int64_t power = n.whole_count - last + n.exponent;
		if (power > 400)
			return DISP_E_INPUT;
		normalise(&s, digits);
		if (power >= -800)
			scale_by_10(&s, power);
		bits = power >= -800 ? round_to_bits(&s) : 0;
		if (bits >= (uint64_t)0x7FF << 52)
			return DISP_E_INPUT;
	}
	bits |= (uint64_t)n.negative << 63;
	memcpy(out, &bits, sizeof(bits));
	return DISP_OK;
}
