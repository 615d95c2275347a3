/* command: the table of commands and the reader of their arguments; see the header. */
#include "api/command.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "wire/ids.h"

#define LITERAL(s)                                                                                           \
	{                                                                                                    \
		(s), (uint32_t)sizeof(s) - 1                                                                 \
	}
#define AT(field) offsetof(struct command_input, field)
#define NEEDED(name, kind, set, field)                                                                       \
	{                                                                                                    \
		LITERAL(name), kind, set, true, AT(field), 0                                                 \
	}
#define OPTION(name, kind, set, field)                                                                       \
	{                                                                                                    \
		LITERAL(name), kind, set, false, AT(field), 0                                                \
	}
#define OPTION_REAL(name, field, given)                                                                      \
	{                                                                                                    \
		LITERAL(name), ARGUMENT_REAL, 0, false, AT(field), AT(given)                                 \
	}

/* --- arguments ------------------------------------------------------------------------------------- */

#define ACT_INCIDENT NEEDED("incident", ARGUMENT_ID, ID_INCIDENT, event.u.act.incident)
#define ACT_REASON   OPTION("reason", ARGUMENT_TEXT, 0, event.u.act.reason)

static const struct argument open_arguments[] = {
	NEEDED("type", ARGUMENT_TEXT, 0, event.u.open.type),
	OPTION("playbook", ARGUMENT_TEXT, 0, event.u.open.playbook),
	OPTION("title", ARGUMENT_TEXT, 0, event.u.open.title),
	OPTION_REAL("lon", lon, has_lon),
	OPTION_REAL("lat", lat, has_lat),
	OPTION("crs", ARGUMENT_TEXT, 0, crs),
	OPTION("grid", ARGUMENT_TEXT, 0, grid),
	OPTION("device", ARGUMENT_TEXT, 0, device),
	OPTION("place", ARGUMENT_TEXT, 0, place),
	OPTION("caller", ARGUMENT_TEXT, 0, event.u.open.caller),
	OPTION("phone", ARGUMENT_TEXT, 0, event.u.open.phone),
	OPTION("text", ARGUMENT_TEXT, 0, event.u.open.text),
	OPTION("at", ARGUMENT_TIME, 0, event.u.open.reported_ms),
	OPTION("mode", ARGUMENT_WORD, WORDS_MODE, event.u.open.mode),
};
static const struct argument act_arguments[] = {ACT_INCIDENT, ACT_REASON};
static const struct argument upgrade_arguments[] = {
	ACT_INCIDENT, OPTION("level", ARGUMENT_U8, 0, event.u.act.level), ACT_REASON};
static const struct argument done_arguments[] = {
	ACT_INCIDENT, OPTION("evidence", ARGUMENT_TEXT, 0, event.u.act.evidence), ACT_REASON};
static const struct argument split_arguments[] = {
	ACT_INCIDENT, OPTION("device", ARGUMENT_TEXT, 0, event.u.act.device), ACT_REASON};
static const struct argument note_arguments[] = {
	ACT_INCIDENT, NEEDED("reason", ARGUMENT_TEXT, 0, event.u.act.reason)};
static const struct argument verify_arguments[] = {ACT_INCIDENT, OPTION("passed", ARGUMENT_BOOL, 0, passed),
	OPTION("evidence", ARGUMENT_TEXT, 0, event.u.act.evidence), ACT_REASON};
static const struct argument close_arguments[] = {ACT_INCIDENT,
	NEEDED("disposition", ARGUMENT_WORD, WORDS_DISPOSITION, event.u.act.disposition), ACT_REASON};
static const struct argument merge_arguments[] = {
	ACT_INCIDENT, NEEDED("into", ARGUMENT_ID, ID_INCIDENT, event.u.act.other), ACT_REASON};
