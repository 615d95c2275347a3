/* fault: the list of what is wrong with a town pack, for people; bounded. */
#ifndef TOWN_FAULT_H
#define TOWN_FAULT_H

#include <stdint.h>
#include <stdio.h>

enum { TOWN_FAULTS_MAX = 1000, TOWN_FAULT_TEXT_MAX = 400 };

struct town_fault {
	const char *file;               /* the name inside the pack, "units.csv"; static */
	uint32_t line, column;          /* from 1, columns in characters; 0: the file as a whole */
	char what[TOWN_FAULT_TEXT_MAX]; /* UTF-8, one line, cut at the limit */
};

struct town_faults {
	struct town_fault *item; /* [kept], in the order found */
	uint32_t kept;           /* at most TOWN_FAULTS_MAX */
	uint32_t count;          /* all that were found */
};

/* An empty list; town_faults_free gives its memory back and empties it. */
void town_faults_init(struct town_faults *faults);
void town_faults_free(struct town_faults *faults);

/* Adds one fault; format as in printf. Beyond the limit it is only counted. */
void town_fault_add(struct town_faults *faults, const char *file, uint32_t line, uint32_t column,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* One line a fault, "units.csv:12:4: what", then "and N more" when not all were kept. */
void town_fault_print(FILE *to, const struct town_faults *faults);

#endif
