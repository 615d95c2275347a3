/* json_get: finds values among the tokens of json_read and turns them into C values. */
#include "wire/json_read.h"

#include <string.h>

#include "wire/decimal.h"
#include "wire/json_string.h"

static const struct json_token *token_at(const struct json_doc *doc, uint32_t index)
{
	return index < doc->count ? &doc->token[index] : NULL;
}

static struct text raw_of(const struct json_doc *doc, const struct json_token *token)
{
	return (struct text){doc->bytes + token->start, token->end - token->start};
}

static bool reads_as(const struct json_doc *doc, const struct json_token *token, struct text want)
{
	if (!token->escaped && token->end - token->start != want.len)
		return false;
	return json_string_equal(raw_of(doc, token), token->escaped, want, false);
}

/* DISP_OK and the token when the value is of that kind. */
static enum disp_err token_of_kind(
	const struct json_doc *doc, uint32_t index, enum json_kind kind, const struct json_token **token)
{
	*token = token_at(doc, index);
	if (*token == NULL || (*token)->kind == JSON_KIND_NULL)
		return DISP_E_NONE;
	return (*token)->kind == kind ? DISP_OK : DISP_E_INPUT;
}

enum json_kind json_kind(const struct json_doc *doc, uint32_t index)
{
	const struct json_token *token = token_at(doc, index);

	return token == NULL ? JSON_KIND_ABSENT : (enum json_kind)token->kind;
}

uint32_t json_count(const struct json_doc *doc, uint32_t index)
{
	const struct json_token *token = token_at(doc, index);

	return token != NULL && token->kind >= JSON_KIND_ARRAY ? token->count : 0;
}

uint32_t json_first(const struct json_doc *doc, uint32_t container)
{
	return json_count(doc, container) == 0 ? JSON_NONE : container + 1;
}

uint32_t json_next(const struct json_doc *doc, uint32_t container, uint32_t index)
{
	const struct json_token *outer = token_at(doc, container), *token = token_at(doc, index);

	if (outer == NULL || token == NULL)
		return JSON_NONE;
	if (outer->kind == JSON_KIND_OBJECT)
		token = &doc->token[token->next]; /* from the key to its value */
	return token->next < outer->next ? token->next : JSON_NONE;
}

uint32_t json_value(const struct json_doc *doc, uint32_t key)
{
	const struct json_token *token = token_at(doc, key);

	return token == NULL ? JSON_NONE : token->next;
}

uint32_t json_find(const struct json_doc *doc, uint32_t object, struct text key)
{
	if (json_kind(doc, object) != JSON_KIND_OBJECT)
		return JSON_NONE;
	uint32_t end = doc->token[object].next;
	for (uint32_t index = object + 1; index < end; index = doc->token[index + 1].next)
		if (reads_as(doc, &doc->token[index], key))
			return index + 1;
	return JSON_NONE;
}

uint32_t json_find_members(const struct json_doc *doc, uint32_t object, const struct text *key,
	uint32_t key_count, uint32_t *found)
{
	uint32_t unknown = 0, guess = 0;

	for (uint32_t i = 0; i < key_count; i++)
		found[i] = JSON_NONE;
	if (json_kind(doc, object) != JSON_KIND_OBJECT)
		return 0;
	uint32_t end = doc->token[object].next;
	for (uint32_t index = object + 1; index < end; index = doc->token[index + 1].next) {
		uint32_t tried = 0;
		for (; tried < key_count; tried++) {
			uint32_t slot = guess + tried < key_count ? guess + tried : guess + tried - key_count;
			if (!reads_as(doc, &doc->token[index], key[slot]))
				continue;
			found[slot] = index + 1;
			guess = slot + 1 < key_count ? slot + 1 : 0;
			break;
		}
		if (tried == key_count)
			unknown++;
	}
	return unknown;
}

bool json_equals(const struct json_doc *doc, uint32_t index, struct text want)
{
	const struct json_token *token;

	return token_of_kind(doc, index, JSON_KIND_STRING, &token) == DISP_OK && reads_as(doc, token, want);
}

struct text json_raw(const struct json_doc *doc, uint32_t index)
{
	const struct json_token *token = token_at(doc, index);

	return token == NULL ? (struct text){NULL, 0} : raw_of(doc, token);
}

enum disp_err json_get_text(
	const struct json_doc *doc, uint32_t index, struct json_scratch *scratch, struct text *out)
{
	const struct json_token *token;
	enum disp_err err = token_of_kind(doc, index, JSON_KIND_STRING, &token);

	if (err != DISP_OK)
		return err;
	struct text raw = raw_of(doc, token);
	if (!token->escaped) {
		*out = raw;
		return DISP_OK;
	}
	if (scratch == NULL || scratch->size - scratch->used < raw.len)
		return DISP_E_FULL;
	char *to = scratch->buffer + scratch->used;
	*out = (struct text){to, json_string_unescape(raw, (uint8_t *)to)};
	scratch->used += out->len;
	return DISP_OK;
}

enum disp_err json_get_fixed(
	const struct json_doc *doc, uint32_t index, int32_t scale, int64_t min, int64_t max, int64_t *out)
{
	const struct json_token *token;
	int64_t value;
	enum disp_err err = token_of_kind(doc, index, JSON_KIND_NUMBER, &token);

	if (err != DISP_OK)
		return err;
	err = decimal_to_fixed(raw_of(doc, token), scale, &value, NULL);
	if (err != DISP_OK)
		return err;
	if (value < min || value > max)
		return DISP_E_INPUT;
	*out = value;
	return DISP_OK;
}

enum disp_err json_get_int64(
	const struct json_doc *doc, uint32_t index, int64_t min, int64_t max, int64_t *out)
{
	const struct json_token *token;
	int64_t value;
	bool exact;
	enum disp_err err = token_of_kind(doc, index, JSON_KIND_NUMBER, &token);

	if (err != DISP_OK)
		return err;
	err = decimal_to_fixed(raw_of(doc, token), 0, &value, &exact);
	if (err != DISP_OK)
		return err;
	if (!exact || value < min || value > max)
		return DISP_E_INPUT;
	*out = value;
	return DISP_OK;
}

enum disp_err json_get_double(const struct json_doc *doc, uint32_t index, double *out)
{
	const struct json_token *token;
	enum disp_err err = token_of_kind(doc, index, JSON_KIND_NUMBER, &token);

	return err == DISP_OK ? decimal_to_double(raw_of(doc, token), out) : err;
}

enum disp_err json_get_bool(const struct json_doc *doc, uint32_t index, bool *out)
{
	enum json_kind kind = json_kind(doc, index);

	if (kind == JSON_KIND_ABSENT || kind == JSON_KIND_NULL)
		return DISP_E_NONE;
	if (kind != JSON_KIND_TRUE && kind != JSON_KIND_FALSE)
		return DISP_E_INPUT;
	*out = kind == JSON_KIND_TRUE;
	return DISP_OK;
}
