/* page: an answer of any length through one buffer; see the header. */
#include "api/page.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <string.h>

#include "core/playbook.h"

void page_begin(struct page *page, char *memory, struct evbuffer *to, const struct core *core, int64_t now_ms)
{
	*page = (struct page){.to = to, .core = core, .now_ms = now_ms};
	json_out_init(&page->out, memory, PAGE_BYTES);
}

/* The writer knows its brackets without the bytes behind it. */
static void hand_on(struct page *page)
{
	if (!page->out.full && evbuffer_add(page->to, page->out.ptr, page->out.used) != 0)
		page->out.full = true;
	page->out.used = 0;
}

/* Members of a list's objects: below the list's bracket and their own. */
enum { MEMBER_DEPTH = 2 };

static bool is_wanted(const char *only, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = strstr(only, key); at != NULL; at = strstr(at + 1, key))
		if ((at == only || at[-1] == ',') && (at[len] == ',' || at[len] == '\0'))
			return true;
	return false;
}

/* Takes back the member at `cut`, which is written whole by now. */
static void page_uncut(struct page *page)
{
	if (page->cutting && !page->out.full)
		page->out.used = page->cut;
	page->cutting = false;
}

void page_flush(struct page *page)
{
	if (page->cutting) {
		page_uncut(page);
		if (page->out.used < page->out.size)
			page->out.ptr[page->out.used++] = '}';
	}
	if (page->out.used >= PAGE_FLUSH_BYTES)
		hand_on(page);
}

void page_end_line(struct page *page)
{
	bool full = page->out.full;

	ASSERT(page->out.depth == 0 && !page->out.after_key);
	hand_on(page);
	full |= page->out.full || evbuffer_add(page->to, "\n", 1) != 0;
	json_out_init(&page->out, page->out.ptr, PAGE_BYTES);
	page->out.full = full;
}

bool page_end(struct page *page)
{
	ASSERT(page->out.full || page->out.depth == 0);
	hand_on(page);
	return !page->out.full;
}

void put_key(struct page *page, const char *key)
{
	if (page->only != NULL && page->out.depth == MEMBER_DEPTH && (page->out.objects >> 1 & 1) == 0) {
		uint64_t had = page->out.has_member;

		page_uncut(page);
		if (!is_wanted(page->only, key)) {
			page->cut = page->out.used;
			page->cutting = true;
			json_write_key(&page->out, (struct text){key, (uint32_t)strlen(key)});
			page->out.has_member = had;
			return;
		}
	}
	json_write_key(&page->out, (struct text){key, (uint32_t)strlen(key)});
}

void put_text(struct page *page, const char *key, struct text text)
{
	put_key(page, key);
	json_write_text(&page->out, text);
}

/* Who asks for certain members knows what he asked for: none is none. In long lists it is a quarter of what is read. */
void put_null(struct page *page, const char *key)
{
	if (page->only != NULL && page->out.depth >= MEMBER_DEPTH)
		return;
	put_key(page, key);
	json_write_null(&page->out);
}

void put_text_nullable(struct page *page, const char *key, struct text text)
{
	if (text.len > 0)
		put_text(page, key, text);
	else
		put_null(page, key);
}

void put_bool(struct page *page, const char *key, bool value)
{
	put_key(page, key);
	json_write_bool(&page->out, value);
}

void put_int(struct page *page, const char *key, int64_t value)
{
	put_key(page, key);
	json_write_int64(&page->out, value);
}

void put_fixed(struct page *page, const char *key, int64_t value, uint32_t scale)
{
	put_key(page, key);
	json_write_fixed(&page->out, value, scale);
}

void put_milli(struct page *page, const char *key, int64_t value)
{
	put_fixed(page, key, value, 3);
}

void put_milli_nullable(struct page *page, const char *key, int64_t value)
{
	if (value > 0)
		put_milli(page, key, value);
	else
		put_null(page, key);
}

