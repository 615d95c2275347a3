/* playbook: a folder of response plans as data, with their expect: cases; decides nothing, runs no case. */
#ifndef PLAYBOOK_PLAYBOOK_H
#define PLAYBOOK_PLAYBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/playbook.h"
#include "core/types.h"
#include "reading/fault.h"

struct reading_memory;  /* reading/memory.h: what everything below lives in */
struct playbook_origin; /* playbook/plan.h: where the parts of a plan were written */

enum {
	PLAYBOOK_COUNT_MAX = 512,             /* files of one folder */
	PLAYBOOK_FILE_BYTES_MAX = 256 * 1024, /* bytes of one file */
	PLAYBOOK_EXPECTS_MAX = 16,            /* cases of one playbook */
	PLAYBOOK_EXPECT_LINES_MAX = 12,       /* sends, supplies, actions of one moment */
	PLAYBOOK_EXPECT_ALSO_MAX = 8          /* further alarms of one case */
};

/* --- what a case says; the format is in playbooks/README.md ---------------------------------------- */

/* An alarm to be raised. What is not given is 0, false or empty. */
struct playbook_expect_alarm {
	struct text type;   /* a listed type, always given */
	struct text source; /* id of the device that raises it; empty: see kind */
	struct text
		kind; /* kind of device: the nearest to the place, not yet used in this case; empty: of all kinds */
	struct text text;
	bool has_place;         /* else the device's own place */
	int32_t lat_e7, lon_e7; /* CGCS2000, degrees times 10^7 */
	bool has_at;
	int64_t at_ms;           /* since 1970 UTC, also what time the core's clock shows; not given: any */
	uint32_t confidence_ppm; /* not given: 1,000,000 */
	bool has_value;
	int64_t value_e6; /* times 10^6, in value_unit */
	struct text value_unit;
	uint8_t colour;   /* enum colour; 0 none: weather alarms carry one */
	int64_t after_ms; /* since the first alarm; the first has 0 */
};

struct playbook_expect_send {
	struct text skills; /* words parted by one space, in the order of the plan's own line */
	uint32_t count;
};
struct playbook_expect_supply {
	struct text item;
	uint32_t quantity;
};
struct playbook_expect_action {
	struct text device, action; /* as the plan's line says it: `loudspeaker say`, `self start` */
};

/*
 * What is to be seen at one moment. A list that is given is the whole list, in any order: exactly these and
 * no others; sums are not formed, so two lines of the plan are two lines here. A list that is not given is
 * not looked at. In `then` the lists hold what was added after the first moment.
 *
 * Requirements are compared as they come into force, whether or not the town at hand can fill them.
 */
struct playbook_expect_moment {
	bool has_sends, has_supplies, has_actions, has_notifies;
	struct playbook_expect_send send[PLAYBOOK_EXPECT_LINES_MAX];
	struct playbook_expect_supply supply[PLAYBOOK_EXPECT_LINES_MAX];
	struct playbook_expect_action action[PLAYBOOK_EXPECT_LINES_MAX];
	uint32_t send_count, supply_count, action_count;
	uint32_t notify; /* WHO_* bits of all notify steps in force */
	uint8_t level;   /* level of the playbook that has been reached, 1 .. 5; 0: not looked at */
};

/*
 * One case. Order of things: `given` is set up in an otherwise quiet town, in which every device is connected;
 * the first alarm is raised (time 0), then the further ones with after_ms 0; `first` is compared. Time then moves
 * on to after_ms, on the way raising the other further alarms and, at cleared_after_ms, clearing every raised
 * alarm from its own source; `then` is compared. Nobody answers in a case, no unit moves, and no device reports
 * anything else. Lists and level are those of the incident of the first alarm, without what a given alarm caused.
 */
struct playbook_expect {
	uint32_t playbook; /* index into def: the plan in whose file the case stands */
	uint32_t line;     /* of the case in that file, from 1 */
	struct text note;  /* what the case shows, for people; may be empty */

