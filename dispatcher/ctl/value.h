/* value: a field of a reply as text for a person: words, times, distances, durations, lists. Sends nothing. */
#ifndef CTL_VALUE_H
#define CTL_VALUE_H

#include <jansson.h>

#include "core/words.h"
#include "ctl/screen.h"
#include "ctl/table.h"

enum { VALUE_TEXT_MAX = 1024 };

enum value_kind {
	VALUE_TEXT, /* strings, numbers, lists of them */
	VALUE_TOWN, /* skills, kinds, types: in Chinese as far as we know them */
	VALUE_WORD, /* a word of `set` */
	VALUE_TIME, /* "07-01 16:00:00", the clock on the wall */
	VALUE_DAY,  /* "2026-07-01" */
	VALUE_METRES,
	VALUE_SECONDS,
	VALUE_LEFT, /* seconds that remain; below 0 they are past */
	VALUE_DUE,  /* a time: what remains until then, where the screen knows the time now */
	VALUE_POINT,
	VALUE_SIGNED, /* who did it: the name that "PATH_name" has for an id, and the id */
	VALUE_WHO,    /* "grid_head", or a list of such */
	VALUE_LIST,   /* several, each for itself; of "x" those of "x_zh" for Chinese */
	VALUE_YES     /* a mark where it is true, nothing where not */
};

/* A column of a list, or a line of a sheet. An array of them ends with path NULL. */
struct field {
	const char *path;  /* "id", "next_deadline.left_s" */
	const char *title; /* a msgid */
	enum value_kind kind;
	enum words_set set; /* VALUE_WORD */
	uint32_t flags;     /* TABLE_* */
};

#define FIELD_AS(path_, en_, kind_, flags_)                                                                  \
	{                                                                                                    \
		.path = (path_), .title = (en_), .kind = (kind_), .flags = (flags_)                          \
	}
#define FIELD_WORD(path_, en_, set_, flags_)                                                                 \
	{                                                                                                    \
		.path = (path_), .title = (en_), .kind = VALUE_WORD, .set = (set_), .flags = (flags_)        \
	}
#define FIELD_TOWN(path_, en_, flags_) FIELD_AS(path_, en_, VALUE_TOWN, flags_)
#define FIELD(path_, en_, flags_)      FIELD_AS(path_, en_, VALUE_TEXT, flags_)
#define FIELD_END                                                                                            \
	{                                                                                                    \
		.path = NULL                                                                                 \
	}

/* jansson's loops, spelled out for checkers that do not read its headers. */
#define VALUE_EACH(list, index, item)                                                                        \
	for ((index) = 0;                                                                                    \
		(index) < json_array_size(list) && ((item) = json_array_get((list), (index))) != NULL;       \
		(index)++)
#define VALUE_EACH_MEMBER(object, key, value)                                                                \
	for ((key) = json_object_iter_key(json_object_iter(object));                                         \
		(key) != NULL && ((value) = json_object_iter_value(json_object_key_to_iter(key))) != NULL;   \
		(key) = json_object_iter_key(json_object_iter_next((object), json_object_key_to_iter(key))))

/* utf8_make_harmless for every string, so that no text of a stranger moves the cursor or turns a line round. */
void value_clean(json_t *value);

/* A member by a path with dots; NULL: none, or null. */
const json_t *value_at(const json_t *object, const char *path);
/* The same as a string, a number, an array's length; "" and 0 when it is something else. */
const char *value_string(const json_t *object, const char *path);
double value_number(const json_t *object, const char *path);
bool value_true(const json_t *object, const char *path);

/* The text for this reader: of "text" the member "text_zh" for Chinese, where there is one. */
const char *value_said(const struct screen *screen, const json_t *object, const char *path);

/* A word of a set, in the reader's language; the word itself when it is not of the set. */
const char *value_word(const struct screen *screen, enum words_set set, const char *word);
/* The tone that goes with a word: of an incident, a unit, a device, an order … */
enum tone value_tone(enum words_set set, const char *word);

/* Each writes at most size - 1 bytes and ends them. */
void value_seconds(const struct screen *screen, double seconds, char *out, size_t size);
void value_metres(const struct screen *screen, double metres, char *out, size_t size);
void value_left(const struct screen *screen, double seconds, char *out, size_t size);
/* The wall clock of an RFC 3339 time: month to second; what is not a time stays as it is. */
void value_time(const struct screen *screen, const char *time, char *out, size_t size);
/* A word that the town chose, in the user's language; the word itself where we know no other. */
const char *value_town(const struct screen *screen, const char *word);
void value_town_join(const struct screen *screen, const json_t *value, char *out, size_t size);
/* Who did it: "NAME ID" where the member PATH_name has the name of an id, else what stands at PATH. */
void value_signed(const json_t *object, const char *path, char *out, size_t size);
/* Words of a who-set, joined. */
void value_who(const struct screen *screen, const json_t *value, char *out, size_t size);
/* Strings of an array, joined; a string or a number alone. */
void value_join(const struct screen *screen, const json_t *value, char *out, size_t size);
/* Seconds from the screen's time to an RFC 3339 time; false: one of the two is not known. */
bool value_seconds_until(const struct screen *screen, const char *time, double *seconds);

/* A field as text, with its tone; "" when it has no value. */
void value_field(const struct screen *screen, const json_t *object, const struct field *field, char *out,
	size_t size, enum tone *tone);

/* "%7" under which this id, of a column with this title, can now be typed in the shell; "" elsewhere. */
void value_pick(const struct screen *screen, const char *id, const char *title, char *out, size_t size);

/* A list as a table; what it says when empty. */
void value_list(const struct screen *screen, const json_t *list, const struct field *fields, uint32_t indent);
/* A list under a heading; nothing at all when it is empty. */
void value_section(
	const struct screen *screen, const json_t *list, const char *title, const struct field *fields);
/* One thing as lines "label  value"; what has no value is left out. */
void value_sheet(const struct screen *screen, const json_t *object, const struct field *fields);

#endif
