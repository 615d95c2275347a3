/* line: a typed line as words, with quotes; no expansion of anything. */
#ifndef CTL_LINE_H
#define CTL_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/*
 * line_split - words of a line, parted by blanks; 'quotes' and "quotes" hold blanks, a backslash the next character.
 *
 * Shapes  line is written into: word[max] point into it.
 * Errors  DISP_E_INPUT  a quote without its end
 *         DISP_E_FULL   more than max words
 */
enum disp_err line_split(char *line, const char **word, uint32_t max, uint32_t *count) DISP_MUSTCHECK;

#endif