	uint8_t given_warning; /* enum colour: a warning, hazard rainstorm, in force throughout; 0 none */
	uint8_t given_response_level; /* 1 (I) .. 4 (IV): the town's level before the alarm; 0 none */
	bool has_given_alarm;
	struct playbook_expect_alarm given_alarm; /* raised a minute earlier, by the device of `alarm` */

	struct playbook_expect_alarm alarm;
	struct playbook_expect_alarm also[PLAYBOOK_EXPECT_ALSO_MAX]; /* by after_ms */
	uint32_t also_count;

	bool opens; /* true: the incident follows this playbook; false: another one or none, and nothing below
		       is given */
	struct playbook_expect_moment first;

	bool has_cleared;
	int64_t cleared_after_ms;
	bool has_then;
	int64_t after_ms; /* above 0 with has_then */
	struct playbook_expect_moment then;
};

/* --- the set ----------------------------------------------------------------------------------- */

struct playbook_set {
	struct playbook_def **def; /* [count], by file name */
	const char **file;         /* [count], the name inside the folder */
	uint32_t count;
	struct playbook_expect *expect; /* [expect_count], by playbook, then as written */
	uint32_t expect_count;
	uint8_t hash[PLAYBOOK_HASH_BYTES]; /* of the def hashes, sorted bytewise and put end to end */
	struct playbook_origin *origin;    /* [count] */
	struct reading_memory *memory;
};

/* A file that has been read already. */
struct playbook_file {
	const char *name; /* kept as a copy */
	const uint8_t *bytes;
	size_t len;
};

/* SHA-256, or what a test wants instead; so that this part links no cryptography. */
typedef void playbook_hash(uint8_t out[PLAYBOOK_HASH_BYTES], const void *bytes, size_t len);

/*
 * playbook_load_dir - every *.yaml of the folder, in the order of their names (bytewise). All or nothing.
 *
 * Errors  DISP_E_INPUT  something is wrong: faults lists everything that is, with file, line and column:
 * unknown, repeated and missing keys, wrong kinds and units, values out of range, requirements that
 *                       contradict each other, two playbooks with one id. *out is NULL.
 *         DISP_E_IO     the folder or a file could not be read (also listed), *out is NULL.
 * Memory  *out belongs to the caller and is freed by playbook_set_free. faults must be initialised
 *         (reading_faults_init) and is added to.
 * Source  playbooks/README.md.
 */
enum disp_err playbook_load_dir(const char *dir, playbook_hash *hash, struct playbook_set **out,
	struct reading_faults *faults) DISP_MUSTCHECK;

/* The same for files in memory, in the order given. file[count], 1 .. PLAYBOOK_COUNT_MAX. */
enum disp_err playbook_load_files(const struct playbook_file *file, uint32_t count, playbook_hash *hash,
	struct playbook_set **out, struct reading_faults *faults) DISP_MUSTCHECK;

/* Frees the set and everything in it; NULL is allowed. */
void playbook_set_free(struct playbook_set *set);

/* What a town has. A function that is NULL is not asked. */
struct playbook_vocabulary {
	void *context;                                       /* handed to each */
	bool (*has_skill)(void *context, struct text skill); /* some unit holds it; one word */
	bool (*has_item)(void *context, struct text item);   /* some depot lists it, if only with 0 */
	/* Some device of this kind can do this. kind `self`: some device of any kind. action empty: has the
	 * kind. */
	bool (*has_device_action)(void *context, struct text kind, struct text action);
	bool (*has_grid)(void *context, struct text code);
};

/*
 * playbook_check_town - what the plans ask for and this town can never give.
 *
 * Errors  DISP_E_INPUT  faults lists every such place, with file, line and column.
 */
enum disp_err playbook_check_town(const struct playbook_set *set,
	const struct playbook_vocabulary *vocabulary, struct reading_faults *faults) DISP_MUSTCHECK;

#endif
