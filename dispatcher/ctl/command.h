/* command: what a command is, and the one table of them. The words, the help, the parser, completion and the
 * requests all read it. */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include <jansson.h>

#include "ctl/screen.h"

struct field;   /* ctl/value.h: a column of a list */
struct session; /* ctl/session.h: the connection and the screen */
struct args;    /* ctl/args.h: what was typed */

enum { COMMAND_ARGS_MAX = 26, COMMAND_WORDS_MAX = 3 };

enum {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_FOUND = 3,
	EXIT_NOT_PERMITTED = 4,
	EXIT_NO_DAEMON = 5
};

enum arg_kind {
	ARG_TEXT,
	ARG_WORD,  /* one of `words`, parted by '|' */
	ARG_COUNT, /* 1 .. 999,999,999 */
	ARG_WHOLE, /* 0 .. 2^53 */
	ARG_DEGREES_LON,
	ARG_DEGREES_LAT,
	ARG_TIME, /* RFC 3339, or in the town's time "2026-07-01 18:00", "07-01 18:00", "yesterday 18:00", "18:00";
		   * sent as RFC 3339 UTC */
	ARG_FLAG, /* an option without a value */
	ARG_PATH, /* a file or folder here */
	ARG_ANY   /* text that may be empty */
};

/* Where a value goes. */
enum arg_to {
	TO_LOCAL, /* the command's own function reads it */
	TO_PATH,  /* into the {NAME} of the path */
	TO_QUERY,
	TO_BODY
};

enum {
	ARG_REQUIRED = 1,
	ARG_MANY = 2,    /* in a body: an array */
	ARG_NEGATES = 4, /* a flag that is sent as false */
	ARG_COMING = 8,  /* a time of day: the next one to come, not the nearest */
	ARG_PAST = 16    /* a time of something that has happened */
};

enum { GROUP_ANY = 100 };

struct arg {
	const char *name;  /* "--skill", "-k": an option; "ID": by its place. NULL ends the list */
	const char *field; /* of the body or the query; NULL: TO_PATH or TO_LOCAL */
	enum arg_kind kind;
	enum arg_to to;
	uint32_t flags;
	uint32_t group;    /* not 0: exactly one of the group is required; GROUP_ANY or above: at least one */
	const char *with;  /* an option that must be given too */
	const char *words; /* ARG_WORD */
	const char *what;  /* a msgid, as all words for people here */
};

/* A function of its own; returns the exit code. */
typedef int command_run(struct session *session, const struct args *args);
/* Shows a good reply to a person. */
typedef void command_show(const struct screen *screen, const json_t *reply);

struct command {
	const char *words; /* "incident open" */
	const char *help;
	const char *example; /* without "dispatchctl" */
	struct arg arg[COMMAND_ARGS_MAX];
	const char *method, *path; /* of the server; NULL: a function that needs no daemon */
	const char *body;          /* what every body holds, `{"passed":true}`; NULL: nothing */
	bool signed_by;            /* the body also says by whom and over which channel */
	command_run *run;          /* NULL: send the request, show the reply */
	command_show *show;        /* the reply; NULL: it is a list of fields */
	const struct field *fields;
	void (*help_more)(
		struct session *session, const char *thing); /* behind its help; thing: as typed, or NULL */
	bool hidden;                                         /* for programs: not in the help */
	bool asks_now;                                       /* the screen needs the daemon's time */
};

/* The parts of the table; an entry without words ends each. */
extern const struct command commands_case[], commands_force[], commands_desk[];

/* Every command, in the order of the help, from index 0; NULL: there are no more. */
const struct command *command_at(uint32_t index);

/*
 * The command that these words begin with, and how many words it takes; NULL: none. word[count]; a command of more
 * words goes before one of fewer.
 */
const struct command *command_find(const char *const *word, uint32_t count, uint32_t *taken);

/* Whether this is the first word of a command. */
bool command_begins(const char *word);

bool arg_is_option(const struct arg *arg);

/* The command's line: "incident close ID --disposition D". At most size - 1 bytes; returns the length. */
size_t command_usage(const struct command *command, char *out, size_t size);

#endif