static const struct argument fact_arguments[] = {
	NEEDED("incident", ARGUMENT_ID, ID_INCIDENT, event.u.fact.incident),
	NEEDED("fact", ARGUMENT_WORD, WORDS_FACT, event.u.fact.fact),
	NEEDED("text", ARGUMENT_TEXT, 0, event.u.fact.text),
};
static const struct argument report_arguments[] = {
	NEEDED("incident", ARGUMENT_ID, ID_INCIDENT, event.u.report.incident),
	NEEDED("kind", ARGUMENT_WORD, WORDS_REPORT, event.u.report.report),
	NEEDED("to", ARGUMENT_TEXT, 0, event.u.report.to),
	OPTION("text", ARGUMENT_TEXT, 0, event.u.report.text),
};
static const struct argument paper_arguments[] = {
	NEEDED("type", ARGUMENT_TEXT, 0, event.u.paper.type),
	OPTION("title", ARGUMENT_TEXT, 0, event.u.paper.title),
	OPTION_REAL("lon", lon, has_lon),
	OPTION_REAL("lat", lat, has_lat),
	OPTION("crs", ARGUMENT_TEXT, 0, crs),
	OPTION("grid", ARGUMENT_TEXT, 0, grid),
	OPTION("device", ARGUMENT_TEXT, 0, device),
	OPTION("place", ARGUMENT_TEXT, 0, place),
	OPTION("caller", ARGUMENT_TEXT, 0, event.u.paper.caller),
	OPTION("phone", ARGUMENT_TEXT, 0, event.u.paper.phone),
	OPTION("text", ARGUMENT_TEXT, 0, event.u.paper.text),
	OPTION("units", ARGUMENT_WORDS, 0, event.u.paper.units),
	OPTION("done_by", ARGUMENT_TEXT, 0, event.u.paper.done_by),
	OPTION("verified_by", ARGUMENT_TEXT, 0, event.u.paper.verified_by),
	NEEDED("reported", ARGUMENT_TIME, 0, event.u.paper.reported_ms),
	OPTION("dispatched", ARGUMENT_TIME, 0, event.u.paper.dispatched_ms),
	OPTION("arrived", ARGUMENT_TIME, 0, event.u.paper.arrived_ms),
	OPTION("done", ARGUMENT_TIME, 0, event.u.paper.done_ms),
	OPTION("verified", ARGUMENT_TIME, 0, event.u.paper.verified_ms),
	OPTION("ended", ARGUMENT_TIME, 0, event.u.paper.ended_ms),
	OPTION("disposition", ARGUMENT_WORD, WORDS_DISPOSITION, event.u.paper.disposition),
};
static const struct argument add_arguments[] = {
	NEEDED("incident", ARGUMENT_ID, ID_INCIDENT, event.u.add.incident),
	NEEDED("skills", ARGUMENT_WORDS, 0, event.u.add.skills),
	OPTION("count", ARGUMENT_U32, 0, event.u.add.count),
};
static const struct argument send_arguments[] = {
	NEEDED("incident", ARGUMENT_ID, ID_INCIDENT, event.u.send.incident),
	NEEDED("unit", ARGUMENT_TEXT, 0, event.u.send.unit),
	OPTION("task", ARGUMENT_TEXT, 0, event.u.send.task),
	OPTION("also", ARGUMENT_BOOL, 0, event.u.send.also),
	OPTION("with", ARGUMENT_WORDS, 0, with),
};
static const struct argument swap_arguments[] = {
	NEEDED("order", ARGUMENT_ID, ID_ORDER, event.u.swap.order),
	NEEDED("unit", ARGUMENT_TEXT, 0, event.u.swap.unit),
	OPTION("reason", ARGUMENT_TEXT, 0, event.u.swap.reason),
};
static const struct argument recall_arguments[] = {
	NEEDED("order", ARGUMENT_ID, ID_ORDER, event.u.answer.order),
	OPTION("reason", ARGUMENT_TEXT, 0, event.u.answer.reason),
};
static const struct argument answer_arguments[] = {
	NEEDED("order", ARGUMENT_ID, ID_ORDER, event.u.answer.order),
	NEEDED("answer", ARGUMENT_WORD, WORDS_ANSWER, event.u.answer.answer),
	OPTION("quantity", ARGUMENT_U32, 0, event.u.answer.quantity),
	OPTION("reason", ARGUMENT_TEXT, 0, event.u.answer.reason),
};
static const struct argument unit_set_arguments[] = {
	NEEDED("unit", ARGUMENT_TEXT, 0, event.u.unit_set.unit),
	NEEDED("status", ARGUMENT_WORD, WORDS_UNIT_STATE, event.u.unit_set.state),
	OPTION("place", ARGUMENT_TEXT, 0, place),
	OPTION_REAL("lon", lon, has_lon),
	OPTION_REAL("lat", lat, has_lat),
	OPTION("crs", ARGUMENT_TEXT, 0, crs),
	OPTION("reason", ARGUMENT_TEXT, 0, event.u.unit_set.reason),
};
static const struct argument device_do_arguments[] = {
	NEEDED("device", ARGUMENT_TEXT, 0, event.u.device_do.device),
	NEEDED("action", ARGUMENT_TEXT, 0, event.u.device_do.action),
	OPTION("say", ARGUMENT_TEXT, 0, event.u.device_do.say),
	OPTION("incident", ARGUMENT_ID, ID_INCIDENT, event.u.device_do.incident),
};
static const struct argument enable_arguments[] = {
	NEEDED("device", ARGUMENT_TEXT, 0, event.u.device_set.device),
	OPTION("reason", ARGUMENT_TEXT, 0, event.u.device_set.reason),
};
static const struct argument disable_arguments[] = {
	NEEDED("device", ARGUMENT_TEXT, 0, event.u.device_set.device),
	NEEDED("reason", ARGUMENT_TEXT, 0, event.u.device_set.reason),
};
static const struct argument stock_arguments[] = {
	NEEDED("depot", ARGUMENT_TEXT, 0, event.u.stock_move.depot),
	NEEDED("item", ARGUMENT_TEXT, 0, event.u.stock_move.item),
	NEEDED("quantity", ARGUMENT_I64, 0, event.u.stock_move.quantity),
	OPTION("reason", ARGUMENT_TEXT, 0, event.u.stock_move.reason),
};
static const struct argument moved_arguments[] = {
	NEEDED("depot", ARGUMENT_TEXT, 0, event.u.stock_move.depot),
	NEEDED("item", ARGUMENT_TEXT, 0, event.u.stock_move.item),
	NEEDED("quantity", ARGUMENT_I64, 0, event.u.stock_move.quantity),
	OPTION("incident", ARGUMENT_ID, ID_INCIDENT, event.u.stock_move.incident),
	OPTION("reason", ARGUMENT_TEXT, 0, event.u.stock_move.reason),
};
static const struct argument supply_arguments[] = {
	NEEDED("incident", ARGUMENT_ID, ID_INCIDENT, event.u.supply.incident),
	NEEDED("item", ARGUMENT_TEXT, 0, event.u.supply.item),
	NEEDED("quantity", ARGUMENT_U32, 0, event.u.supply.quantity),
	OPTION("depot", ARGUMENT_TEXT, 0, event.u.supply.depot),
	OPTION("partial", ARGUMENT_BOOL, 0, partial),
	OPTION("agreed", ARGUMENT_TEXT, 0, event.u.supply.agreed),
};
static const struct argument warning_arguments[] = {
	NEEDED("colour", ARGUMENT_WORD, WORDS_COLOUR, event.u.warning.colour),
	NEEDED("hazard", ARGUMENT_TEXT, 0, event.u.warning.hazard),
	NEEDED("until", ARGUMENT_TIME, 0, event.u.warning.until_ms),
};
static const struct argument clear_arguments[] = {NEEDED("hazard", ARGUMENT_TEXT, 0, event.u.warning.hazard)};
static const struct argument release_arguments[] = {
	NEEDED("release", ARGUMENT_WORD, WORDS_RELEASE, event.u.release.release),
	OPTION("reason", ARGUMENT_TEXT, 0, event.u.release.reason),
};
static const struct argument response_arguments[] = {
	NEEDED("level", ARGUMENT_WORD, WORDS_RESPONSE, event.u.response.level),
	NEEDED("reason", ARGUMENT_TEXT, 0, event.u.response.reason),
	OPTION("agreed", ARGUMENT_TEXT, 0, event.u.response.agreed),
};
static const struct argument silence_arguments[] = {
	OPTION("source", ARGUMENT_TEXT, 0, event.u.silence.source),
	OPTION("type", ARGUMENT_TEXT, 0, event.u.silence.type),
	OPTION("grid", ARGUMENT_TEXT, 0, event.u.silence.grid),
	NEEDED("until", ARGUMENT_TIME, 0, event.u.silence.until_ms),
	NEEDED("reason", ARGUMENT_TEXT, 0, event.u.silence.reason),
};
static const struct argument expire_arguments[] = {
	NEEDED("silence", ARGUMENT_ID, ID_SILENCE, event.u.silence.expire),
	OPTION("reason", ARGUMENT_TEXT, 0, event.u.silence.reason),
};
static const struct argument take_arguments[] = {
	NEEDED("task", ARGUMENT_ID, ID_TASK, event.u.task.task),
	OPTION("note", ARGUMENT_TEXT, 0, event.u.task.note),
};
static const struct argument task_arguments[] = {
	NEEDED("task", ARGUMENT_ID, ID_TASK, event.u.task.task),
	OPTION("who", ARGUMENT_TEXT, 0, event.u.task.who),
	OPTION("no_answer", ARGUMENT_BOOL, 0, event.u.task.silent),
	OPTION("note", ARGUMENT_TEXT, 0, event.u.task.note),
};
static const struct argument notice_arguments[] = {
	NEEDED("notice", ARGUMENT_ID, ID_NOTICE, event.u.notice_answer.notice),
	OPTION("who", ARGUMENT_TEXT, 0, event.u.notice_answer.who),
	OPTION("text", ARGUMENT_TEXT, 0, event.u.notice_answer.text),
};

