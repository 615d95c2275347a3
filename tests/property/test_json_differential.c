/* test_json_differential: random documents, whole and damaged, read by our reader and by jansson. */

/*
 * DISPATCH_CASES (100000) documents from DISPATCH_SEED (1); a failure names the seed of its document.
 *
 * Both must accept or refuse, and agree on every value, but for the differences that allowed() names.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/json_read.h"

#include "../random.h"

enum { BYTES_MAX = 16384, TOKENS = 16384 };

static struct json_token tokens[TOKENS];
static char scratch_bytes[BYTES_MAX];

/* --- random documents ------------------------------------------------------------------------- */

struct maker {
	char bytes[BYTES_MAX];
	uint32_t used;
};

static void add(struct maker *m, const char *bytes, uint32_t count)
{
	if (count > BYTES_MAX - m->used)
		return;
	memcpy(m->bytes + m->used, bytes, count);
	m->used += count;
}

static void add_string(struct maker *m, const char *string)
{
	add(m, string, (uint32_t)strlen(string));
}

static void add_space(struct maker *m)
{
	static const char spaces[] = " \t\n\r";

	for (uint32_t i = below(8); i < 3; i++)
		add(m, &spaces[below(4)], 1);
}

static const char *const pieces[] = {"a", "b", "key", "0123456789", "plain text of some length",
	"\xE6\xB0\xB4", "\xC3\xA9", "\xF0\x9F\x98\x80", "\xEF\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80",
	"\xF4\x8F\xBF\xBF", "\xE0\xA0\x80", "\x7f", "\\n", "\\\"", "\\\\", "\\/", "\\b\\f\\r\\t", "\\u0061",
	"\\u00E9", "\\u6c34", "\\ud83d\\ude00", "\\uFFFF", "\\u001f", " "};

static void add_text(struct maker *m)
{
	add_string(m, "\"");
	for (uint32_t i = below(5); i > 0; i--)
		add_string(m, pieces[below(sizeof(pieces) / sizeof(pieces[0]))]);
	add_string(m, "\"");
}

/* Each draw is a statement of its own: the order in which arguments are computed is the compiler's. */
static void add_number(struct maker *m)
{
	static const char *const marks[] = {"e", "E", "e+", "e-", "E-"};
	char number[64];
	uint64_t digits = random_next();

	if (below(3) == 0)
		add_string(m, "-");
	digits >>= below(64);
	add(m, number, (uint32_t)snprintf(number, sizeof(number), "%llu", (unsigned long long)digits));
	if (below(3) == 0) {
		int width = (int)below(20) + 1;
		digits = random_next();
		digits >>= below(64);
		add(m, number,
			(uint32_t)snprintf(
				number, sizeof(number), ".%0*llu", width, (unsigned long long)digits));
	}
	if (below(5) == 0) {
		uint32_t limit = below(2) == 0 ? 30 : 330;
		add_string(m, marks[below(5)]);
		add(m, number, (uint32_t)snprintf(number, sizeof(number), "%u", below(limit)));
	}
}

static void add_value(struct maker *m, uint32_t depth);

static void add_container(struct maker *m, uint32_t depth, bool object)
{
	uint32_t count = below(7);

	add_string(m, object ? "{" : "[");
	for (uint32_t i = 0; i < count; i++) {
		char key[24];
		if (i > 0)
			add_string(m, ",");
		add_space(m);
		if (object && below(4) == 0) {
			add_text(m); /* now and then twice in one object */
		} else if (object) {
			add(m, key,
				(uint32_t)snprintf(
					key, sizeof(key), "\"%.*s%u\"", (int)below(12), "member name ", i));
		}
		add_space(m);
		if (object)
			add_string(m, ":");
		add_value(m, depth + 1);
	}
	add_space(m);
	add_string(m, object ? "}" : "]");
}

static void add_value(struct maker *m, uint32_t depth)
{
	static const char *const words[] = {"true", "false", "null"};
	uint32_t kind = below(depth > 5 ? 6 : 10);

	add_space(m);
	if (kind < 1)
		add_string(m, words[below(3)]);
	else if (kind < 3)
		add_number(m);
	else if (kind < 6)
		add_text(m);
	else
		add_container(m, depth, kind < 8);
	add_space(m);
}

/* Brackets around the document, on both sides of the depth limit. */
static void make_deep(struct maker *m)
{
	uint32_t depth = 25 + below(12);

	for (uint32_t i = 0; i < depth; i++)
		add_string(m, "[");
	add_number(m);
	for (uint32_t i = 0; i < depth; i++)
		add_string(m, "]");
}

