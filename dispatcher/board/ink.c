/* ink: see the header. */
#include "board/ink.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/time_text.h"
#include "wire/utf8.h"

enum { FIRST_BYTES = 1 << 16, MARKS_MAX = 2, MINUTE_MS = 60000 };

#define REPLACED "\xEF\xBF\xBD"

void ink_init(struct ink *ink, bool html, size_t most, int64_t now_ms, int32_t offset_min)
{
	*ink = (struct ink){
		.most = most, .offset_min = offset_min, .now = time_split(now_ms, offset_min), .html = html};
}

void ink_free(struct ink *ink)
{
	free(ink->ptr);
	ink->ptr = NULL;
	ink->used = ink->size = 0;
}

char *ink_finish(struct ink *ink, size_t *count)
{
	char *out = ink->full ? NULL : ink->ptr;

	if (ink->full)
		ink_free(ink);
	*count = ink->used;
	ink->ptr = NULL;
	ink->used = ink->size = 0;
	return out;
}

static bool room(struct ink *ink, size_t len)
{
	size_t size = ink->size == 0 ? FIRST_BYTES : ink->size;
	char *grown;

	if (ink->full || len > ink->most || ink->used + len > ink->most) {
		ink->full = true;
		return false;
	}
	if (ink->used + len <= ink->size)
		return true;
	while (size < ink->used + len)
		size *= 2;
	grown = realloc(ink->ptr, size);
	if (grown == NULL) {
		ink->full = true;
		return false;
	}
	ink->ptr = grown;
	ink->size = size;
	return true;
}

static void put(struct ink *ink, const char *bytes, size_t len)
{
	if (len == 0 || !room(ink, len))
		return;
	memcpy(ink->ptr + ink->used, bytes, len);
	ink->used += len;
}

void ink_say(struct ink *ink, const char *words)
{
	put(ink, words, strlen(words));
}

void ink_html(struct ink *ink, const char *markup)
{
	if (ink->html)
		ink_say(ink, markup);
}

void ink_plain(struct ink *ink, const char *words)
{
	if (!ink->html)
		ink_say(ink, words);
}

void ink_sayf(struct ink *ink, const char *format, ...)
{
	char line[512];
	va_list list;
	int len;

	va_start(list, format);
	len = vsnprintf(line, sizeof line, format, list);
	va_end(list);
	if (len > 0)
		put(ink, line, (size_t)len < sizeof line ? (size_t)len : sizeof line - 1);
}

void ink_both(struct ink *ink, const char *zh, const char *en)
{
	ink_say(ink, zh);
	if (!ink->html || en[0] == '\0')
		return;
	ink_say(ink, " <small>");
	ink_say(ink, en);
	ink_say(ink, "</small>");
}

/* --- what strangers wrote ----------------------------------------------------------------------------- */

struct range {
	uint32_t first, last;
};

static bool within(const struct range *range, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++)
		if (code >= range[i].first && code <= range[i].last)
			return true;
	return false;
}

/* Controls; marks of direction; what takes no room; separators of lines; tags. Unicode 15, categories Cc, Cf, Zl, Zp. */
static bool is_harmful(uint32_t code)
{
	static const struct range harmful[] = {{0x00, 0x1F}, {0x7F, 0x9F}, {0xAD, 0xAD}, {0x061C, 0x061C},
		{0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF},
		{0xFFF9, 0xFFFB}, {0x1D173, 0x1D17A}, {0xE0000, 0xE007F}};

	return within(harmful, sizeof harmful / sizeof harmful[0], code);
}

static bool is_right_to_left(uint32_t code)
{
	static const struct range leftward[] = {
		{0x0590, 0x08FF}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFE}, {0x10800, 0x10FFF}, {0x1E800, 0x1EFFF}};

	return code >= 0x0590 && within(leftward, sizeof leftward / sizeof leftward[0], code);
}

static bool is_mark(uint32_t code)
{
	static const struct range marks[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},
		{0x0610, 0x061A}, {0x064B, 0x065F}, {0x0E31, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
		{0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};

	return code >= 0x0300 && within(marks, sizeof marks / sizeof marks[0], code);
}

static const char *escape_of(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '`':
		return "&#96;";
	default:
		return NULL;
	}
}

