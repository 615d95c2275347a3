/* row: one journal row, an event with the effects decided for it, to bytes, back, and to JSON. No log, no
 * hash. */
#ifndef WIRE_ROW_H
#define WIRE_ROW_H

#include <stddef.h>

#include "core/effect.h"
#include "core/error.h"
#include "core/event.h"
#include "wire/json_write.h"

/*
 * The bytes: tagged fields as in Protocol Buffers, from the tables in row_tables.h. A tag is the varint
 * number * 8 + wire type; integers are varints, signed ones zigzag, texts and messages length-delimited. What
 * is zero or empty is left out and read back as zero. Fields of unknown number are skipped, so an older
 * program reads rows of a newer one that says more; an event or effect of unknown kind cannot be applied and
 * is refused. Source  https://protobuf.dev/programming-guides/encoding/
 */

/*
 * row_encode - the body of a row.
 *
 * Errors  0: it does not fit into out[size], or the event or an effect is of no known kind, or a list in it
 * is longer than its table.
 */
size_t row_encode(
	const struct event *event, const struct effects *effects, uint8_t *out, size_t size) DISP_MUSTCHECK;

/* What an event holds by pointer. */
struct row_scratch {
	struct playbook_def playbook;
};

/*
 * row_decode - a row's event and effects.
 *
 * Shapes  effects->item[EFFECTS_MAX] is the caller's.
 * Errors  DISP_E_DAMAGED  these bytes were not written by row_encode: a length, count, kind or enumeration is
 *         out of range. *event and *effects then hold nothing to be used.
 * Memory  texts of *event point into row; an EVENT_PLAYBOOK points into *scratch. Nothing else is kept.
 */
enum disp_err row_decode(const uint8_t *row, size_t size, struct event *event, struct effects *effects,
	struct row_scratch *scratch) DISP_MUSTCHECK;

/* What has a number in the roster of the core, and a name elsewhere. */
enum row_name {
	ROW_NAME_GRID,
	ROW_NAME_PERSON,
	ROW_NAME_UNIT,
	ROW_NAME_DEPOT,
	ROW_NAME_STOCK,
	ROW_NAME_DEVICE,
	ROW_NAME_PLAYBOOK,
	ROW_NAME_TEXT,  /* text number: types, titles, tasks, items, hazards */
	ROW_NAME_SKILL, /* bit of a skill set, from 0 */
	ROW_NAME_NEED, /* running number; what the requirement asks for: item and skills, parted by one space */
	ROW_NAME_COUNT
};

/* name: the id behind a number; an empty text when it is unknown, and the number is shown. */
struct row_names {
	void *context;
	struct text (*name)(void *context, enum row_name kind, uint32_t number);
};

/*
 * row_json - the row as one object:
 * {"kind":…,"seq":…,"epoch":…,"at":…,"by":…,"channel":…,"event":{…},"effects":[{"kind":…,…},…]}.
 *
 * Units   times RFC 3339, distances _m, durations _s, positions GeoJSON in EPSG:4490. Ids as texts,
 * enumerations as their words. An id, name, time or text that is none, and a state "none", are left out.
 * Errors  none of its own; see json_out_finish. A text that is not UTF-8 is shown as "(not UTF-8)".
 */
void row_json(struct json_out *out, const struct event *event, const struct effects *effects,
	const struct row_names *names);

/* The parts, for those who show one change a line: the event's own members, and one effect, as an object
 * each. */
void row_json_event(struct json_out *out, const struct event *event, const struct row_names *names);
void row_json_effect(struct json_out *out, const struct effect *effect, const struct row_names *names);

#endif
