/* command: the table that makes a new command one entry, and how its arguments are read. No HTTP. */
#ifndef API_COMMAND_H
#define API_COMMAND_H

#include "api/tell.h"
#include "core/event.h"
#include "wire/field_in.h"

enum { COMMAND_NAME_MAX = 256 };
enum { COMMAND_ARGUMENTS_MAX = 24, COMMAND_TEXT_MAX = 4096, COMMAND_WORDS_MAX = 64, CANDIDATES_MAX = 10 };

/* What may have been meant: a place, a grid or a device. */
struct candidate {
	struct text id, name, grid; /* id: empty where it has none */
	struct place place;
	bool has_place;
};

/* Why the api itself refuses a command: what is wrong and what would be right, in both languages. */
struct refused {
	int status; /* HTTP; 0: nothing is refused here */
	const char *error;
	struct tell said;
	struct candidate candidate[CANDIDATES_MAX];
	uint32_t candidate_count;
};

/* What was asked, before places are resolved. Argument offsets are into this. */
struct command_input {
	struct event event;
	struct text place, crs, grid, device; /* of incident-open and unit-set */
	double lon, lat;
	bool has_lon, has_lat;
	bool passed;            /* of incident-verify; true unless said */
	bool partial;           /* of supply-send */
	bool all;               /* of alert-ack */
	bool dry_run;           /* of all: decided and shown, not done */
	struct text public_key; /* of key-add, Z85 */
	struct text with;       /* of order-send, tried only: units that go before it */
	struct text by;
	char *name; /* [COMMAND_NAME_MAX], lives as long as the event: for a name that only the town has; NULL: none */
	struct refused refused;
};

enum argument_kind {
	ARGUMENT_TEXT,  /* struct text; required: not empty */
	ARGUMENT_WORDS, /* array of texts, or one text: struct text, parted by blanks */
	ARGUMENT_ID,    /* uint32_t; set: enum id_kind */
	ARGUMENT_U32,   /* 0 .. 1,000,000,000 */
	ARGUMENT_I64,   /* 0 .. 1,000,000,000 */
	ARGUMENT_U8,    /* 0 .. 255 */
	ARGUMENT_BOOL,
	ARGUMENT_TIME, /* int64_t, ms since 1970 */
	ARGUMENT_WORD, /* uint8_t; set: enum words_set */
	ARGUMENT_REAL  /* double; the bool at `given` says that it was */
};

struct argument {
	struct text name; /* a literal */
	uint8_t kind;     /* enum argument_kind */
	uint8_t set;
	bool required;
	uint32_t offset, given; /* into struct command_input */
};

struct api;

/* Puts what the name of the command says into the event, and resolves places and names. False: input->refused, else *detail, says why not. */
typedef bool command_fill(struct api *api, struct command_input *input, uint8_t preset, const char **detail);

struct command {
	struct text name;
	uint32_t kind;      /* enum event_kind */
	uint8_t preset;     /* act, answer, state: what the name says */
	command_fill *fill; /* may be NULL */
	const struct argument *argument;
	uint32_t argument_count;
	const char *touched; /* key of the answer under which the result's number is an id; NULL none */
};

/* All of them, in the order of schemas/openapi.yaml. */
const struct command *command_table(uint32_t *count);
const struct command *command_find(struct text name); /* NULL: none */

/*
 * command_read - a JSON object into *input.
 *
 * Errors  false: detail[FIELD_DETAIL_SIZE] says which argument, and what is wrong; unknown arguments are refused.
 * Memory  texts point into doc's bytes or scratch.
 */
bool command_read(const struct command *command, const struct json_doc *doc, struct json_scratch *scratch,
	struct command_input *input, char *detail) DISP_MUSTCHECK;

/* command_fill.c */
command_fill fill_act, fill_verify, fill_open, fill_recall, fill_unit_set, fill_device_set, fill_stock,
	fill_clear, fill_silence, fill_task, fill_add, fill_supply, fill_paper, fill_shift, fill_ack;

/* keys.c, aside.c */
command_fill fill_key, fill_aside;

#endif