/* Puts `count` bytes in place of `cut` bytes at `at`. */
static void splice(struct maker *m, uint32_t at, uint32_t cut, const char *bytes, uint32_t count)
{
	if (cut > m->used - at)
		cut = m->used - at;
	if (m->used - cut + count > BYTES_MAX)
		return;
	memmove(m->bytes + at + count, m->bytes + at + cut, m->used - at - cut);
	memcpy(m->bytes + at, bytes, count);
	m->used += count - cut;
}

static void damage(struct maker *m)
{
	static const char *const bits[] = {"\"", "\\", "{", "}", "[", "]", ":", ",", ",,", "0", "-", ".", "e",
		"1e999", "\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude0", "\\x", "\xC0\x80", "\xED\xA0\x80",
		"\xF4\x90\x80\x80", "\xE0\x80\x80", "\xF0\x8F\xBF\xBF", "\xE6\xB0", "\x80", "\xFF", "nul",
		"true", "NaN", "\xEF\xBB\xBF", "/**/", "\x1f", "\x0c", "99999999999999999999", "\"key\":1,",
		"\"a\":1,\"\\u0061\":2,"};
	uint32_t at = below(m->used + 1);
	char byte = (char)random_next();

	switch (below(6)) {
	case 0:
		m->used = at;
		break;
	case 1:
		splice(m, at, 1, &byte, 1);
		break;
	case 2:
		splice(m, at, 0, &byte, 1);
		break;
	case 3:
		splice(m, at, 1 + below(3), "", 0);
		break;
	default: {
		const char *bit = bits[below(sizeof(bits) / sizeof(bits[0]))];
		uint32_t cut = below(2);
		splice(m, at, cut, bit, (uint32_t)strlen(bit));
	}
	}
}

static void make_document(struct maker *m, uint64_t seed)
{
	random_state = seed;
	m->used = 0;
	if (below(20) == 0)
		make_deep(m);
	else
		add_value(m, below(4));
	if (below(2) == 0)
		for (uint32_t times = 1 + below(3); times > 0; times--)
			damage(m);
}

/* --- comparing -------------------------------------------------------------------------------- */

static bool same_double(double a, double b)
{
	int64_t x, y;

	memcpy(&x, &a, 8);
	memcpy(&y, &b, 8);
	return x - y <= 1 && y - x <= 1; /* beyond 19 digits or 10^27 ours may be one unit off */
}

static bool same_text(const struct json_doc *doc, uint32_t index, const char *want, size_t len)
{
	struct json_scratch scratch = {scratch_bytes, sizeof(scratch_bytes), 0};
	struct text got;

	if (json_get_text(doc, index, &scratch, &got) != DISP_OK)
		return false;
	return got.len == len && memcmp(got.ptr, want, len) == 0 &&
	       json_equals(doc, index, (struct text){want, (uint32_t)len});
}

static bool same_value(const struct json_doc *doc, uint32_t index, const json_t *want);

static bool same_container(const struct json_doc *doc, uint32_t index, const json_t *want)
{
	bool object = json_is_object(want);
	size_t count = object ? json_object_size(want) : json_array_size(want), seen = 0;

	if (json_kind(doc, index) != (object ? JSON_KIND_OBJECT : JSON_KIND_ARRAY) ||
		json_count(doc, index) != count)
		return false;
	for (uint32_t at = json_first(doc, index); at != JSON_NONE; at = json_next(doc, index, at), seen++) {
		if (!object) {
			if (!same_value(doc, at, json_array_get(want, seen)))
				return false;
			continue;
		}
		struct json_scratch scratch = {scratch_bytes, sizeof(scratch_bytes), 0};
		struct text key;
		char name[BYTES_MAX + 1];
		if (json_get_text(doc, at, &scratch, &key) != DISP_OK)
			return false;
		memcpy(name, key.ptr, key.len);
		name[key.len] = '\0';
		if (json_find(doc, index, (struct text){name, key.len}) != json_value(doc, at))
			return false;
		if (!same_value(doc, json_value(doc, at), json_object_get(want, name)))
			return false;
	}
	return seen == count;
}

static bool same_value(const struct json_doc *doc, uint32_t index, const json_t *want)
{
	int64_t integer;
	double real;

	if (want == NULL)
		return false;
	switch (json_typeof(want)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		return same_container(doc, index, want);
	case JSON_STRING:
		return same_text(doc, index, json_string_value(want), json_string_length(want));
	case JSON_INTEGER:
		return json_get_int64(doc, index, INT64_MIN, INT64_MAX, &integer) == DISP_OK &&
		       integer == json_integer_value(want);
	case JSON_REAL:
		return json_get_double(doc, index, &real) == DISP_OK &&
		       same_double(real, json_real_value(want));
	case JSON_TRUE:
		return json_kind(doc, index) == JSON_KIND_TRUE;
	case JSON_FALSE:
		return json_kind(doc, index) == JSON_KIND_FALSE;
	default:
		return json_kind(doc, index) == JSON_KIND_NULL;
	}
}

