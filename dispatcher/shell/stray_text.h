/* stray_text: what a row of another daemon says, in one line for the officer who has to judge it; decides nothing. */
#ifndef SHELL_STRAY_TEXT_H
#define SHELL_STRAY_TEXT_H

#include "core/core.h"

enum { STRAY_TEXT_BYTES = 1024 };

/*
 * stray_text - when and by whom, of which order or incident, and which orders went to whom. Chinese, then English in short. Numbers
 * are the other daemon's; units and depots are looked up in ours, which has the rows before it.
 *
 * Shapes  out[STRAY_TEXT_BYTES] is terminated, whole UTF-8; what does not fit is left out. *orders: how many the row has sent.
 */
struct text stray_text(const struct core *core, const struct event *event, const struct effects *effects,
	char *out, uint32_t *orders);

#endif