void put_time(struct page *page, const char *key, int64_t at_ms)
{
	if (at_ms == 0) {
		put_null(page, key);
		return;
	}
	put_key(page, key);
	json_write_time(&page->out, at_ms);
}

void put_id(struct page *page, const char *key, enum id_kind kind, uint64_t number)
{
	char id[ID_SIZE];

	put_text_nullable(page, key, ids_write(kind, number, id));
}

void put_word(struct page *page, const char *key, enum words_set set, uint32_t value)
{
	put_text(page, key, words_of(set, value));
}

void put_word_nullable(struct page *page, const char *key, enum words_set set, uint32_t value)
{
	if (value == 0)
		put_null(page, key);
	else
		put_word(page, key, set, value);
}

void put_roman(struct page *page, const char *key, uint32_t level)
{
	static const struct text roman[] = {{NULL, 0}, {"I", 1}, {"II", 2}, {"III", 3}, {"IV", 2}};

	put_text_nullable(page, key, level < sizeof(roman) / sizeof(roman[0]) ? roman[level] : roman[0]);
}

void put_number(struct page *page, const char *key, uint32_t text_number)
{
	put_text_nullable(page, key, query_text(page->core, text_number));
}

void put_thing(struct page *page, const char *key, enum table table, uint32_t number)
{
	put_text_nullable(
		page, key, number == 0 ? (struct text){NULL, 0} : query_id(page->core, table, number));
}

void put_name(struct page *page, const char *key, enum table table, uint32_t number)
{
	put_text_nullable(
		page, key, number == 0 ? (struct text){NULL, 0} : query_name(page->core, table, number));
}

void put_place(struct page *page, const char *key, const struct place *place)
{
	put_key(page, key);
	if (place->lat_e7 == 0 && place->lon_e7 == 0) {
		json_write_null(&page->out);
		return;
	}
	json_open_object(&page->out);
	put_text(page, "type", TEXT("Point"));
	put_key(page, "coordinates");
	json_open_array(&page->out);
	json_write_fixed(&page->out, place->lon_e7, 7);
	json_write_fixed(&page->out, place->lat_e7, 7);
	json_close_array(&page->out);
	json_close_object(&page->out);
}

void put_skills(struct page *page, const char *key, uint64_t skills)
{
	put_key(page, key);
	json_open_array(&page->out);
	for (uint32_t bit = 0; bit < 64 && skills >> bit != 0; bit++)
		if (skills >> bit & 1)
			json_write_text(&page->out, query_skill(page->core, bit));
	json_close_array(&page->out);
}

void put_who(struct page *page, const char *key, uint32_t set)
{
	put_key(page, key);
	json_open_array(&page->out);
	for (uint32_t bit = 0; bit < 32 && set >> bit != 0; bit++)
		if (set >> bit & 1)
			json_write_text(&page->out, words_who_of((uint32_t)1 << bit));
	json_close_array(&page->out);
}

void put_words(struct page *page, const char *key, struct text words)
{
	uint32_t start = 0;

	put_key(page, key);
	json_open_array(&page->out);
	for (uint32_t i = 0; i <= words.len; i++) {
		if (i < words.len && words.ptr[i] != ' ')
			continue;
		if (i > start)
			json_write_text(&page->out, (struct text){words.ptr + start, i - start});
		start = i + 1;
	}
	json_close_array(&page->out);
}

void put_hours(struct page *page, const char *key, uint32_t from_min, uint32_t to_min)
{
	char text[48];
	int len;

	if (from_min == to_min || (from_min == 0 && to_min == PLAYBOOK_DAY_MIN)) {
		put_null(page, key);
		return;
	}
	len = snprintf(text, sizeof(text), "%02u:%02u-%02u:%02u", from_min / 60, from_min % 60, to_min / 60,
		to_min % 60);
	put_text(page, key, (struct text){text, (uint32_t)len});
}