/* The code point at `at`, its length in *len; what is not UTF-8 is a harmful one of one byte. */
static uint32_t code_at(const uint8_t *at, const uint8_t *end, uint32_t *len)
{
	*len = utf8_step(at, end);
	if (*len > 0)
		return *len == 1 ? *at : utf8_decode(at, *len);
	*len = 1;
	return 0;
}

/* Only these bytes begin a character of a script that runs leftward. */
static bool may_lead_leftward(uint8_t byte)
{
	return (byte >= 0xD6 && byte <= 0xE0) || byte == 0xEF || byte == 0xF0;
}

static bool runs_leftward(struct text text)
{
	const uint8_t *at = (const uint8_t *)text.ptr, *end = at + text.len;
	uint32_t len;

	while (at < end && !may_lead_leftward(*at))
		at++;
	for (; at < end; at += len)
		if (is_right_to_left(code_at(at, end, &len)))
			return true;
	return false;
}

/* Length of a character that may stand as it is in any page: plain ASCII, Chinese; 0: it must be looked at. */
static uint32_t plain_step(const uint8_t *at, const uint8_t *end)
{
	uint8_t lead = *at;

	if (lead < 0x80)
		return lead >= 0x20 && lead != 0x7F && escape_of(lead) == NULL;
	if (lead >= 0xE3 && lead <= 0xEC) /* U+3000 .. U+CFFF */
		return utf8_step(at, end);
	return 0;
}

static void put_character(struct ink *ink, const uint8_t *at, uint32_t len, uint32_t code)
{
	const char *escape = ink->html ? escape_of(code) : NULL;

	if (code == '\n' || code == '\t' || code == '\r')
		put(ink, " ", 1);
	else if (is_harmful(code))
		put(ink, REPLACED, sizeof REPLACED - 1);
	else if (escape != NULL)
		ink_say(ink, escape);
	else
		put(ink, (const char *)at, len);
}

bool ink_text(struct ink *ink, struct text text, uint32_t characters)
{
	const uint8_t *at = (const uint8_t *)text.ptr, *end;
	bool apart;
	uint32_t len, written = 0, marks = 0;

	if (text.len == 0)
		return false;
	end = at + text.len;
	apart = ink->html && runs_leftward(text);
	if (apart)
		ink_say(ink, "<bdi>");
	while (at < end && written < characters) {
		const uint8_t *from = at;

		for (; at < end && written < characters && (len = plain_step(at, end)) > 0; at += len) {
			written++;
			marks = 0;
		}
		put(ink, (const char *)from, (size_t)(at - from));
		if (at == end || written == characters)
			break;
		uint32_t code = code_at(at, end, &len);

		marks = is_mark(code) ? marks + 1 : 0;
		if (marks <= MARKS_MAX) {
			put_character(ink, at, len, code);
			written++;
		}
		at += len;
	}
	if (at < end)
		ink_say(ink, "…");
	if (apart)
		ink_say(ink, "</bdi>");
	return true;
}

void ink_text_or_dash(struct ink *ink, struct text text, uint32_t characters)
{
	if (!ink_text(ink, text, characters))
		ink_say(ink, "—");
}

/* --- times and places ---------------------------------------------------------------------------------- */

static void two_digits(struct ink *ink, uint32_t number, char after)
{
	char bytes[3] = {(char)('0' + number / 10 % 10), (char)('0' + number % 10), after};

	put(ink, bytes, after == '\0' ? 2 : 3);
}

void ink_time(struct ink *ink, int64_t at_ms)
{
	struct time_parts at;

	if (at_ms == 0) {
		ink_say(ink, "—");
		return;
	}
	at = time_split(at_ms, ink->offset_min);
	if (at.year != ink->now.year)
		ink_sayf(ink, "%04d-", at.year);
	if (at.year != ink->now.year || at.month != ink->now.month || at.day != ink->now.day) {
		two_digits(ink, at.month, '-');
		two_digits(ink, at.day, ' ');
	}
	two_digits(ink, at.hour, ':');
	two_digits(ink, at.minute, '\0');
}

