/* ids: running numbers and the short texts that people say for them; no allocation, no locale. */
#include "wire/ids.h"

enum { YEAR_DIGITS = 4, SERIAL_DIGITS = 6, INCIDENT_LENGTH = YEAR_DIGITS + 1 + SERIAL_DIGITS };

static const uint32_t serials_a_year = ID_SERIAL_MAX + 1;

static const char letters[] = {
	[ID_INCIDENT] = 0,
	[ID_ORDER] = 'O',
	[ID_ALARM] = 'A',
	[ID_NEED] = 'R',
	[ID_NOTICE] = 'N',
	[ID_TASK] = 'T',
	[ID_SILENCE] = 'S',
	[ID_SUPPLY] = 'M',
};
_Static_assert(sizeof(letters) == ID_KIND_COUNT, "every kind of id has its letter");

/* Writes the last `count` digits; returns what stands behind them. */
static char *digits_write(char *at, uint64_t number, uint32_t count)
{
	for (uint32_t i = count; i-- > 0; number /= 10)
		at[i] = (char)('0' + number % 10);
	return at + count;
}

static uint32_t digits_count(uint64_t number)
{
	uint32_t count = 1;

	while (number >= 10) {
		number /= 10;
		count++;
	}
	return count;
}

struct text ids_write(enum id_kind kind, uint64_t number, char *out)
{
	char *at = out;

	ASSERT((uint32_t)kind < ID_KIND_COUNT);
	if (number != 0 && kind == ID_INCIDENT) {
		uint64_t year = number / serials_a_year;
		uint32_t year_digits = digits_count(year);

		at = digits_write(at, year, year_digits > YEAR_DIGITS ? year_digits : YEAR_DIGITS);
		*at++ = '-';
		at = digits_write(at, number % serials_a_year, SERIAL_DIGITS);
	} else if (number != 0) {
		*at++ = letters[kind];
		at = digits_write(at, number, digits_count(number));
	}
	*at = '\0';
	return (struct text){out, (uint32_t)(at - out)};
}

/* One or more digits and nothing else, at most `max`. */
static enum disp_err digits_read(const char *at, uint32_t count, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;

	if (count == 0)
		return DISP_E_INPUT;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t digit = (uint64_t)(unsigned char)at[i] - '0';

		if (digit > 9 || value > (max - digit) / 10)
			return DISP_E_INPUT;
		value = value * 10 + digit;
	}
	*number = value;
	return DISP_OK;
}

static enum disp_err incident_read(struct text text, uint64_t *number)
{
	uint64_t year, serial, value;

	if (text.len != INCIDENT_LENGTH || text.ptr[YEAR_DIGITS] != '-' ||
		digits_read(text.ptr, YEAR_DIGITS, 9999, &year) != DISP_OK ||
		digits_read(text.ptr + YEAR_DIGITS + 1, SERIAL_DIGITS, ID_SERIAL_MAX, &serial) != DISP_OK)
		return DISP_E_INPUT;
	value = year * serials_a_year + serial;
	if (year == 0 || serial == 0 || value > UINT32_MAX)
		return DISP_E_INPUT;
	*number = value;
	return DISP_OK;
}

static bool letter_is(char given, char letter)
{
	return given == letter || given == letter - 'A' + 'a';
}

enum disp_err ids_read(enum id_kind kind, struct text text, uint64_t *number)
{
	ASSERT((uint32_t)kind < ID_KIND_COUNT);
	if (kind == ID_INCIDENT)
		return incident_read(text, number);
	if (text.len < 2 || !letter_is(text.ptr[0], letters[kind]) || text.ptr[1] == '0')
		return DISP_E_INPUT;
	return digits_read(text.ptr + 1, text.len - 1, kind == ID_ALARM ? UINT64_MAX : UINT32_MAX, number);
}

enum disp_err ids_read_any(struct text text, enum id_kind *kind, uint64_t *number)
{
	for (uint32_t i = 0; i < ID_KIND_COUNT; i++) {
		if (ids_read(i, text, number) == DISP_OK) {
			*kind = i;
			return DISP_OK;
		}
	}
	return DISP_E_INPUT;
}
