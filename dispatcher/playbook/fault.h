/* fault: the list of what is wrong with a folder of playbooks, for people; bounded. */
#ifndef PLAYBOOK_FAULT_H
#define PLAYBOOK_FAULT_H

#include <stdint.h>
#include <stdio.h>

enum { PLAYBOOK_FAULTS_MAX = 1000, PLAYBOOK_FAULT_TEXT_MAX = 400, PLAYBOOK_FAULT_FILE_MAX = 120 };

struct playbook_fault {
	char file[PLAYBOOK_FAULT_FILE_MAX]; /* the name inside the folder, "gas-leak.yaml"; cut at the limit
					     */
	uint32_t line, column;              /* from 1, columns in characters; 0: the file as a whole */
	char what[PLAYBOOK_FAULT_TEXT_MAX]; /* UTF-8, one line, cut at the limit */
};

struct playbook_faults {
	struct playbook_fault *item; /* [kept], by file as read, then line, column */
	uint32_t kept;               /* at most PLAYBOOK_FAULTS_MAX */
	uint32_t count;              /* all that were found */
};

/* An empty list; playbook_faults_free gives its memory back and empties it. */
void playbook_faults_init(struct playbook_faults *faults);
void playbook_faults_free(struct playbook_faults *faults);

/* Adds one fault; format as in printf. Beyond the limit it is only counted. */
void playbook_fault_add(struct playbook_faults *faults, const char *file, uint32_t line, uint32_t column,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Sorts item[first ..] by (line, column); equals stay in the order found. */
void playbook_faults_sort(struct playbook_faults *faults, uint32_t first);

/* One line a fault, "gas-leak.yaml:12:4: what", then "and N more" when not all were kept. */
void playbook_fault_print(FILE *to, const struct playbook_faults *faults);

#endif
