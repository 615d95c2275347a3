/* complete: which values can follow a typed line: the words of an argument, or the ids that the daemon knows. */
#ifndef CTL_COMPLETE_H
#define CTL_COMPLETE_H

#include "ctl/session.h"

/* The argument that the word behind these whole words fills; NULL: none that is known. */
const struct arg *complete_arg(const char *typed);

/*
 * Its values as an array of strings that begin with `start`; empty: not known. The caller's (json_decref). Where Chinese has
 * been typed also names and Chinese words, and where none begins with it those that hold it; where nothing has been typed
 * on a Chinese screen also Chinese words.
 */
json_t *complete_values(struct session *session, const char *typed, const char *start);

/* Adds what can follow in a line of radio traffic, with a leading "radio" or without. */
void complete_radio(struct session *session, const char *typed, const char *start, json_t *to);

#endif
