/* alarm_in: the alarm message, its reply and what a follower is told. No clock, no roster, no geography. */
#ifndef WIRE_ALARM_IN_H
#define WIRE_ALARM_IN_H

#include "core/event.h"
#include "core/words.h"
#include "wire/field_in.h"
#include "wire/json_write.h"

enum {
	ALARM_BYTES_MAX = 64 * 1024, /* of a message */
	ALARM_NAME_MAX = 128,        /* bytes of id, source, type */
	ALARM_TEXT_MAX = 4096,
	ALARM_UNIT_MAX = 32,
	ALARM_MEDIA_MAX = 32, /* addresses in one message */
	ALARM_MEDIA_BYTES_MAX = 2048,
	ALARM_TOKENS_MAX = ALARM_BYTES_MAX / 2 + 1, /* a value takes two bytes at least, but for the last */
	ALARM_SCRATCH_SIZE = 2 * ALARM_BYTES_MAX
};

/* Where one message is read; kept by the caller, used again for the next. */
struct alarm_memory {
	struct json_token token[ALARM_TOKENS_MAX];
	char scratch[ALARM_SCRATCH_SIZE];
};

/*
 * What a message says. Filled in `alarm`: source, id, type, state, mode, colour, has_place, has_value, time_ms,
 * confidence_ppm (1,000,000 when not given), value_e6, value_unit, text, media. Left 0 for the shell: identity,
 * place, grid.
 */
struct alarm_in {
	struct event_alarm alarm;
	struct field_point position; /* has_place says whether it was given */
	bool follow;
	uint8_t reject;                 /* enum reject */
	char detail[FIELD_DETAIL_SIZE]; /* for people: which field, and why; "" when all is well */
};

/*
 * alarm_in_read - one CloudEvents 1.0 structured-mode message, with the data of schemas/wire/alarm.json.
 *
 * Order   The fields are checked in the order specversion, id, source, type, time, data; the first fault counts.
 *         Unknown members are allowed everywhere. null is the same as absent.
 * Errors  REJECT_TOO_LARGE     more than ALARM_BYTES_MAX; nothing is read
 *         REJECT_MALFORMED     not JSON, not UTF-8, a field missing, of the wrong kind or out of range
 *         REJECT_BAD_TIME      no time. Whether it lies in the future or too far back needs a clock: the shell
 *         REJECT_BAD_POSITION  as field_point
 *         alarm.id and alarm.source are given back whenever they could be read, whatever else is wrong; all
 *         other fields mean nothing then.
 * Memory  texts point into bytes or memory, both the caller's.
 * Source  CloudEvents 1.0.2; RFC 7946 for the position. A weather alarm without data.colour whose value is 1, 2, 3
 *         or 4 is blue, yellow, orange or red.
 */
enum reject alarm_in_read(
	const void *bytes, size_t len, struct alarm_memory *memory, struct alarm_in *out) DISP_MUSTCHECK;

/* What became of an alarm, for its sender. */
struct alarm_reply {
	struct text id, source; /* empty: could not be read */
	uint8_t result;         /* enum alarm_result */
	uint8_t reject;         /* enum reject: ALARM_REJECTED */
	uint32_t incident;      /* 0 none */
	uint64_t seq;           /* 0 none */
	struct text detail;     /* ALARM_REJECTED */
	uint32_t retry_after_s; /* REJECT_OVERLOADED */
};

/* {"id","source","result","incident","seq"}, or {"id","source","result","reason","detail"[,"retry_after_s"]}; what
 * is none is null. */
void alarm_reply_write(struct json_out *out, const struct alarm_reply *reply);

/* {"incident","state","disposition"}, for those who asked with data.follow. */
void alarm_follow_write(
	struct json_out *out, uint32_t incident, enum incident_state state, enum disposition disposition);

#endif
