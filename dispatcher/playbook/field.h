/* field: YAML maps into structs by table; every departure from the table is a fault. Knows no playbook. */
#ifndef PLAYBOOK_FIELD_H
#define PLAYBOOK_FIELD_H

#include <stddef.h>

#include "core/text_pool.h"
#include "core/types.h"
#include "reading/memory.h"
#include "playbook/tree.h"

enum { FIELD_WORD_BYTES = 63, FIELD_LINE_BYTES = 600, FIELD_WORDS_MAX = 16 };

struct field;

struct reader {
	struct tree tree;
	struct reading_memory *memory; /* what the texts read live in */
	void *file;                    /* the part's own: what is known of the file so far */
};

/* Reads node into the field's place in a struct. Faults are added to the list; the place then stays 0. */
typedef void field_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into);

struct field {
	const char *key;
	field_read *read;
	size_t offset;    /* of the place in the struct that the map fills */
	bool need;        /* the key must be given */
	int64_t min, max; /* numbers: the range, as stored; lists: how many items */
	int32_t scale;    /* numbers: decimals kept; 3 turns seconds into milliseconds */
	const void *more; /* what the reader needs: a struct section, a word list */
};

struct section {
	const char *name; /* for messages: "send" */
	const struct field *field;
	uint32_t count;
};

#define FIELD_COUNT(table) ((uint32_t)(sizeof(table) / sizeof((table)[0])))

/* The map: unknown, repeated and missing keys are faults; known ones are read into the struct `into`. False
 * when node is no map. */
bool section_read(struct reader *reader, const struct section *section, const yaml_node_t *node, void *into);

/* The readers for a table. `more`: section -> struct section; the others none. */
field_read field_section;  /* a map, into the struct at offset */
field_read field_one_word; /* struct text: a-z 0-9 _ - . and letters of any script, no space */
field_read field_line;     /* struct text: one line of text for people */
field_read field_words;    /* struct text: a list of min..max words, parted by one space */
field_read field_u8;       /* numbers, from min to max, exact with `scale` decimals */
field_read field_u32;
field_read field_i64;
field_read field_flag; /* bool: true or false */

/* One word or number outside of a table. False: a fault was added. */
bool read_word(struct reader *reader, const char *key, const yaml_node_t *node, struct text *out);
bool read_number(struct reader *reader, const struct field *field, const yaml_node_t *node, int64_t *out);

/* A list with min..max items; 0 and a fault when it is none. */
uint32_t read_list(struct reader *reader, const char *key, const yaml_node_t *node, int64_t min, int64_t max);

/* A copy that lives as long as the set. */
struct text read_copy(struct reader *reader, struct text text);

/* For printf: "%.*s". */
#define TEXT_PRINT(text) (int)(text).len, (text).len > 0 ? (text).ptr : ""

#endif
