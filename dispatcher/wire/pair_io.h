/* pair_io: what two daemons of one town say to each other, in and out. It knows no socket and no lease. */
#ifndef WIRE_PAIR_IO_H
#define WIRE_PAIR_IO_H

#include <stddef.h>

#include "core/error.h"
#include "core/types.h"

enum { PAIR_TOWN_MAX = 64, PAIR_BYTES_MAX = 1024 /* of a message */ };

enum pair_kind {
	PAIR_KIND_NONE,
	PAIR_KIND_ASK,     /* {"kind":"ask","town":"yulong","epoch":7,"asked_ms":123456} */
	PAIR_KIND_GRANTED, /* the same members; asked_ms as it was in the question */
	PAIR_KIND_REFUSED, /* epoch: the highest that the other one knows of */
	PAIR_KIND_COUNT
};

struct pair_line {
	uint8_t kind; /* enum pair_kind */
	uint64_t epoch;
	int64_t asked_ms; /* by the boot clock of the one that asks */
};

/*
 * pair_line_read - one message, strictly: those four members, each once, and no other.
 *
 * Shapes  epoch and asked_ms are whole numbers of 0 .. INT64_MAX.
 * Errors  DISP_E_INPUT  it cannot be read. DISP_E_NONE  it can, and is of another town. *line is then untouched.
 */
enum disp_err pair_line_read(
	const void *bytes, size_t len, struct text town, struct pair_line *line) DISP_MUSTCHECK;

/* Writes into the caller's buffer. DISP_E_FULL: it did not fit, which PAIR_BYTES_MAX always does for a town of PAIR_TOWN_MAX. */
enum disp_err pair_line_write(const struct pair_line *line, struct text town, char *buffer, size_t size,
	struct text *out) DISP_MUSTCHECK;

#endif
