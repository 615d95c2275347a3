/* json_read: the grammar of RFC 8259; what the tokens mean is for json_get.c. */
#include "wire/json_read.h"

#include "wire/decimal.h"
#include "wire/json_string.h"
#include "wire/utf8.h"

struct reader {
	const uint8_t *start, *at, *end;
	struct json_token *token;
	uint32_t count, max;
	struct json_error error;
};

static const char *const messages[] = {
	[JSON_FINE] = "",
	[JSON_BAD_END] = "the document ends too early",
	[JSON_BAD_VALUE] = "a value is expected",
	[JSON_BAD_KEY] = "a key in quotes is expected",
	[JSON_BAD_COLON] = "a colon is expected",
	[JSON_BAD_COMMA] = "a comma or the closing bracket is expected",
	[JSON_BAD_NUMBER] = "not a number as JSON writes them",
	[JSON_BAD_ESCAPE] = "an unknown escape, or half a surrogate pair",
	[JSON_BAD_CONTROL] = "a control character in a string must be escaped",
	[JSON_BAD_UTF8] = "not UTF-8",
	[JSON_BAD_NUL] = "\\u0000 is not allowed",
	[JSON_BAD_DUPLICATE] = "the same key twice in one object",
	[JSON_BAD_TRAILING] = "more bytes behind the document",
	[JSON_OVER_DEPTH] = "nested too deeply",
	[JSON_OVER_MEMBERS] = "too many members in one object",
	[JSON_OVER_TOKENS] = "too many values",
	[JSON_OVER_BYTES] = "the document is too long",
};

static bool fail(struct reader *r, enum json_fault fault, const uint8_t *at)
{
	r->error = (struct json_error){fault, (uint32_t)(at - r->start), messages[fault]};
	return false;
}

