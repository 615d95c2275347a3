/* unit_out: what terminals are told; nothing is decided or looked up here. */
#include "wire/ids.h"
#include "wire/unit_io.h"

static void write_kind(struct json_out *out, struct text kind)
{
	json_open_object(out);
	JSON_KEY(out, "kind");
	json_write_text(out, kind);
}

static void write_text(struct json_out *out, struct text key, struct text text)
{
	json_write_key(out, key);
	if (text.len > 0)
		json_write_text(out, text);
	else
		json_write_null(out);
}

/* Members that are left out where there is nothing to say. */
static void write_known(struct json_out *out, struct text key, struct text text)
{
	if (text.len > 0)
		write_text(out, key, text);
}

static void write_id(struct json_out *out, struct text key, enum id_kind kind, uint32_t number)
{
	char id[ID_SIZE];

	write_text(out, key, ids_write(kind, number, id));
}

/* ms as s, mm as m; below 0 is not known. */
static void write_milli(struct json_out *out, struct text key, int64_t value)
{
	json_write_key(out, key);
	if (value >= 0)
		json_write_fixed(out, value, 3);
	else
		json_write_null(out);
}

/* Durations to wait; 0 is "no answer is waited for". */
static void write_wait(struct json_out *out, struct text key, int64_t wait_ms)
{
	write_milli(out, key, wait_ms > 0 ? wait_ms : -1);
}

static void write_place(struct json_out *out, bool has_place, const struct place *place)
{
	JSON_KEY(out, "position");
	if (!has_place) {
		json_write_null(out);
		return;
	}
	json_open_object(out);
	JSON_KEY(out, "type");
	json_write_text(out, TEXT("Point"));
	JSON_KEY(out, "coordinates");
	json_open_array(out);
	json_write_fixed(out, place->lon_e7, 7);
	json_write_fixed(out, place->lat_e7, 7);
	json_close_array(out);
	json_close_object(out);
}

/* The addressee, under "unit", "depot" or "device". */
static void write_addressee(struct json_out *out, uint8_t target, struct text to)
{
	write_text(out, words_of(WORDS_TARGET, target), to);
}

/* Where a terminal orders messages by, and refuses the leader of yesterday. */
static void write_stamp(struct json_out *out, uint64_t epoch, uint64_t seq)
{
	JSON_KEY(out, "epoch");
	json_write_uint64(out, epoch);
	JSON_KEY(out, "seq");
	json_write_uint64(out, seq);
}

static void write_items(struct json_out *out, const struct unit_item *item, uint32_t count)
{
	JSON_KEY(out, "items");
	json_open_array(out);
	for (uint32_t i = 0; i < count; i++) {
		json_open_object(out);
		write_id(out, TEXT("supply"), ID_SUPPLY, item[i].supply);
		write_text(out, TEXT("item"), item[i].item);
		write_text(out, TEXT("name"), item[i].name);
		JSON_KEY(out, "quantity");
		json_write_int64(out, item[i].quantity);
		write_text(out, TEXT("unit"), item[i].unit);
		json_close_object(out);
	}
	json_close_array(out);
}

void unit_order_write(struct json_out *out, const struct unit_order *order)
{
	write_kind(out, TEXT("order"));
	write_addressee(out, order->target, order->to);
	write_id(out, TEXT("order"), ID_ORDER, order->order);
	write_stamp(out, order->epoch, order->seq);
	write_id(out, TEXT("incident"), ID_INCIDENT, order->incident);
	write_text(out, TEXT("title"), order->title);
	write_text(out, TEXT("task"), order->task);
	write_place(out, order->has_place, &order->place);
	write_milli(out, TEXT("range_m"), order->range_mm);
	write_milli(out, TEXT("travel_s"), order->travel_ms);
	write_text(out, TEXT("playbook"), order->playbook);
	write_wait(out, TEXT("respond_within_s"), order->respond_within_ms);
	write_text(out, TEXT("mode"), words_of(WORDS_MODE, order->mode));
	write_known(out, TEXT("grid"), order->grid);
	write_known(out, TEXT("grid_name"), order->grid_name);
	write_known(out, TEXT("where"), order->where);
	if (order->target != TARGET_DEVICE)
		write_known(out, TEXT("text"), order->say);
	if (order->depot.len > 0 && order->target == TARGET_UNIT) {
		write_text(out, TEXT("depot"), order->depot);
		write_known(out, TEXT("depot_name"), order->depot_name);
	}
	if (order->depot_order != 0)
		write_id(out, TEXT("depot_order"), ID_ORDER, order->depot_order);
	if (order->item_count > 0 || order->target == TARGET_DEPOT)
		write_items(out, order->item, order->item_count);
	if (order->target == TARGET_DEVICE) {
		write_text(out, TEXT("action"), order->action);
		write_text(out, TEXT("text"), order->say);
	}
	json_close_object(out);
}

void unit_recall_write(struct json_out *out, const struct unit_recall *recall)
{
	write_kind(out, TEXT("recall"));
	write_addressee(out, recall->target, recall->to);
	write_id(out, TEXT("order"), ID_ORDER, recall->order);
	write_stamp(out, recall->epoch, recall->seq);
	write_id(out, TEXT("incident"), ID_INCIDENT, recall->incident);
	write_text(out, TEXT("reason"), recall->reason);
	write_text(out, TEXT("mode"), words_of(WORDS_MODE, recall->mode));
	json_close_object(out);
}

void unit_notify_write(struct json_out *out, const struct unit_notify *notify)
{
	write_kind(out, TEXT("notify"));
	write_addressee(out, TARGET_UNIT, notify->to);
	write_id(out, TEXT("notice"), ID_NOTICE, notify->notice);
	write_stamp(out, notify->epoch, notify->seq);
	write_id(out, TEXT("incident"), ID_INCIDENT, notify->incident);
	write_text(out, TEXT("title"), notify->title);
	write_text(out, TEXT("text"), notify->text);
	write_place(out, notify->has_place, &notify->place);
	write_wait(out, TEXT("answer_within_s"), notify->answer_within_ms);
	write_text(out, TEXT("mode"), words_of(WORDS_MODE, notify->mode));
	json_close_object(out);
}

void unit_pong_write(struct json_out *out, uint64_t epoch, uint64_t seq, int64_t at_ms)
{
	write_kind(out, TEXT("pong"));
	write_stamp(out, epoch, seq);
	JSON_KEY(out, "time");
	json_write_time(out, at_ms);
	json_close_object(out);
}

void unit_error_write(struct json_out *out, enum reject reason, struct text detail)
{
	write_kind(out, TEXT("error"));
	write_text(out, TEXT("reason"), words_of(WORDS_REJECT, reason));
	write_text(out, TEXT("detail"), detail);
	json_close_object(out);
}
