/* fuzz_unit: bytes from a terminal: read, made an event, and said again in what terminals are sent. */
#include "fuzz_row.h"

#include "wire/unit_io.h"

static struct unit_memory memory;
static struct unit_in in;

static struct place place_of(const struct field_point *point)
{
	int32_t x = point->x > -180 && point->x < 180 ? (int32_t)point->x : 0;
	int32_t y = point->y > -90 && point->y < 90 ? (int32_t)point->y : 0;

	return (struct place){y * 10000000, x * 10000000, {x, y, 0}};
}

static void say_order(struct json_out *out)
{
	struct unit_item item = {in.order, in.id, in.reason, in.text, (int64_t)in.last_seq};

	unit_order_write(out, &(struct unit_order){.target = in.target,
				      .to = in.id,
				      .order = in.order,
				      .incident = in.quantity,
				      .epoch = in.epoch,
				      .seq = in.last_seq,
				      .title = in.reason,
				      .task = in.text,
				      .has_place = in.position.given,
				      .place = in.position.given ? place_of(&in.position) : (struct place){0},
				      .range_mm = in.time_ms,
				      .travel_ms = in.time_ms,
				      .playbook = in.id,
				      .respond_within_ms = in.quantity,
				      .depot = in.reason,
				      .depot_order = in.notice,
				      .item = &item,
				      .item_count = in.quantity % 2,
				      .action = in.reason,
				      .say = in.text,
				      .grid = in.id,
				      .grid_name = in.reason,
				      .depot_name = in.text});
}

static void say_rest(struct json_out *out)
{
	unit_recall_write(out, &(struct unit_recall){.target = in.target,
				       .to = in.id,
				       .order = in.order,
				       .epoch = in.epoch,
				       .seq = in.last_seq,
				       .reason = in.reason});
	unit_notify_write(out, &(struct unit_notify){.to = in.id,
				       .notice = in.notice,
				       .epoch = in.epoch,
				       .seq = in.last_seq,
				       .title = in.reason,
				       .text = in.text,
				       .has_place = in.position.given,
				       .answer_within_ms = in.quantity});
	unit_pong_write(out, in.epoch, in.last_seq, in.time_ms);
}

/* One message a document, as on the wire; here they stand in one array. */
static void say(enum reject reject)
{
	struct json_out out;

	json_out_init(&out, fuzz_document, sizeof(fuzz_document));
	json_open_array(&out);
	if (reject == REJECT_NONE) {
		say_order(&out);
		say_rest(&out);
	}
	unit_error_write(&out, reject, (struct text){in.detail, (uint32_t)strlen(in.detail)});
	json_close_array(&out);
	fuzz_document_check(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event event;
	enum reject reject = unit_in_read(data, size, &memory, &in);

	FUZZ_MUST(reject == in.reject && memchr(in.detail, '\0', sizeof(in.detail)) != NULL);
	say(reject);
	if (reject != REJECT_NONE)
		return 0;
	FUZZ_MUST(in.kind > UNIT_IN_NONE && in.kind < UNIT_IN_COUNT && in.detail[0] == '\0');
	FUZZ_MUST(
		in.id.len <= UNIT_NAME_MAX && in.reason.len <= UNIT_TEXT_MAX && in.text.len <= UNIT_TEXT_MAX);
	for (uint32_t target = TARGET_UNIT; target <= TARGET_DEVICE; target++) {
		if (in.id.len > 0)
			FUZZ_MUST(
				unit_in_speaks_for(&in, (enum target)target, in.id) == (target == in.target));
		else
			FUZZ_MUST(unit_in_speaks_for(&in, (enum target)target, TEXT("FE-1")));
		if (unit_in_event(&in, (enum target)target, TEXT("FE-1"), &event) != DISP_OK)
			continue;
		event.seq = event.epoch = 1;
		fuzz_event_round(&event);
	}
	return 0;
}