/* Moves to the next byte that is not white space; false, with the fault set, when there is none. */
static inline bool to_next_byte(struct reader *r)
{
	const uint8_t *at = r->at, *end = r->end;

	while (at < end && *at <= ' ' && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
		at++;
	r->at = at;
	return at < end || fail(r, JSON_BAD_END, at);
}

static inline struct json_token *add_token(struct reader *r)
{
	if (r->count == r->max) {
		(void)fail(r, JSON_OVER_TOKENS, r->at);
		return NULL;
	}
	return &r->token[r->count++];
}

static inline struct text raw_of(const struct reader *r, const struct json_token *token)
{
	return (struct text){(const char *)r->start + token->start, token->end - token->start};
}

/* One step over what is not plain ASCII: an escape or a run of longer UTF-8 sequences. NULL: a fault. */
static const uint8_t *pass_special(struct reader *r, const uint8_t *at, bool *escaped)
{
	uint32_t code = 1, step;

	if (*at == '\\') {
		step = json_escape_decode(at, r->end, &code);
		if (step == 0 || code == 0) {
			(void)fail(r, step == 0 ? JSON_BAD_ESCAPE : JSON_BAD_NUL, at);
			return NULL;
		}
		*escaped = true;
		return at + step;
	}
	if (*at < 0x20) {
		(void)fail(r, JSON_BAD_CONTROL, at);
		return NULL;
	}
	while (at < r->end && *at >= 0x80) {
		step = utf8_step(at, r->end);
		if (step == 0) {
			(void)fail(r, JSON_BAD_UTF8, at);
			return NULL;
		}
		at += step;
	}
	return at;
}

static bool read_string(struct reader *r, struct json_token *token)
{
	const uint8_t *at = r->at + 1;
	bool escaped = false;

	token->start = (uint32_t)(at - r->start);
	for (;;) {
		at = json_string_skip_plain(at, r->end);
		if (at == r->end)
			return fail(r, JSON_BAD_END, at);
		if (*at == '"')
			break;
		at = pass_special(r, at, &escaped);
		if (at == NULL)
			return false;
	}
	token->end = (uint32_t)(at - r->start);
	token->next = r->count;
	token->count = 0;
	token->kind = JSON_KIND_STRING;
	token->escaped = escaped;
	token->whole = false;
	r->at = at + 1;
	return true;
}

static bool read_plain(
	struct reader *r, struct json_token *token, enum json_kind kind, uint32_t length, bool whole)
{
	token->start = (uint32_t)(r->at - r->start);
	token->end = token->start + length;
	token->next = r->count;
	token->count = 0;
	token->kind = (uint8_t)kind;
	token->escaped = false;
	token->whole = whole;
	r->at += length;
	return true;
}

static bool read_word(struct reader *r, struct json_token *token, enum json_kind kind, struct text word)
{
	for (uint32_t i = 0; i < word.len; i++)
		if (r->end - r->at <= i || r->at[i] != (uint8_t)word.ptr[i])
			return fail(r, JSON_BAD_VALUE, r->at);
	return read_plain(r, token, kind, word.len, false);
}

static bool read_number(struct reader *r, struct json_token *token)
{
	bool whole;

	if (*r->at != '-' && (*r->at < '0' || *r->at > '9'))
		return fail(r, JSON_BAD_VALUE, r->at);
	uint32_t length = decimal_scan(r->at, r->end, &whole);
	if (length == 0)
		return fail(r, JSON_BAD_NUMBER, r->at);
	return read_plain(r, token, JSON_KIND_NUMBER, length, whole);
}

/*
 * Keeps the hash of each key in its token, and in *seen one of 64 bits for each: only when the bit is taken
 * are the earlier keys of the object looked through, and only for an equal hash is a key compared.
 */
static bool key_is_new(
	const struct reader *r, const struct json_token *object, struct json_token *key, uint64_t *seen)
{
	struct text raw = raw_of(r, key);
	uint32_t hash = json_string_hash(raw, key->escaped);
	uint64_t bit = (uint64_t)1 << (hash & 63);

	key->count = hash;
	if ((*seen & bit) == 0) {
		*seen |= bit;
		return true;
	}
	for (const struct json_token *other = object + 1; other < key; other = &r->token[other[1].next])
		if (other->count == hash &&
			json_string_equal(raw, key->escaped, raw_of(r, other), other->escaped))
			return false;
	return true;
}

static bool read_value(struct reader *r, uint32_t depth);

static bool read_key(struct reader *r, const struct json_token *object, uint64_t *seen)
{
	const uint8_t *at = r->at;

	if (*at != '"')
		return fail(r, JSON_BAD_KEY, at);
	struct json_token *key = add_token(r);
	if (key == NULL || !read_string(r, key))
		return false;
	if (!key_is_new(r, object, key, seen))
		return fail(r, JSON_BAD_DUPLICATE, at);
	if (!to_next_byte(r))
		return false;
	if (*r->at != ':')
		return fail(r, JSON_BAD_COLON, r->at);
	r->at++;
	return true;
}

/* What is between the brackets, and the closing one. r->at is behind the opening one. */
static bool read_members(struct reader *r, struct json_token *container, uint32_t depth)
{
	bool object = container->kind == JSON_KIND_OBJECT;
	uint8_t close = object ? '}' : ']';
	uint64_t seen = 0;

	if (!to_next_byte(r))
		return false;
	if (*r->at == close)
		return true;
	for (;;) {
		if (object && !read_key(r, container, &seen))
			return false;
		if (!read_value(r, depth))
			return false;
		container->count++;
		if (!to_next_byte(r))
			return false;
		if (*r->at == close)
			return true;
		if (*r->at != ',')
			return fail(r, JSON_BAD_COMMA, r->at);
		if (object && container->count == JSON_MEMBERS_MAX)
			return fail(r, JSON_OVER_MEMBERS, r->at);
		r->at++;
		if (!to_next_byte(r))
			return false;
	}
}

static bool read_container(
	struct reader *r, struct json_token *container, enum json_kind kind, uint32_t depth)
{
	if (depth > JSON_DEPTH_MAX)
		return fail(r, JSON_OVER_DEPTH, r->at);
	(void)read_plain(r, container, kind, 1, false);
	if (!read_members(r, container, depth))
		return false;
	r->at++;
	container->end = (uint32_t)(r->at - r->start);
	container->next = r->count;
	return true;
}

/* Calls itself through read_members, at most JSON_DEPTH_MAX deep. */
static bool read_value(struct reader *r, uint32_t depth)
{
	if (!to_next_byte(r))
		return false;
	struct json_token *token = add_token(r);
	if (token == NULL)
		return false;
	switch (*r->at) {
	case '"':
		return read_string(r, token);
	case '{':
		return read_container(r, token, JSON_KIND_OBJECT, depth + 1);
	case '[':
		return read_container(r, token, JSON_KIND_ARRAY, depth + 1);
	case 't':
		return read_word(r, token, JSON_KIND_TRUE, TEXT("true"));
	case 'f':
		return read_word(r, token, JSON_KIND_FALSE, TEXT("false"));
	case 'n':
		return read_word(r, token, JSON_KIND_NULL, TEXT("null"));
	default:
		return read_number(r, token);
	}
}

static bool read_document(struct reader *r, size_t len)
{
	if (len > JSON_BYTES_MAX)
		return fail(r, JSON_OVER_BYTES, r->start);
	r->end = len > 0 ? r->start + len : r->start;
	if (!read_value(r, 0))
		return false;
	if (to_next_byte(r))
		return fail(r, JSON_BAD_TRAILING, r->at);
	r->error = (struct json_error){JSON_FINE, 0, messages[JSON_FINE]};
	return true;
}

enum disp_err json_read(struct json_doc *doc, const void *bytes, size_t len, struct json_token *token,
	uint32_t token_max, struct json_error *error)
{
	struct reader r = {.start = bytes, .at = bytes, .end = bytes, .token = token, .max = token_max};
	bool good = read_document(&r, len);

	*doc = (struct json_doc){.bytes = bytes, .token = token, .count = good ? r.count : 0};
	if (error != NULL)
		*error = r.error;
	if (good)
		return DISP_OK;
	return r.error.fault >= JSON_OVER_DEPTH ? DISP_E_FULL : DISP_E_INPUT;
}
