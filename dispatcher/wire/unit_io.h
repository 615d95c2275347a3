/* unit_io: the messages of terminals: units, depots and devices, in and out. It knows no socket and no roster. */
#ifndef WIRE_UNIT_IO_H
#define WIRE_UNIT_IO_H

#include "core/event.h"
#include "core/words.h"
#include "wire/field_in.h"
#include "wire/json_write.h"

enum {
	UNIT_BYTES_MAX = 16 * 1024, /* of a message in */
	UNIT_TOKENS_MAX = UNIT_BYTES_MAX / 2 + 1,
	UNIT_NAME_MAX = 128, /* bytes of an id */
	UNIT_TEXT_MAX = 2048
};

enum unit_in_kind {
	UNIT_IN_NONE,
	UNIT_IN_HELLO,    /* {"kind":"hello","unit":"FE-1","last_seq":0,"epoch":1} */
	UNIT_IN_POSITION, /* {"kind":"position","position":{GeoJSON Point},"crs":…,"time":…} */
	UNIT_IN_STATUS,   /* {"kind":"status","status":"available"} */
	UNIT_IN_ANSWER,   /* {"kind":"answer","order":"O12","answer":"decline","reason":…,"quantity":…} */
	UNIT_IN_DONE,     /* {"kind":"done","order":"O12","reason":…} */
	UNIT_IN_NOTIFY_ANSWER, /* {"kind":"notify_answer","notice":"N5","text":…} */
	UNIT_IN_PING,          /* {"kind":"ping"} */
	UNIT_IN_COUNT
};

/* Where one message is read; kept by the caller, used again for the next. */
struct unit_memory {
	struct json_token token[UNIT_TOKENS_MAX];
	char scratch[UNIT_BYTES_MAX];
};

/* What a message says; fields that its kind does not use are 0. */
struct unit_in {
	uint8_t kind;      /* enum unit_in_kind */
	uint8_t target;    /* enum target: whether `id` stands under "unit", "depot" or "device" */
	struct text id;    /* who speaks; empty where it is not repeated */
	uint64_t last_seq; /* hello: of the last order, recall or notice it has */
	uint64_t epoch;    /* hello: the highest it has seen; 0 none */
	struct field_point position;
	int64_t time_ms; /* position: when it was there; 0 not given */
	uint8_t state;   /* status: enum unit_state */
	uint8_t answer;  /* answer, done: enum answer */
	uint32_t order, notice;
	uint32_t quantity; /* answer of a depot: what was loaded, where it is less; 0 all */
	struct text reason, text;
	uint8_t reject; /* enum reject */
	char detail[FIELD_DETAIL_SIZE];
};

/*
 * unit_in_read - one message of a terminal.
 *
 * Errors  REJECT_TOO_LARGE, REJECT_MALFORMED, REJECT_BAD_POSITION as in alarm_in.h. Unknown members are allowed.
 *         A terminal may say accept, decline, en_route, arrived, failed, done and delivered of an order, and
 *         of itself every status but reserved and ordered, which are the office's.
 * Memory  texts point into bytes or memory, both the caller's.
 */
enum reject unit_in_read(
	const void *bytes, size_t len, struct unit_memory *memory, struct unit_in *out) DISP_MUSTCHECK;

/* Whether the message names nobody, or the one that said hello. */
bool unit_in_speaks_for(const struct unit_in *in, enum target target, struct text id);

/*
 * unit_in_event - the event that a message is, said by (target, id) of the hello.
 *
 * Shapes  *event: kind, channel "terminal" and u are set; seq, epoch, at_ms are 0. Of EVENT_POSITION the shell fills
 *         the place from in->position, and time_ms where it is 0.
 * Errors  DISP_E_NONE   a ping: nothing happened
 *         DISP_E_INPUT  a position or status of what is no unit
 */
enum disp_err unit_in_event(
	const struct unit_in *in, enum target target, struct text id, struct event *event) DISP_MUSTCHECK;

/* --- out ------------------------------------------------------------------------------------------ */

/* One line of a depot's order, or of what its carrier fetches. */
struct unit_item {
	uint32_t supply;              /* "M7" */
	struct text item, name, unit; /* code, name, and what is counted */
	int64_t quantity;
};

struct unit_order {
	uint8_t target; /* enum target */
	struct text to; /* unit, depot or device id */
	uint32_t order, incident;
	uint64_t epoch, seq;
	struct text title, task; /* title: of the incident, may be empty */
	bool has_place;
	struct place place;           /* where to */
	int64_t range_mm, travel_ms;  /* -1: not known */
	struct text playbook;         /* empty: none */
	int64_t respond_within_ms;    /* 0: no answer is waited for */
	uint8_t mode;                 /* enum mode */
	struct text depot;            /* a carrier: where it loads; may be empty */
	uint32_t depot_order;         /* a carrier: the loading it fetches; 0 none */
	const struct unit_item *item; /* [item_count] */
	uint32_t item_count;
	struct text action,
		say; /* device; say: words for a loudspeaker; to others what was reported, may be empty */
	struct text grid, grid_name, where, depot_name; /* may be empty; where: the name of the place */
};

struct unit_recall {
	uint8_t target;
	struct text to;
	uint32_t order, incident;
	uint64_t epoch, seq;
	struct text reason;
	uint8_t mode;
};

struct unit_notify {
	struct text to; /* unit id */
	uint32_t notice, incident;
	uint64_t epoch, seq;
	struct text title, text;
	bool has_place;
	struct place place;
	int64_t answer_within_ms; /* 0: no answer is waited for */
	uint8_t mode;
};

/* Every message is one object with "kind"; what is none is null. Positions are GeoJSON in EPSG:4490. */
void unit_order_write(struct json_out *out, const struct unit_order *order);
void unit_recall_write(struct json_out *out, const struct unit_recall *recall);
void unit_notify_write(struct json_out *out, const struct unit_notify *notify);
void unit_pong_write(struct json_out *out, uint64_t epoch, uint64_t seq, int64_t at_ms);
void unit_error_write(struct json_out *out, enum reject reason, struct text detail);

#endif