void ink_span(struct ink *ink, int64_t span_ms)
{
	int64_t minutes = (span_ms < 0 ? -span_ms : span_ms) / MINUTE_MS;

	if (minutes >= 48 * 60)
		ink_sayf(ink, "%lld天", (long long)(minutes / 1440));
	else if (minutes >= 60 && minutes % 60 == 0)
		ink_sayf(ink, "%lld小时", (long long)(minutes / 60));
	else if (minutes >= 60)
		ink_sayf(ink, "%lld小时%lld分", (long long)(minutes / 60), (long long)(minutes % 60));
	else
		ink_sayf(ink, "%lld分", (long long)minutes);
}

static void degrees(struct ink *ink, const char *word, int32_t e7)
{
	int64_t e5 = ((e7 < 0 ? -(int64_t)e7 : e7) + 50) / 100;

	ink_sayf(ink, "%s%lld.%05lld", word, (long long)(e5 / 100000), (long long)(e5 % 100000));
}

void ink_place(struct ink *ink, const struct place *place)
{
	degrees(ink, place->lon_e7 < 0 ? "西经" : "东经", place->lon_e7);
	degrees(ink, place->lat_e7 < 0 ? " 南纬" : " 北纬", place->lat_e7);
}

/* --- headings and tables ------------------------------------------------------------------------------ */

void ink_heading(struct ink *ink, const char *zh, const char *en, int64_t count)
{
	ink_html(ink, "\n<h2>");
	ink_plain(ink, "\n■ ");
	ink_both(ink, zh, en);
	if (count >= 0) {
		ink_html(ink, " <b>");
		ink_sayf(ink, ink->html ? "%lld" : "(%lld)", (long long)count);
		ink_html(ink, "</b>");
	}
	ink_html(ink, "</h2>");
	ink_say(ink, "\n");
}

void ink_table(struct ink *ink, const char *class, const char *const *column)
{
	char zh[64];

	if (!ink->html) {
		for (uint32_t i = 0; column[i] != NULL; i++)
			ink_sayf(ink, "%s%.*s", i > 0 ? " | " : "  [", (int)strcspn(column[i], "|"),
				column[i]);
		ink_say(ink, "]\n");
		return;
	}
	ink_sayf(ink, "<table class=\"%s\"><thead><tr>", class);
	for (uint32_t i = 0; i < INK_TABLE_COLUMNS_MAX && column[i] != NULL; i++) {
		const char *en = strchr(column[i], '|');

		(void)snprintf(zh, sizeof zh, "%.*s", (int)strcspn(column[i], "|"), column[i]);
		ink_say(ink, "<th>");
		ink_both(ink, zh, en == NULL ? "" : en + 1);
	}
	ink_say(ink, "</thead><tbody>\n");
}

void ink_table_end(struct ink *ink)
{
	ink_html(ink, "</tbody></table>\n");
}

void ink_row(struct ink *ink)
{
	ink_html(ink, "<tr>");
	ink_plain(ink, "  ·");
}

void ink_cell(struct ink *ink)
{
	if (ink->html)
		ink_say(ink, "<td>");
	else
		ink_say(ink,
			ink->used >= 2 && memcmp(ink->ptr + ink->used - 2, "\xC2\xB7", 2) == 0 ? " " : " | ");
}

void ink_row_end(struct ink *ink)
{
	ink_say(ink, "\n");
}

void ink_row_empty(struct ink *ink, uint32_t cells)
{
	ink_html(ink, "<tr class=\"blank\">");
	for (uint32_t i = 0; ink->html && i < cells; i++)
		ink_say(ink, "<td>&nbsp;");
	ink_html(ink, "\n");
}

void ink_none(struct ink *ink)
{
	ink_html(ink, "<p class=\"none\">");
	ink_plain(ink, "  ");
	ink_both(ink, "无", "none");
	ink_html(ink, "</p>");
	ink_say(ink, "\n");
}

void ink_left_out(struct ink *ink, uint32_t count)
{
	if (count == 0)
		return;
	ink_html(ink, "<p class=\"more\">");
	ink_plain(ink, "  ");
	ink_sayf(ink, "另有 %u 项未列出", count);
	if (ink->html)
		ink_sayf(ink, " <small>%u more are left out</small></p>", count);
	ink_say(ink, "\n");
}
