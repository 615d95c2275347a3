/* row_wire: what the row's encoder, decoder and JSON share: varints, and values at an address. */
#ifndef WIRE_ROW_WIRE_H
#define WIRE_ROW_WIRE_H

#include <string.h>

#include "wire/row_tables.h"

enum {
	ROW_WIRE_VARINT = 0,
	ROW_WIRE_FIXED64 = 1,
	ROW_WIRE_BYTES = 2,
	ROW_WIRE_FIXED32 = 5,
	ROW_VARINT_MAX = 10
};

static inline size_t row_varint_write(uint64_t value, uint8_t *out)
{
	size_t used = 0;

	for (; value >= 0x80; value >>= 7)
		out[used++] = (uint8_t)(value | 0x80);
	out[used++] = (uint8_t)value;
	return used;
}

static inline bool row_type_signed(uint8_t type)
{
	return type == ROW_I32 || type == ROW_I64;
}

static inline uint32_t row_u32_at(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static inline struct text row_text_at(const uint8_t *at)
{
	struct text text;

	memcpy(&text, at, sizeof(text));
	return text;
}

/* The bytes of a number of any type; signed ones extended to 64 bits. */
uint64_t row_number_at(const struct row_field *field, const uint8_t *at);

#endif
