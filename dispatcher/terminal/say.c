/* say: what a terminal tells the daemon, word for word as schemas/wire/unit-in.json and alarm.json have it. */
#include "terminal/terminal.h"

#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "clock/clock.h"
#include "wire/ids.h"
#include "wire/json_write.h"

enum { SAY_SIZE = 8192 };

static struct text text_of(const char *terminated)
{
	return (struct text){terminated, (uint32_t)strlen(terminated)};
}

static void begin(struct json_out *out, char *bytes, struct text kind)
{
	json_out_init(out, bytes, SAY_SIZE);
	json_open_object(out);
	JSON_KEY(out, "kind");
	json_write_text(out, kind);
}

static void end(struct crowd *crowd, struct terminal *terminal, uint32_t index, struct json_out *out)
{
	struct text text;

	json_close_object(out);
	if (json_out_finish(out, &text) == DISP_OK)
		line_send(crowd, terminal, index, text);
}

void say_hello(struct crowd *crowd, struct terminal *terminal, uint32_t index)
{
	char bytes[SAY_SIZE];
	struct json_out out;

	asked_put(&terminal->line[index].asked, clock_boot_ms());
	begin(&out, bytes, TEXT("hello"));
	json_write_key(&out, words_of(WORDS_TARGET, terminal->target));
	json_write_text(&out, text_of(terminal->id));
	JSON_KEY(&out, "last_seq");
	json_write_uint64(&out, terminal->last_seq);
	if (terminal->epoch > 0) {
		JSON_KEY(&out, "epoch");
		json_write_uint64(&out, terminal->epoch);
	}
	end(crowd, terminal, index, &out);
	if (terminal->line[index].greeted && index == terminal->home)
		jobs_repeat(crowd, terminal);
	terminal->line[index].greeted = true;
}

void say_ping(struct crowd *crowd, struct terminal *terminal, uint32_t index)
{
	char bytes[SAY_SIZE];
	struct json_out out;

	asked_put(&terminal->line[index].asked, clock_boot_ms());
	begin(&out, bytes, TEXT("ping"));
	end(crowd, terminal, index, &out);
}

void say_answer(struct crowd *crowd, struct terminal *terminal, uint32_t index, uint32_t order,
	uint8_t answer, const char *reason)
{
	char bytes[SAY_SIZE], id[ID_SIZE];
	struct json_out out;

	begin(&out, bytes, answer == ANSWER_DONE ? TEXT("done") : TEXT("answer"));
	JSON_KEY(&out, "order");
	json_write_text(&out, ids_write(ID_ORDER, order, id));
	if (answer != ANSWER_DONE) {
		JSON_KEY(&out, "answer");
		json_write_text(&out, words_of(WORDS_ANSWER, answer));
	}
	if (reason[0] != '\0') {
		JSON_KEY(&out, "reason");
		json_write_text(&out, text_of(reason));
	}
	end(crowd, terminal, index, &out);
}

void say_position(struct crowd *crowd, struct terminal *terminal)
{
	char bytes[SAY_SIZE];
	struct json_out out;

	if (!terminal->spot.known || terminal->target != TARGET_UNIT)
		return;
	begin(&out, bytes, TEXT("position"));
	JSON_KEY(&out, "position");
	json_open_object(&out);
	JSON_KEY(&out, "type");
	json_write_text(&out, TEXT("Point"));
	JSON_KEY(&out, "coordinates");
	json_open_array(&out);
	json_write_fixed(&out, terminal->spot.lon_e7, 7);
	json_write_fixed(&out, terminal->spot.lat_e7, 7);
	json_close_array(&out);
	json_close_object(&out);
	JSON_KEY(&out, "crs");
	json_write_text(&out, TEXT("EPSG:4490"));
	end(crowd, terminal, terminal->home, &out);
}

void say_status(struct crowd *crowd, struct terminal *terminal, struct text status)
{
	char bytes[SAY_SIZE];
	struct json_out out;

	begin(&out, bytes, TEXT("status"));
	JSON_KEY(&out, "status");
	json_write_text(&out, status);
	end(crowd, terminal, terminal->home, &out);
}

void say_notice(struct crowd *crowd, struct terminal *terminal, struct text notice)
{
	char bytes[SAY_SIZE];
	struct json_out out;

	begin(&out, bytes, TEXT("notify_answer"));
	JSON_KEY(&out, "notice");
	json_write_text(&out, notice);
	end(crowd, terminal, terminal->home, &out);
}

static void write_alarm(
	struct json_out *out, const char *id, const char *source, const char *type, int64_t at_ms)
{
	json_open_object(out);
	JSON_KEY(out, "specversion");
	json_write_text(out, TEXT("1.0"));
	JSON_KEY(out, "id");
	json_write_text(out, text_of(id));
	JSON_KEY(out, "source");
	json_write_text(out, text_of(source));
	JSON_KEY(out, "type");
	json_write_text(out, text_of(type));
	JSON_KEY(out, "time");
	json_write_time(out, at_ms);
	JSON_KEY(out, "data");
	json_open_object(out);
	JSON_KEY(out, "state");
	json_write_text(out, TEXT("cleared"));
	json_close_object(out);
	json_close_object(out);
}

/* The trouble is gone, says the sensor: the device itself, or the one that the plan names. */
void say_cleared(struct crowd *crowd, const struct terminal *terminal, const struct plan *plan)
{
	const char *source = plan->source[0] != '\0' ? plan->source : terminal->id;
	char bytes[SAY_SIZE], id[64];
	struct json_out out;
	struct text text;

	if (!crowd->alarm.socket) {
		fprintf(stderr, "%s: fixes, but no --alarms was given\n", terminal->id);
		return;
	}
	snprintf(id, sizeof(id), "t-%llu-%llu", (unsigned long long)crowd->born,
		(unsigned long long)++crowd->alarm_serial);
	json_out_init(&out, bytes, sizeof(bytes));
	write_alarm(&out, id, source, plan->word, crowd_now_ms(crowd) + crowd->event_offset_ms);
	if (json_out_finish(&out, &text) != DISP_OK)
		return;
	if (crowd->verbose)
		fprintf(stderr, "%s > %.*s\n", terminal->id, (int)text.len, text.ptr);
	(void)zmq_send(crowd->alarm.socket, text.ptr, text.len, ZMQ_DONTWAIT);
}
