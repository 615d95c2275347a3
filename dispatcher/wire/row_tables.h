/* row_tables: every field of every event and effect, with its number, name and meaning; data, no code. */
#ifndef WIRE_ROW_TABLES_H
#define WIRE_ROW_TABLES_H

#include <stddef.h>

#include "core/types.h"
#include "core/words.h"
#include "wire/ids.h"
#include "wire/row.h"

enum row_type {
	ROW_U8,
	ROW_U16,
	ROW_U32,
	ROW_U64,
	ROW_I32,
	ROW_I64,
	ROW_BOOL,
	ROW_TEXT,
	ROW_MESSAGE,  /* a struct inside, by `table` */
	ROW_HASH,     /* uint8_t[ROW_HASH_BYTES] */
	ROW_IDENTITY, /* uint64_t[2], written as 16 bytes, most significant first */
	/* lists: array[max] with a uint32_t count at `other` */
	ROW_LIST_U32,
	ROW_LIST_TEXT,
	ROW_LIST_MESSAGE,
	ROW_BY_WORD /* uint32_t[max], indexed by a word of `set`; no count: zeros are left out */
};

enum { ROW_HASH_BYTES = 32, ROW_IDENTITY_BYTES = 16 };

/* How JSON shows the value. */
enum row_show {
	SHOW_PLAIN,
	SHOW_WORD,      /* of `set`; in range or damaged */
	SHOW_WORD_PLUS, /* the same, and one value more that stands for "none of these" */
	SHOW_WORD_BITS, /* set of 1 << value */
	SHOW_WHO,       /* set of WHO_* */
	SHOW_ROMAN,     /* 1 .. 4: I .. IV */
	SHOW_ROMAN_BITS,
	SHOW_SKILLS,    /* set of 1 << skill */
	SHOW_SPLIT,     /* words parted by one space, as an array */
	SHOW_STEP,      /* index of a step; 255 none */
	SHOW_ID,        /* enum id_kind in `set` */
	SHOW_NAME,      /* enum row_name in `set` */
	SHOW_BY_TARGET, /* name of what the enum target at `other` says */
	SHOW_BY_EVENT,  /* name of what the enum event_kind at `other` says */
	SHOW_TIME,      /* ms since 1970; 0 none */
	SHOW_MILLI,     /* ms as s, mm as m; -1 none */
	SHOW_MICRO,     /* value / 10^6 */
	SHOW_PLACE,
	SHOW_Z85, /* 32 bytes as ZeroMQ writes keys; zeros are none */
	SHOW_NOT  /* kept, and told nobody */
};

struct row_field {
	uint8_t number; /* of the tag: never changed, never used again */
	uint8_t type;   /* enum row_type */
	uint8_t show;   /* enum row_show */
	uint8_t set;    /* enum words_set, id_kind or row_name, as `show` says */
	uint16_t offset, other;
	uint16_t max;
	struct text name;
	const struct row_table *table;
};

struct row_table {
	const struct row_field *field; /* [count], by rising number */
	uint32_t count;
	uint32_t size; /* of the struct */
};

/* Indexed by enum event_kind and enum effect_kind; kinds without fields have count 0. For EVENT_PLAYBOOK the
 * struct is playbook_def. */
extern const struct row_table row_event_tables[EVENT_KIND_COUNT];
extern const struct row_table row_effect_tables[EFFECT_KIND_COUNT];
extern const struct row_table row_head_table;
extern const struct row_table row_place_table;
extern const struct row_table row_playbook_table;

/* Of the row itself: behind the fields of the head stand the event's body, then one field an effect. */
enum { ROW_FIELD_KIND = 1, ROW_FIELD_BODY = 7, ROW_FIELD_EFFECT = 64 }; /* 64 + enum effect_kind */

/* --- how a table is written ------------------------------------------------------------------------ */
/* STRUCT is defined to the struct that the table is about; the type of a field is that of its member. */

#define ROW_AT(member) ((STRUCT *)0)->member
#define ROW_TYPE_OF(member)                                                                                  \
	_Generic(ROW_AT(member), uint8_t                                                                     \
		 : ROW_U8, uint16_t                                                                          \
		 : ROW_U16, uint32_t                                                                         \
		 : ROW_U32, uint64_t                                                                         \
		 : ROW_U64, int32_t                                                                          \
		 : ROW_I32, int64_t                                                                          \
		 : ROW_I64, bool                                                                             \
		 : ROW_BOOL, struct text                                                                     \
		 : ROW_TEXT)
#define ROW_LITERAL(s)                                                                                       \
	{                                                                                                    \
		(s), (uint32_t)sizeof(s) - 1                                                                 \
	}
#define ROW_FULL(number, type, show, set, member, other, max, name, table)                                   \
	{                                                                                                    \
		(number), (type), (show), (set), offsetof(STRUCT, member), (other), (max),                   \
			ROW_LITERAL(name), (table)                                                           \
	}
#define ROW_SHOWN(number, name, member, show, set)                                                           \
	ROW_FULL(number, ROW_TYPE_OF(member), show, set, member, 0, 0, name, NULL)

#define PLAIN(number, name, member) ROW_SHOWN(number, name, member, SHOW_PLAIN, 0)
#define UP_TO(number, name, member, max)                                                                     \
	ROW_FULL(number, ROW_TYPE_OF(member), SHOW_PLAIN, 0, member, 0, max, name, NULL)
#define AS_WORD(number, name, member, set)  ROW_SHOWN(number, name, member, SHOW_WORD, set)
#define AS_ID(number, name, member, kind)   ROW_SHOWN(number, name, member, SHOW_ID, kind)
#define AS_NAME(number, name, member, kind) ROW_SHOWN(number, name, member, SHOW_NAME, kind)
#define AS_TIME(number, name, member)       ROW_SHOWN(number, name, member, SHOW_TIME, 0)
#define AS_MILLI(number, name, member)      ROW_SHOWN(number, name, member, SHOW_MILLI, 0)
#define AS_MICRO(number, name, member)      ROW_SHOWN(number, name, member, SHOW_MICRO, 0)
#define AS_PLACE(number, name, member)                                                                       \
	ROW_FULL(number, ROW_MESSAGE, SHOW_PLACE, 0, member, 0, 0, name, &row_place_table)
#define LIST_OF(number, name, type, show, member, counter, max, table)                                       \
	ROW_FULL(number, type, show, 0, member, offsetof(STRUCT, counter), max, name, table)
#define ROW_TABLE(fields, type)                                                                              \
	{                                                                                                    \
		(fields), sizeof(fields) / sizeof((fields)[0]), sizeof(type)                                 \
	}

#endif
