/* pair_io: what two daemons of one town say to each other; see the header. */
#include "wire/pair_io.h"

#include "wire/json_read.h"
#include "wire/json_write.h"

enum { TOKENS_MAX = 16, MEMBERS = 4 };
enum { AT_KIND, AT_TOWN, AT_EPOCH, AT_ASKED };

static struct text word_of(enum pair_kind kind)
{
	const struct text word[PAIR_KIND_COUNT] = {[PAIR_KIND_ASK] = TEXT("ask"),
		[PAIR_KIND_GRANTED] = TEXT("granted"),
		[PAIR_KIND_REFUSED] = TEXT("refused")};

	return word[kind];
}

static enum pair_kind kind_of(const struct json_doc *doc, uint32_t at)
{
	for (enum pair_kind kind = PAIR_KIND_ASK; kind < PAIR_KIND_COUNT; kind++)
		if (json_equals(doc, at, word_of(kind)))
			return kind;
	return PAIR_KIND_NONE;
}

enum disp_err pair_line_read(const void *bytes, size_t len, struct text town, struct pair_line *line)
{
	const struct text key[MEMBERS] = {TEXT("kind"), TEXT("town"), TEXT("epoch"), TEXT("asked_ms")};
	struct json_token token[TOKENS_MAX];
	struct json_doc doc;
	uint32_t at[MEMBERS];
	int64_t epoch, asked_ms;

	if (len > PAIR_BYTES_MAX || json_read(&doc, bytes, len, token, TOKENS_MAX, NULL) != DISP_OK ||
		json_count(&doc, 0) != MEMBERS || json_find_members(&doc, 0, key, MEMBERS, at) != 0)
		return DISP_E_INPUT;
	enum pair_kind kind = kind_of(&doc, at[AT_KIND]);

	if (kind == PAIR_KIND_NONE || json_kind(&doc, at[AT_TOWN]) != JSON_KIND_STRING ||
		json_get_int64(&doc, at[AT_EPOCH], 0, INT64_MAX, &epoch) != DISP_OK ||
		json_get_int64(&doc, at[AT_ASKED], 0, INT64_MAX, &asked_ms) != DISP_OK)
		return DISP_E_INPUT;
	if (!json_equals(&doc, at[AT_TOWN], town))
		return DISP_E_NONE;
	*line = (struct pair_line){(uint8_t)kind, (uint64_t)epoch, asked_ms};
	return DISP_OK;
}

enum disp_err pair_line_write(
	const struct pair_line *line, struct text town, char *buffer, size_t size, struct text *out)
{
	struct json_out json;

	ASSERT(line->kind > PAIR_KIND_NONE && line->kind < PAIR_KIND_COUNT);
	json_out_init(&json, buffer, size);
	json_open_object(&json);
	JSON_KEY(&json, "kind");
	json_write_text(&json, word_of((enum pair_kind)line->kind));
	JSON_KEY(&json, "town");
	json_write_text(&json, town);
	JSON_KEY(&json, "epoch");
	json_write_uint64(&json, line->epoch);
	JSON_KEY(&json, "asked_ms");
	json_write_int64(&json, line->asked_ms);
	json_close_object(&json);
	return json_out_finish(&json, out);
}