static const struct argument shift_arguments[] = {
	OPTION("person", ARGUMENT_TEXT, 0, event.u.shift.person),
	OPTION("note", ARGUMENT_TEXT, 0, event.u.shift.note),
};
static const struct argument handover_arguments[] = {
	NEEDED("to", ARGUMENT_TEXT, 0, event.u.shift.to),
	OPTION("person", ARGUMENT_TEXT, 0, event.u.shift.person),
	OPTION("note", ARGUMENT_TEXT, 0, event.u.shift.note),
};
static const struct argument present_arguments[] = {
	OPTION("note", ARGUMENT_TEXT, 0, event.u.shift.note),
};
static const struct argument ack_arguments[] = {
	OPTION("incident", ARGUMENT_ID, ID_INCIDENT, event.u.ack.incident),
	OPTION("all", ARGUMENT_BOOL, 0, all),
	OPTION("note", ARGUMENT_TEXT, 0, event.u.ack.note),
};

static const struct argument key_arguments[] = {
	NEEDED("id", ARGUMENT_TEXT, 0, event.u.key.id),
	NEEDED("role", ARGUMENT_WORD, WORDS_KEY_ROLE, event.u.key.role),
	OPTION("who", ARGUMENT_TEXT, 0, event.u.key.who),
	OPTION("public", ARGUMENT_TEXT, 0, public_key),
	OPTION("hash", ARGUMENT_TEXT, 0, event.u.key.hash),
	OPTION("until", ARGUMENT_TIME, 0, event.u.key.until_ms),
	OPTION("reason", ARGUMENT_TEXT, 0, event.u.key.reason),
};
static const struct argument revoke_arguments[] = {
	NEEDED("key", ARGUMENT_TEXT, 0, event.u.key.id),
	NEEDED("reason", ARGUMENT_TEXT, 0, event.u.key.reason),
};
static const struct argument aside_arguments[] = {
	NEEDED("aside", ARGUMENT_TEXT, 0, event.u.aside.id),
	NEEDED("reason", ARGUMENT_TEXT, 0, event.u.aside.reason),
};

