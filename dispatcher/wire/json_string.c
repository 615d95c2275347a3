/* json_string: escapes, plain runs, equality and hash of JSON strings; nothing about documents. */
#include "wire/json_string.h"

#include <string.h>

#include "wire/utf8.h"

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static bool hex4(const uint8_t *at, const uint8_t *end, uint32_t *value)
{
	*value = 0;
	if (end - at < 4)
		return false;
	for (uint32_t i = 0; i < 4; i++) {
		uint8_t byte = at[i], letter = byte | 0x20;
		if (byte >= '0' && byte <= '9')
			*value = *value << 4 | (uint32_t)(byte - '0');
		else if (letter >= 'a' && letter <= 'f')
			*value = *value << 4 | (uint32_t)(letter - 'a' + 10);
		else
			return false;
	}
	return true;
}

static uint32_t unicode_escape(const uint8_t *at, const uint8_t *end, uint32_t *code)
{
	uint32_t high, low;

	if (!hex4(at + 2, end, &high))
		return 0;
	*code = high;
	if (high < 0xD800 || high > 0xDFFF)
		return 6;
	if (high > 0xDBFF || end - at < 12 || at[6] != '\\' || at[7] != 'u' || !hex4(at + 8, end, &low))
		return 0;
	if (low < 0xDC00 || low > 0xDFFF)
		return 0;
	*code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
	return 12;
}

uint32_t json_escape_decode(const uint8_t *at, const uint8_t *end, uint32_t *code)
{
	if (end - at < 2)
		return 0;
	switch (at[1]) {
	case '"':
	case '\\':
	case '/':
		*code = at[1];
		return 2;
	case 'b':
		*code = '\b';
		return 2;
	case 'f':
		*code = '\f';
		return 2;
	case 'n':
		*code = '\n';
		return 2;
	case 'r':
		*code = '\r';
		return 2;
	case 't':
		*code = '\t';
		return 2;
	case 'u':
		return unicode_escape(at, end, code);
	default:
		return 0;
	}
}

/*
 * Eight bytes at a time. A byte's high bit is set in `stop` when the byte must be looked at; a borrow can set
 * it in later bytes too, so only the first one counts: the lowest, on a little-endian machine.
 */
const uint8_t *json_string_skip_plain(const uint8_t *at, const uint8_t *end)
{
	while (end - at >= 8) {
		uint64_t word;
		memcpy(&word, at, 8);
		uint64_t quote = word ^ ONES * '"', slash = word ^ ONES * '\\';
		uint64_t stop = ((word - ONES * 0x20) | (quote - ONES) | (slash - ONES) | word) & HIGHS;
		if (stop != 0) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			return at + (__builtin_ctzll(stop) >> 3);
#else
			break;
#endif
		}
		at += 8;
	}
	while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\')
		at++;
	return at;
}

uint32_t json_string_unescape(struct text raw, uint8_t *out)
{
	const uint8_t *at = (const uint8_t *)raw.ptr, *end = at + raw.len;
	uint8_t *to = out;

	while (at < end) {
		const uint8_t *slash = memchr(at, '\\', (size_t)(end - at));
		size_t plain = (size_t)((slash == NULL ? end : slash) - at);
		uint32_t code;
		memcpy(to, at, plain);
		to += plain;
		at += plain;
		if (at == end)
			break;
		uint32_t length = json_escape_decode(at, end, &code);
		if (length == 0)
			break; /* the reader lets none of these through */
		to += utf8_encode(code, to);
		at += length;
	}
	return (uint32_t)(to - out);
}

/* Reads the next byte of a string without its escapes; a code point of several bytes waits in `held`. */
struct byte_reader {
	const uint8_t *at, *end;
	bool escaped; /* else a backslash is a backslash */
	uint8_t held[4];
	uint32_t held_at, held_count;
};

static struct byte_reader reader_of(struct text raw, bool escaped)
{
	const uint8_t *at = (const uint8_t *)raw.ptr;

	return (struct byte_reader){.at = at, .end = raw.len > 0 ? at + raw.len : at, .escaped = escaped};
}

static bool next_byte(struct byte_reader *r, uint8_t *byte)
{
	if (r->held_at < r->held_count) {
		*byte = r->held[r->held_at++];
		return true;
	}
	if (r->at == r->end)
		return false;
	if (r->escaped && *r->at == '\\') {
		uint32_t code, length = json_escape_decode(r->at, r->end, &code);
		if (length == 0)
			return false;
		r->at += length;
		r->held_count = utf8_encode(code, r->held);
		r->held_at = 1;
		*byte = r->held[0];
		return true;
	}
	*byte = *r->at++;
	return true;
}

bool json_string_equal(struct text raw_a, bool escaped_a, struct text raw_b, bool escaped_b)
{
	if (!escaped_a && !escaped_b)
		return raw_a.len == raw_b.len &&
		       (raw_a.len == 0 || memcmp(raw_a.ptr, raw_b.ptr, raw_a.len) == 0);

	struct byte_reader a = reader_of(raw_a, escaped_a), b = reader_of(raw_b, escaped_b);
	uint8_t byte_a = 0, byte_b = 0;
	bool more_a, more_b;
	do {
		more_a = next_byte(&a, &byte_a);
		more_b = next_byte(&b, &byte_b);
		if (more_a != more_b || (more_a && byte_a != byte_b))
			return false;
	} while (more_a);
	return true;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 32;
}

/* The up to 7 bytes behind the last whole word. */
static uint64_t mix_tail(uint64_t hash, const uint8_t *at, size_t rest, uint64_t length)
{
	uint32_t low = 0, high = 0;

	if (rest >= 4) {
		memcpy(&low, at, 4);
		memcpy(&high, at + rest - 4, 4);
	} else if (rest > 0) {
		low = at[0] | (uint32_t)at[rest / 2] << 8 | (uint32_t)at[rest - 1] << 16;
	}
	return mix(mix(hash, (uint64_t)high << 32 | low), length);
}

static uint64_t hash_escaped(struct text raw)
{
	struct byte_reader r = reader_of(raw, true);
	uint8_t held[8];
	uint64_t hash = 0, word, length = 0;
	uint32_t count = 0;

	while (next_byte(&r, &held[count])) {
		length++;
		if (++count < 8)
			continue;
		memcpy(&word, held, 8);
		hash = mix(hash, word);
		count = 0;
	}
	return mix_tail(hash, held, count, length);
}

uint32_t json_string_hash(struct text raw, bool escaped)
{
	const uint8_t *at = (const uint8_t *)raw.ptr;
	uint64_t hash = 0, word;

	if (escaped)
		return (uint32_t)hash_escaped(raw);
	size_t left = raw.len;
	for (; left >= 8; left -= 8, at += 8) {
		memcpy(&word, at, 8);
		hash = mix(hash, word);
	}
	return (uint32_t)mix_tail(hash, at, left, raw.len);
}