/* Whether some number fits neither an int64, when written as an integer, nor a double. */
static bool has_overflow(const struct json_doc *doc)
{
	int64_t integer;
	double real;

	for (uint32_t index = 0; index < doc->count; index++) {
		if (json_kind(doc, index) != JSON_KIND_NUMBER)
			continue;
		if (doc->token[index].whole
				? json_get_int64(doc, index, INT64_MIN, INT64_MAX, &integer) != DISP_OK
				: json_get_double(doc, index, &real) != DISP_OK)
			return true;
	}
	return false;
}

struct tally {
	uint64_t accepted, refused, too_deep, overflow, nul, jansson_slip;
};

/* Two bytes that jansson 2.14 does not see: FF, which it takes for its end of file (a signed char), and a 0
 * behind a number or a word, which it puts back and then loses. */
static bool jansson_slips(const char *bytes, const struct json_error *ours)
{
	uint8_t byte = (uint8_t)bytes[ours->at];

	if (ours->fault == JSON_BAD_TRAILING && byte == 0xFF)
		return true;
	if (ours->fault != JSON_BAD_TRAILING && ours->fault != JSON_BAD_COMMA)
		return false;
	return byte == 0 && ours->at > 0 && memchr("0123456789el", bytes[ours->at - 1], 12) != NULL;
}

/*
 * The differences that may be: we stop at JSON_DEPTH_MAX, jansson at 2048; jansson refuses a number that does
 * not fit when it reads, we when it is asked for; and jansson's slips. \u0000 both refuse, jansson by
 * default.
 */
static bool allowed(const struct maker *m, const struct json_doc *doc, const struct json_error *ours,
	const json_t *theirs, const json_error_t *error, struct tally *tally)
{
	bool too_deep = theirs != NULL && ours->fault == JSON_OVER_DEPTH;
	bool slip = theirs != NULL && ours->at < m->used && jansson_slips(m->bytes, ours);
	bool overflow = theirs == NULL && ours->fault == JSON_FINE &&
			json_error_code(error) == json_error_numeric_overflow && has_overflow(doc);

	tally->too_deep += too_deep;
	tally->overflow += overflow;
	tally->jansson_slip += slip;
	return too_deep || slip || overflow;
}

static bool agree(const struct maker *m, struct tally *tally)
{
	char *tight = malloc(m->used > 0 ? m->used : 1); /* a sanitizer sees a step past the end */
	struct json_doc doc;
	struct json_error ours;
	json_error_t error;
	bool good;

	assert_non_null(tight);
	memcpy(tight, m->bytes, m->used);
	enum disp_err err = json_read(&doc, tight, m->used, tokens, TOKENS, &ours);
	json_t *theirs = json_loadb(tight, m->used, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	if (ours.fault == JSON_BAD_NUL)
		tally->nul++;
	if ((err == DISP_OK) != (theirs != NULL)) {
		good = allowed(m, &doc, &ours, theirs, &error, tally);
	} else if (theirs != NULL) {
		good = same_value(&doc, 0, theirs);
		tally->accepted++;
	} else {
		good = ours.at <= m->used;
		tally->refused++;
	}
	if (!good)
		print_error("ours: %s at %u; jansson: %s\n", ours.message, ours.at,
			theirs != NULL ? "accepts" : error.text);
	json_decref(theirs);
	free(tight);
	return good;
}

static void both_readers_agree(void **state)
{
	static struct maker maker;
	uint64_t cases = number_from("DISPATCH_CASES", 100000), seed = number_from("DISPATCH_SEED", 1);
	struct tally tally = {0};

	(void)state;
	for (uint64_t i = 0; i < cases; i++) {
		make_document(&maker, seed * UINT64_C(1000003) + i);
		if (!agree(&maker, &tally))
			fail_msg("seed %llu, document %llu: %.*s", (unsigned long long)seed,
				(unsigned long long)i, (int)maker.used, maker.bytes);
	}
	print_message(
		"%llu accepted, %llu refused (%llu for \\u0000), %llu too deep for us, %llu with numbers too "
		"large for jansson, %llu slips of jansson\n",
		(unsigned long long)tally.accepted, (unsigned long long)tally.refused,
		(unsigned long long)tally.nul, (unsigned long long)tally.too_deep,
		(unsigned long long)tally.overflow, (unsigned long long)tally.jansson_slip);
	if (cases < 1000)
		return;
	/* the generator reaches every outcome, or the agreement says nothing */
	assert_true(tally.accepted > cases / 5 && tally.refused > cases / 5);
	assert_true(tally.too_deep > 0 && tally.overflow > 0 && tally.nul > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(both_readers_agree)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
