/* z85: ZeroMQ's base 85; see the header. */
#include "wire/z85.h"

#include "core/error.h"

enum { GROUP_BYTES = 4, GROUP_CHARS = 5, BASE = 85, NO_DIGIT = 85 };

static const char alphabet[] =
	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
_Static_assert(sizeof alphabet == BASE + 1, "a character for each digit");

struct text z85_write(const uint8_t *bytes, uint32_t count, char *out)
{
	ASSERT(count % GROUP_BYTES == 0);
	for (uint32_t group = 0; group < count / GROUP_BYTES; group++) {
		const uint8_t *from = bytes + (uint64_t)group * GROUP_BYTES;
		uint32_t value =
			(uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];

		for (uint32_t i = GROUP_CHARS; i > 0; i--) {
			out[(uint64_t)group * GROUP_CHARS + i - 1] = alphabet[value % BASE];
			value /= BASE;
		}
	}
	return (struct text){out, Z85_SIZE(count)};
}

static uint32_t digit_of(char c)
{
	uint32_t digit = 0;

	while (digit < NO_DIGIT && alphabet[digit] != c)
		digit++;
	return digit;
}

bool z85_read(struct text text, uint8_t *out, uint32_t count)
{
	ASSERT(count % GROUP_BYTES == 0);
	if (text.len != Z85_SIZE(count))
		return false;
	for (uint32_t group = 0; group < count / GROUP_BYTES; group++) {
		uint64_t value = 0;

		for (uint32_t i = 0; i < GROUP_CHARS; i++) {
			uint32_t digit = digit_of(text.ptr[(uint64_t)group * GROUP_CHARS + i]);

			if (digit == NO_DIGIT)
				return false;
			value = value * BASE + digit;
		}
		if (value > UINT32_MAX)
			return false;
		for (uint32_t i = 0; i < GROUP_BYTES; i++)
			out[(uint64_t)group * GROUP_BYTES + i] = (uint8_t)(value >> (24 - 8 * i));
	}
	return true;
}
