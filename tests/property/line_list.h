/* line_list: lines for people, compared as a bag: two lists are equal when their lines are, in any order. */
#ifndef TESTS_PROPERTY_LINE_LIST_H
#define TESTS_PROPERTY_LINE_LIST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 200, LINES_MAX = 64 };

struct list {
	char line[LINES_MAX][LINE_BYTES];
	uint32_t count;
};

static inline void list_add(struct list *list, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Beyond LINES_MAX nothing is kept: a playbook has 48 steps. */
static inline void list_add(struct list *list, const char *format, ...)
{
	va_list arguments;

	if (list->count == LINES_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(list->line[list->count++], LINE_BYTES, format, arguments);
	va_end(arguments);
}

static inline int list_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Sorts both. */
static inline bool list_equal(struct list *a, struct list *b)
{
	bool equal = a->count == b->count;

	qsort(a->line, a->count, LINE_BYTES, list_order);
	qsort(b->line, b->count, LINE_BYTES, list_order);
	for (uint32_t index = 0; equal && index < a->count; index++)
		equal = strcmp(a->line[index], b->line[index]) == 0;
	return equal;
}

/* The lines with commas between them, cut at the end of out[size]. */
static inline const char *list_join(const struct list *list, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (uint32_t index = 0; index < list->count && used < size; index++)
		used += (size_t)snprintf(
			out + used, size - used, "%s%s", index > 0 ? ", " : "", list->line[index]);
	return out;
}

#endif
