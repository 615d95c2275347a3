/* fuzz_row: what must hold of every document and row that the program writes; for the fuzz targets. */
#ifndef TESTS_FUZZ_FUZZ_ROW_H
#define TESTS_FUZZ_FUZZ_ROW_H

#include "fuzz.h"

#include "wire/json_read.h"
#include "wire/row.h"

enum { FUZZ_DOCUMENT_BYTES = 4 << 20, FUZZ_TOKENS = 1 << 18, FUZZ_ROW_BYTES = 1 << 20 };

static char fuzz_document[FUZZ_DOCUMENT_BYTES];
static struct json_token fuzz_token[FUZZ_TOKENS];
static uint8_t fuzz_row_bytes[FUZZ_ROW_BYTES], fuzz_row_again[FUZZ_ROW_BYTES];
static struct effect fuzz_effect[EFFECTS_MAX];

/* What we write, a strict reader takes: no key twice, nothing but UTF-8. */
static inline void fuzz_document_check(const struct json_out *out)
{
	struct json_doc doc;
	struct json_error error;
	struct text text;

	FUZZ_MUST(json_out_finish(out, &text) == DISP_OK);
	enum disp_err err = json_read(&doc, text.ptr, text.len, fuzz_token, FUZZ_TOKENS, &error);

	if (err != DISP_OK)
		fprintf(stderr, "%s at %u of %.*s\n", error.message, error.at, (int)text.len, text.ptr);
	FUZZ_MUST(err == DISP_OK);
}

static inline void fuzz_row_json(
	const struct event *event, const struct effects *effects, const struct row_names *names)
{
	struct json_out out;

	json_out_init(&out, fuzz_document, sizeof(fuzz_document));
	row_json(&out, event, effects, names);
	fuzz_document_check(&out);
}

/* Stored and read, the row is the same one, to the byte; *again and fuzz_effect then hold what was read. */
static inline struct effects fuzz_row_round(const struct event *event, const struct effects *effects,
	struct event *again, struct row_scratch *scratch)
{
	struct effects read = {0, fuzz_effect};
	size_t size = row_encode(event, effects, fuzz_row_bytes, sizeof(fuzz_row_bytes));

	FUZZ_MUST(size > 0);
	memset(fuzz_effect, 0x3c, sizeof(fuzz_effect));
	memset(again, 0x3c, sizeof(*again));
	FUZZ_MUST(row_decode(fuzz_row_bytes, size, again, &read, scratch) == DISP_OK);
	FUZZ_MUST(row_encode(again, &read, fuzz_row_again, sizeof(fuzz_row_again)) == size);
	FUZZ_MUST(memcmp(fuzz_row_bytes, fuzz_row_again, size) == 0);
	return read;
}

/* The same for an event of which nothing was decided yet. */
static inline void fuzz_event_round(const struct event *event)
{
	static struct row_scratch scratch;
	struct effects none = {0, NULL};
	struct event again;

	(void)fuzz_row_round(event, &none, &again, &scratch);
	fuzz_row_json(&again, &none, NULL);
}

#endif
