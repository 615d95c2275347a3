/* crc32c: the Castagnoli checksum over bytes on disk; finds damage, proves no authorship. */
#ifndef STORE_CRC32C_H
#define STORE_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * crc32c_extend - the checksum of `bytes` put behind those that gave `crc`; begin with 0.
 *
 * Shapes  crc32c_extend(crc32c_extend(0, a), b) is the checksum of a and b together.
 * Memory  none, no lock, nothing to set up: usable in a signal handler and after fork().
 *         Uses the processor's instruction (SSE4.2, ARMv8 CRC) where there is one.
 * Source  RFC 3720, B.4: polynomial 0x1EDC6F41, reflected; "123456789" gives 0xE3069283.
 */
uint32_t crc32c_extend(uint32_t crc, const void *bytes, size_t size);

/* The two ways of computing it, apart, so that a test can hold one against the other. */
uint32_t crc32c_extend_by_table(uint32_t crc, const void *bytes, size_t size);
uint32_t crc32c_extend_by_hardware(uint32_t crc, const void *bytes, size_t size); /* only if there is any */
bool crc32c_has_hardware(void);

#endif
