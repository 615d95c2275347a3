/* z85: bytes as the printable text that ZeroMQ writes keys in, and back. Pure. */
#ifndef WIRE_Z85_H
#define WIRE_Z85_H

#include "core/types.h"

/* Characters that so many bytes take; bytes is a multiple of 4. */
#define Z85_SIZE(bytes) ((bytes) / 4 * 5)
enum { Z85_KEY_BYTES = 32, Z85_KEY_SIZE = Z85_SIZE(Z85_KEY_BYTES) };

/*
 * z85_write - `bytes` as text.
 *
 * Shapes  count is a multiple of 4; out has Z85_SIZE(count) characters, which the answer points to. Not terminated.
 * Source  https://rfc.zeromq.org/spec/32/: groups of 4 bytes, most significant first, to base 85.
 */
struct text z85_write(const uint8_t *bytes, uint32_t count, char *out);

/*
 * z85_read - the way back. False: not as long as `count` bytes take, a character outside of the alphabet, or a group that
 * stands for more than 32 bits; out is then not to be used.
 */
bool z85_read(struct text text, uint8_t *out, uint32_t count);

#endif