/* --- the table ------------------------------------------------------------------------------------- */

#define COMMAND(name, kind, preset, fill, arguments, touched)                                                \
	{                                                                                                    \
		LITERAL(name), kind, preset, fill, arguments,                                                \
			(uint32_t)(sizeof(arguments) / sizeof((arguments)[0])), touched                      \
	}
#define ACT_COMMAND(name, act, arguments) COMMAND(name, EVENT_ACT, act, fill_act, arguments, "incident")

/* clang-format off */
static const struct command commands[] = {
	COMMAND("incident-open", EVENT_OPEN, 0, fill_open, open_arguments, "incident"),
	ACT_COMMAND("incident-confirm", ACT_CONFIRM, act_arguments),
	ACT_COMMAND("incident-reject", ACT_REJECT, act_arguments),
	ACT_COMMAND("incident-upgrade", ACT_UPGRADE, upgrade_arguments),
	ACT_COMMAND("incident-escalate", ACT_ESCALATE, act_arguments),
	ACT_COMMAND("incident-note", ACT_NOTE, note_arguments),
	ACT_COMMAND("incident-done", ACT_DONE, done_arguments),
	COMMAND("incident-verify", EVENT_ACT, ACT_VERIFY, fill_verify, verify_arguments, "incident"),
	ACT_COMMAND("incident-reopen", ACT_REOPEN, act_arguments),
	ACT_COMMAND("incident-cancel", ACT_CANCEL, act_arguments),
	ACT_COMMAND("incident-refer", ACT_REFER, act_arguments),
	ACT_COMMAND("incident-close", ACT_CLOSE, close_arguments),
	ACT_COMMAND("incident-merge", ACT_MERGE, merge_arguments),
	ACT_COMMAND("incident-split", ACT_SPLIT, split_arguments),
	COMMAND("incident-fact", EVENT_FACT, 0, NULL, fact_arguments, "incident"),
	COMMAND("incident-report", EVENT_REPORT, 0, NULL, report_arguments, "incident"),
	COMMAND("incident-paper", EVENT_PAPER, 0, fill_paper, paper_arguments, "incident"),
	COMMAND("incident-add", EVENT_ADD, 0, fill_add, add_arguments, "incident"),
	COMMAND("order-send", EVENT_SEND, 0, NULL, send_arguments, "order"),
	COMMAND("order-swap", EVENT_SWAP, 0, NULL, swap_arguments, "order"),
	COMMAND("order-recall", EVENT_ANSWER, ANSWER_RECALL, fill_recall, recall_arguments, "order"),
	COMMAND("order-answer", EVENT_ANSWER, 0, fill_recall, answer_arguments, "order"),
	COMMAND("unit-set", EVENT_UNIT_SET, 0, fill_unit_set, unit_set_arguments, "unit"),
	COMMAND("device-do", EVENT_DEVICE_DO, 0, NULL, device_do_arguments, "order"),
	COMMAND("device-enable", EVENT_DEVICE_SET, true, fill_device_set, enable_arguments, "device"),
	COMMAND("device-disable", EVENT_DEVICE_SET, false, fill_device_set, disable_arguments, "device"),
	COMMAND("stock-receive", EVENT_STOCK_MOVE, STOCK_RECEIVE, fill_stock, stock_arguments, NULL),
	COMMAND("stock-issue", EVENT_STOCK_MOVE, STOCK_ISSUE, fill_stock, moved_arguments, NULL),
	COMMAND("stock-return", EVENT_STOCK_MOVE, STOCK_RETURN, fill_stock, moved_arguments, NULL),
	COMMAND("stock-count", EVENT_STOCK_MOVE, STOCK_COUNTED, fill_stock, stock_arguments, NULL),
	COMMAND("supply-send", EVENT_SUPPLY, 0, fill_supply, supply_arguments, "incident"),
	COMMAND("warning-set", EVENT_WARNING, true, fill_clear, warning_arguments, NULL),
	COMMAND("warning-clear", EVENT_WARNING, false, fill_clear, clear_arguments, NULL),
	COMMAND("release", EVENT_RELEASE, 0, NULL, release_arguments, NULL),
	COMMAND("response-set", EVENT_RESPONSE, 0, NULL, response_arguments, NULL),
	COMMAND("silence-add", EVENT_SILENCE, true, fill_silence, silence_arguments, "silence"),
	COMMAND("silence-expire", EVENT_SILENCE, false, fill_silence, expire_arguments, "silence"),
	COMMAND("task-take", EVENT_TASK, TASK_TAKEN, fill_task, take_arguments, "task"),
	COMMAND("task-done", EVENT_TASK, TASK_DONE, fill_task, task_arguments, "task"),
	COMMAND("shift-on", EVENT_SHIFT, SHIFT_ON, fill_shift, shift_arguments, NULL),
	COMMAND("shift-off", EVENT_SHIFT, SHIFT_OFF, fill_shift, shift_arguments, NULL),
	COMMAND("shift-handover", EVENT_SHIFT, SHIFT_HANDOVER, fill_shift, handover_arguments, NULL),
	COMMAND("shift-present", EVENT_SHIFT, SHIFT_PRESENT, fill_shift, present_arguments, NULL),
	COMMAND("alert-ack", EVENT_ACK, 0, fill_ack, ack_arguments, NULL),
	COMMAND("notice-answer", EVENT_NOTICE_ANSWER, 0, NULL, notice_arguments, "notice"),
	COMMAND("key-add", EVENT_KEY, KEY_ADD, fill_key, key_arguments, "key"),
	COMMAND("key-revoke", EVENT_KEY, KEY_REVOKE, fill_key, revoke_arguments, "key"),
	COMMAND("aside-release", EVENT_ASIDE, ASIDE_RELEASE, fill_aside, aside_arguments, NULL),
	COMMAND("aside-drop", EVENT_ASIDE, ASIDE_DROP, fill_aside, aside_arguments, NULL),
};
/* clang-format on */

const struct command *command_table(uint32_t *count)
{
	*count = (uint32_t)(sizeof(commands) / sizeof(commands[0]));
	return commands;
}

const struct command *command_find(struct text name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].name.len == name.len && memcmp(commands[i].name.ptr, name.ptr, name.len) == 0)
			return &commands[i];
	return NULL;
}
