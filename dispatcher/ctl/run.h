/* run: the commands that are more than one request and one reply. */
#ifndef CTL_RUN_H
#define CTL_RUN_H

#include "ctl/args.h"
#include "ctl/session.h"

command_run run_status, run_alarm_show, run_alarm_send, run_order_send, run_nearest, run_playbook_check,
	run_playbook_explain, run_town_check, run_town_load, run_warning_clear, run_journal_export, run_watch,
	run_help, run_radio, run_incident_open, run_order_swap, run_manual, run_complete, run_incident_report,
	run_shift_show, run_shift_page, run_whoami, run_board_show, run_incident_end, run_incident_done,
	run_incident_merge, run_incident_sent, run_as, run_shift_handover, run_unit_list, run_task_list,
	run_incident_show, run_task_show, run_tasks, run_journal_verify, run_key_add, run_key_list, run_lead;

/* Server-sent events, taken apart as their bytes come. Start it as {.context, .data}; free line at the end. */
struct watch_reader {
	void *context;
	void (*data)(void *context, const char *event, const char *data); /* event: "" or its name */
	char *line;                                                       /* what of a line has come */
	size_t len, room;
	char event[32];
};
void watch_reader_feed(struct watch_reader *reader, const char *bytes, size_t len);

/* A command's one request: sends it, a refusal is said; then also shows the reply. The exit code. */
int run_send(struct session *session, const struct args *args, json_t **reply);
int run_request(struct session *session, const struct args *args);

/* The list that such a command asks for, with its columns alone. The exit code; *list is the caller's (json_decref). */
int run_list_fetch(struct session *session, const struct args *args, json_t **list);

/* Behind the help of a command: the actions of a device, or (NULL, or one that has none) of all of them. */
void help_device_actions(struct session *session, const char *device);
/* Behind the help of incident open: the types of the town's playbooks; where nobody is there the shipped alarm types. */
void help_incident_types(struct session *session, const char *thing);

/* Whether a line of the shell is radio traffic: it begins with a dot, or with a unit's id. */
bool radio_is_line(struct session *session, const char *line);
/* Does what it says, a line of answer for each part; dry: only says what it would do. The worst exit code; EXIT_USAGE: something was not clear. */
int radio_line(struct session *session, const char *line, bool dry);

/* Finds the command, reads its arguments, runs it; word[count] without options of the program. The exit code. */
int run_words(struct session *session, const char *const *word, uint32_t count);

#endif
