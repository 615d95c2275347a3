/* change: one row of the journal, or one line of the feed, as one line for people. Reads and prints; sends nothing. */
#ifndef CTL_CHANGE_H
#define CTL_CHANGE_H

#include <jansson.h>

#include "ctl/screen.h"

/*
 * Time, number, incident, what happened, and what was decided: "07-01 16:00:00 #7  2026-000123  报警 cam-0417:派遣 …".
 * Changes that bring their own text ("text", "text_zh") are shown by it.
 */
void change_print(const struct screen *screen, const json_t *change);

#endif
