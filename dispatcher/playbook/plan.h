/* plan: what the readers of one file share; private to this part. */
#ifndef PLAYBOOK_PLAN_H
#define PLAYBOOK_PLAN_H

#include "playbook/field.h"
#include "playbook/playbook.h"

/* Where something was written, from 1; 0: it was not given. */
struct mark {
	uint32_t line, column;
};

struct step_origin {
	struct mark skills, substitute, item, device, action;
};

/* Places of what a town may lack. */
struct playbook_origin {
	const char *file;
	struct mark id;
	struct mark grid[PLAYBOOK_GRIDS_MAX];
	struct step_origin step[PLAYBOOK_STEPS_MAX];
};

/* One file while it is read. reader->file points to it. */
struct plan_file {
	struct playbook_def *def;
	struct playbook_origin *origin;
	struct playbook_expect *expect; /* [PLAYBOOK_EXPECTS_MAX] */
	uint32_t expect_count;
	const yaml_node_t *step_node[PLAYBOOK_STEPS_MAX];
};

/* The longest time a plan may name: 30 days. */
#define PLAN_TIME_MAX_MS INT64_C(2592000000)

/* Reads the whole document into reader->file. Faults are added to the list. */
void plan_read(struct reader *reader);

/* `steps` and `levels` of the root map; `into` is the playbook_def. Levels are read by step_levels_read after
 * the steps, so that "playbook order" holds whatever stands first in the file. */
void step_list_read(struct reader *reader, const yaml_node_t *list, uint8_t level);
void step_levels_read(struct reader *reader, const yaml_node_t *levels);

/* What can be judged only when all steps are known: after, ids, sums. */
void step_all_check(struct reader *reader);

/* `expect`. */
void expect_list_read(struct reader *reader, const yaml_node_t *list);

/* Values that several places use: I..IV to 1..4 and colours; 0 and a fault when it is none. */
uint8_t read_roman(struct reader *reader, const char *key, const yaml_node_t *node);
uint8_t read_colour(struct reader *reader, const char *key, const yaml_node_t *node);

/* A list of who words as bits; each once. */
uint32_t read_who(struct reader *reader, const char *key, const yaml_node_t *node);

/* A listed alarm type; false and a fault when it is none. */
bool read_type(struct reader *reader, const char *key, const yaml_node_t *node, struct text *out);

/* The unit of a value: known at all. Whether it fits a type is checked with read_unit_fits. */
bool read_unit(struct reader *reader, const yaml_node_t *node, struct text *out);
void read_unit_fits(struct reader *reader, const yaml_node_t *node, struct text type, struct text unit);

#endif
