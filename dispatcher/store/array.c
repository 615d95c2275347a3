/* array: PostgreSQL arrays in binary form, built in memory; sends nothing. */
#include "store/array.h"

#include <stdlib.h>
#include <string.h>

enum { ARRAY_HEAD_BYTES = 20, ARRAY_BYTES_MIN = 4096 };

static void put_u32(uint8_t *to, uint32_t value)
{
	for (unsigned index = 0; index < 4; index++)
		to[index] = (uint8_t)(value >> (24 - 8 * index));
}

void array_put_i64(uint8_t to[8], int64_t value)
{
	put_u32(to, (uint32_t)((uint64_t)value >> 32));
	put_u32(to + 4, (uint32_t)value);
}

int64_t array_get_i64(const char *from)
{
	uint64_t value = 0;

	for (unsigned index = 0; index < 8; index++)
		value = value << 8 | (uint8_t)from[index];
	return (int64_t)value;
}

static uint8_t *room(struct array *array, size_t size)
{
	if (array->used + size > array->size) {
		size_t wanted = array->size < ARRAY_BYTES_MIN ? ARRAY_BYTES_MIN : array->size;

		while (wanted < array->used + size)
			wanted *= 2;
		uint8_t *grown = realloc(array->bytes, wanted);

		ASSERT(grown != NULL);
		array->bytes = grown;
		array->size = wanted;
	}
	array->used += size;
	return array->bytes + array->used - size;
}

void array_begin(struct array *array, uint32_t element_oid)
{
	array->used = 0;
	array->count = 0;

	uint8_t *head = room(array, ARRAY_HEAD_BYTES);

	put_u32(head, 1);
	put_u32(head + 4, 0);
	put_u32(head + 8, element_oid);
	put_u32(head + 16, 1);
}

void array_add(struct array *array, const void *bytes, size_t size)
{
	uint8_t *length = room(array, 4 + (bytes == NULL ? 0 : size));

	put_u32(length, bytes == NULL ? UINT32_MAX : (uint32_t)size);
	if (bytes == NULL)
		put_u32(array->bytes + 4, 1);
	else if (size > 0)
		memcpy(length + 4, bytes, size);
	array->count++;
}

void array_add_i64(struct array *array, int64_t value)
{
	uint8_t bytes[8];

	array_put_i64(bytes, value);
	array_add(array, bytes, sizeof(bytes));
}

void array_end(struct array *array)
{
	put_u32(array->bytes + 12, array->count);
}

void array_free(struct array *array)
{
	free(array->bytes);
	*array = (struct array){0};
}
