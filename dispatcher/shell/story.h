/* story: which rows touched which incident; only their numbers, the rows themselves stay in the log. */
#ifndef SHELL_STORY_H
#define SHELL_STORY_H

#include "core/core.h"

struct story;

/* DISP_E_FULL: no memory. Grows as rows come: 16 bytes a row and incident. */
enum disp_err story_new(struct story **out) DISP_MUSTCHECK;
void story_free(struct story *story);

/* Notes a row for every incident that it touches. Rows come in order of seq; out of memory: the row is not noted. */
void story_note(struct story *story, const struct event *event, const struct effects *effects);

/* The rows of an incident, oldest first, the latest `max` when there are more. Returns how many there are in all. */
uint32_t story_of(const struct story *story, uint32_t incident, uint64_t *seq, uint32_t max);

#endif
