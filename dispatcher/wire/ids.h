/* ids: running numbers and the short texts that people say for them; it knows no roster. */
#ifndef WIRE_IDS_H
#define WIRE_IDS_H

#include "core/error.h"
#include "core/types.h"

enum id_kind {
	ID_INCIDENT, /* 2026000123, year * 1,000,000 + serial: "2026-000123" */
	ID_ORDER,    /* "O4711" */
	ID_ALARM,    /* "A12" */
	ID_NEED,     /* "R5" */
	ID_NOTICE,   /* "N5" */
	ID_TASK,     /* call task: "T12" */
	ID_SILENCE,  /* "S3" */
	ID_SUPPLY,   /* "M7" */
	ID_KIND_COUNT
};

enum { ID_SIZE = 24, ID_SERIAL_MAX = 999999 };

/*
 * ids_write - the text of a number.
 *
 * Shapes  out[ID_SIZE] is terminated; returns it as a text. 0, which is "none", gives the empty text.
 */
struct text ids_write(enum id_kind kind, uint64_t number, char *out);

/*
 * ids_read - the number of a text of that kind; the letter may be small.
 *
 * Errors  DISP_E_INPUT  anything else than what ids_write writes: leading zeros, blanks, zero, more than the
 *         number can hold (64 bits for alarms, 32 for the rest). *number is untouched.
 */
enum disp_err ids_read(enum id_kind kind, struct text text, uint64_t *number) DISP_MUSTCHECK;

/* The same for a text of any kind, which it tells apart by its letter. */
enum disp_err ids_read_any(struct text text, enum id_kind *kind, uint64_t *number) DISP_MUSTCHECK;

#endif
