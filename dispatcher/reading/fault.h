/* fault: the list of what is wrong with a folder of files, for people; bounded. */
#ifndef READING_FAULT_H
#define READING_FAULT_H

#include <stdint.h>
#include <stdio.h>

enum { READING_FAULTS_MAX = 1000, READING_FAULT_TEXT_MAX = 400, READING_FAULT_FILE_MAX = 120 };

struct reading_fault {
	char file[READING_FAULT_FILE_MAX]; /* the name inside the folder, cut at the limit */
	uint32_t line, column;             /* from 1, columns in characters; 0: the file as a whole */
	char what[READING_FAULT_TEXT_MAX]; /* UTF-8, one line, cut at the limit */
};

struct reading_faults {
	struct reading_fault *item; /* [kept], in the order found or sorted */
	uint32_t kept;              /* at most READING_FAULTS_MAX */
	uint32_t count;             /* all that were found */
};

/* An empty list; reading_faults_free gives its memory back and empties it. */
void reading_faults_init(struct reading_faults *faults);
void reading_faults_free(struct reading_faults *faults);

/* Adds one fault; format as in printf. Beyond the limit it is only counted. */
void reading_fault_add(struct reading_faults *faults, const char *file, uint32_t line, uint32_t column,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Sorts item[first ..] by (line, column); equals stay in the order found. */
void reading_faults_sort(struct reading_faults *faults, uint32_t first);

/* One line a fault, "gas-leak.yaml:12:4: what", then "and N more" when not all were kept. */
void reading_fault_print(FILE *to, const struct reading_faults *faults);

#endif
