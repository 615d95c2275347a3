/* bytes: integers to and from little-endian bytes in files; no I/O. */
#ifndef STORE_BYTES_H
#define STORE_BYTES_H

#include <stdint.h>

static inline void bytes_put_u32(uint8_t *to, uint32_t value)
{
	for (unsigned index = 0; index < 4; index++)
		to[index] = (uint8_t)(value >> (8 * index));
}

static inline void bytes_put_u64(uint8_t *to, uint64_t value)
{
	for (unsigned index = 0; index < 8; index++)
		to[index] = (uint8_t)(value >> (8 * index));
}

static inline uint32_t bytes_get_u32(const uint8_t *from)
{
	uint32_t value = 0;

	for (unsigned index = 0; index < 4; index++)
		value |= (uint32_t)from[index] << (8 * index);
	return value;
}

static inline uint64_t bytes_get_u64(const uint8_t *from)
{
	return (uint64_t)bytes_get_u32(from) | (uint64_t)bytes_get_u32(from + 4) << 32;
}

#endif
