/* json_write: the commas, escapes and digits of JSON; nothing is allocated, nothing is read back. */
#include "wire/json_write.h"

#include <string.h>

#include "wire/json_string.h"
#include "wire/time_text.h"

static void put(struct json_out *out, const void *bytes, size_t count)
{
	if (out->full || count > out->size - out->used) {
		out->full = true;
		return;
	}
	if (count > 0)
		memcpy(out->ptr + out->used, bytes, count);
	out->used += count;
}

static void put_byte(struct json_out *out, char byte)
{
	if (out->full || out->used == out->size)
		out->full = true;
	else
		out->ptr[out->used++] = byte;
}

static uint64_t depth_bit(const struct json_out *out)
{
	return (uint64_t)1 << out->depth;
}

static void put_comma(struct json_out *out)
{
	if ((out->has_member & depth_bit(out)) != 0)
		put_byte(out, ',');
	out->has_member |= depth_bit(out);
}

/* Before every value: its comma, unless a key has just brought it. */
static void begin_value(struct json_out *out)
{
	bool in_object = (out->objects & depth_bit(out)) != 0;

	ASSERT(out->after_key == in_object);
	if (!in_object) {
		ASSERT(out->depth > 0 || (out->has_member & 1) == 0); /* one document, one value */
		put_comma(out);
	}
	out->after_key = false;
}

static void open_container(struct json_out *out, char bracket, bool object)
{
	begin_value(out);
	ASSERT(out->depth < JSON_OUT_DEPTH_MAX);
	put_byte(out, bracket);
	out->depth++;
	out->has_member &= ~depth_bit(out);
	out->objects &= ~depth_bit(out);
	if (object)
		out->objects |= depth_bit(out);
}

static void close_container(struct json_out *out, char bracket, bool object)
{
	ASSERT(out->depth > 0);
	ASSERT(!out->after_key);
	ASSERT(((out->objects & depth_bit(out)) != 0) == object);
	out->depth--;
	put_byte(out, bracket);
}

static void put_escape(struct json_out *out, uint8_t byte)
{
	static const char hex[] = "0123456789abcdef";
	char escape[6] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};

	switch (byte) {
	case '"':
	case '\\':
		escape[1] = (char)byte;
		break;
	case '\b':
		escape[1] = 'b';
		break;
	case '\f':
		escape[1] = 'f';
		break;
	case '\n':
		escape[1] = 'n';
		break;
	case '\r':
		escape[1] = 'r';
		break;
	case '\t':
		escape[1] = 't';
		break;
	default:
		break;
	}
	put(out, escape, escape[1] == 'u' ? 6 : 2);
}

static void put_string(struct json_out *out, struct text text)
{
	const uint8_t *at = (const uint8_t *)text.ptr;
	const uint8_t *end = text.len > 0 ? at + text.len : at;

	put_byte(out, '"');
	while (at < end) {
		const uint8_t *plain = at;
		at = json_string_skip_plain(at, end);
		while (at < end && *at >= 0x80)
			at++;
		put(out, plain, (size_t)(at - plain));
		if (at < end && (*at < 0x20 || *at == '"' || *at == '\\'))
			put_escape(out, *at++);
	}
	put_byte(out, '"');
}

/* The decimal digits of value, at least `least` of them, into the end of digits[20]; returns how many. */
static uint32_t to_digits(uint64_t value, uint32_t least, char *digits)
{
	uint32_t count = 0;

	while (value > 0 || count < least) {
		digits[19 - count++] = (char)('0' + value % 10);
		value /= 10;
	}
	return count;
}

static uint64_t magnitude(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

void json_out_init(struct json_out *out, char *ptr, size_t size)
{
	*out = (struct json_out){.ptr = ptr, .size = size};
}

enum disp_err json_out_finish(const struct json_out *out, struct text *text)
{
	ASSERT(out->depth == 0);
	ASSERT((out->has_member & 1) != 0);
	if (out->full || out->used > UINT32_MAX)
		return DISP_E_FULL;
	*text = (struct text){out->ptr, (uint32_t)out->used};
	return DISP_OK;
}

void json_open_object(struct json_out *out)
{
	open_container(out, '{', true);
}

void json_close_object(struct json_out *out)
{
	close_container(out, '}', true);
}

void json_open_array(struct json_out *out)
{
	open_container(out, '[', false);
}

void json_close_array(struct json_out *out)
{
	close_container(out, ']', false);
}

void json_write_key(struct json_out *out, struct text key)
{
	ASSERT((out->objects & depth_bit(out)) != 0);
	ASSERT(!out->after_key);
	put_comma(out);
	put_string(out, key);
	put_byte(out, ':');
	out->after_key = true;
}

void json_write_text(struct json_out *out, struct text text)
{
	begin_value(out);
	put_string(out, text);
}

void json_write_uint64(struct json_out *out, uint64_t value)
{
	char digits[20];

	begin_value(out);
	uint32_t count = to_digits(value, 1, digits);
	put(out, digits + 20 - count, count);
}

void json_write_int64(struct json_out *out, int64_t value)
{
	json_write_fixed(out, value, 0);
}

void json_write_fixed(struct json_out *out, int64_t value, uint32_t scale)
{
	char digits[20];

	ASSERT(scale <= 18);
	begin_value(out);
	uint32_t count = to_digits(magnitude(value), scale + 1, digits);
	uint32_t fraction = scale;
	while (fraction > 0 && digits[19 - scale + fraction] == '0')
		fraction--;

	if (value < 0)
		put_byte(out, '-');
	put(out, digits + 20 - count, count - scale);
	if (fraction > 0) {
		put_byte(out, '.');
		put(out, digits + 20 - scale, fraction);
	}
}

void json_write_bool(struct json_out *out, bool value)
{
	json_write_raw(out, value ? TEXT("true") : TEXT("false"));
}

void json_write_null(struct json_out *out)
{
	json_write_raw(out, TEXT("null"));
}

void json_write_time(struct json_out *out, int64_t at_ms)
{
	char text[TIME_TEXT_LEN];

	time_format(at_ms, text);
	json_write_text(out, (struct text){text, TIME_TEXT_LEN});
}

void json_write_raw(struct json_out *out, struct text value)
{
	begin_value(out);
	put(out, value.ptr, value.len);
}
