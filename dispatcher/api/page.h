/* page: an answer of any length written through one buffer, and the fields that all answers are made of. */
#ifndef API_PAGE_H
#define API_PAGE_H

#include "core/query.h"
#include "wire/ids.h"
#include "wire/json_write.h"

struct evbuffer;

/* One value between two flushes fits into PAGE_BYTES. */
enum { PAGE_BYTES = 1 << 20, PAGE_FLUSH_BYTES = 1 << 16 };

struct api;

struct page {
	struct json_out out;
	struct evbuffer *to;
	const struct core *core;
	int64_t now_ms; /* event time */
	/* Of a list: the members that were asked for, by ','; NULL: all. What is at `cut` was not asked for. */
	const char *only;
	size_t cut;
	bool cutting;
	struct api *rows; /* reads the journal; NULL: only what the core keeps is shown */
};

/* memory[PAGE_BYTES]; what is written goes to `to`. */
void page_begin(
	struct page *page, char *memory, struct evbuffer *to, const struct core *core, int64_t now_ms);
/* Behind each value of a list, its bracket closed: hands on what has gathered. */
void page_flush(struct page *page);
/* Ends a line of a body that has one document a line. */
void page_end_line(struct page *page);
/* False: a value was too long, or there is no memory; what was written is not a document. */
bool page_end(struct page *page) DISP_MUSTCHECK;

/* Fields; key is a literal. A nullable one is null where the number is 0, the text empty, the word "none". */
void put_key(struct page *page, const char *key);
void put_text(struct page *page, const char *key, struct text text);
void put_text_nullable(struct page *page, const char *key, struct text text);
void put_null(struct page *page, const char *key);
void put_bool(struct page *page, const char *key, bool value);
void put_int(struct page *page, const char *key, int64_t value);
void put_fixed(struct page *page, const char *key, int64_t value, uint32_t scale);
void put_milli(struct page *page, const char *key, int64_t value);                   /* mm to m, ms to s */
void put_milli_nullable(struct page *page, const char *key, int64_t value);          /* null: 0 or below */
void put_time(struct page *page, const char *key, int64_t at_ms);                    /* null: 0 */
void put_id(struct page *page, const char *key, enum id_kind kind, uint64_t number); /* null: 0 */
void put_word(struct page *page, const char *key, enum words_set set, uint32_t value);
void put_word_nullable(struct page *page, const char *key, enum words_set set, uint32_t value);
void put_roman(struct page *page, const char *key, uint32_t level);        /* response level; null: 0 */
void put_number(struct page *page, const char *key, uint32_t text_number); /* a text of the core; null: 0 */
/* The id of a registered thing; null: 0. */
void put_thing(struct page *page, const char *key, enum table table, uint32_t number);
void put_name(struct page *page, const char *key, enum table table, uint32_t number);
void put_place(struct page *page, const char *key, const struct place *place);
void put_skills(struct page *page, const char *key, uint64_t skills);
void put_who(struct page *page, const char *key, uint32_t set);
void put_words(struct page *page, const char *key, struct text words); /* parted by blanks */
/* "08:00-20:00"; null: always. */
void put_hours(struct page *page, const char *key, uint32_t from_min, uint32_t to_min);

#endif
