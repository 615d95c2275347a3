/* fault: keeps the first faults and counts the rest. */
#include "reading/fault.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "wire/utf8.h"

void reading_faults_init(struct reading_faults *faults)
{
	memset(faults, 0, sizeof(*faults));
}

void reading_faults_free(struct reading_faults *faults)
{
	free(faults->item);
	memset(faults, 0, sizeof(*faults));
}

/* Control characters would break the line; a character cut in half would not be UTF-8. */
static void text_tidy(char *text, size_t size)
{
	size_t len = strlen(text);

	if (len + 1 == size) {
		while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
			len--;
		text[len > 0 ? --len : 0] = '\0';
	}
	(void)utf8_make_harmless(text, len);
}

void reading_fault_add(struct reading_faults *faults, const char *file, uint32_t line, uint32_t column,
	const char *format, ...)
{
	va_list arguments;

	faults->count++;
	if (faults->kept == READING_FAULTS_MAX)
		return;
	if (faults->kept % 64 == 0) { /* full: 64 more */
		struct reading_fault *larger =
			realloc(faults->item, (faults->kept + 64) * sizeof(*faults->item));
		if (larger == NULL)
			return; /* counted all the same */
		faults->item = larger;
	}

	struct reading_fault *fault = &faults->item[faults->kept++];
	fault->line = line;
	fault->column = column;
	snprintf(fault->file, sizeof(fault->file), "%s", file);
	text_tidy(fault->file, sizeof(fault->file));
	va_start(arguments, format);
	vsnprintf(fault->what, sizeof(fault->what), format, arguments);
	va_end(arguments);
	text_tidy(fault->what, sizeof(fault->what));
}

static bool earlier(const struct reading_fault *a, const struct reading_fault *b)
{
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* The faults of one file come almost in order already, so insertion is quick. */
void reading_faults_sort(struct reading_faults *faults, uint32_t first)
{
	for (uint32_t index = first + 1; index < faults->kept; index++) {
		struct reading_fault moving = faults->item[index];
		uint32_t slot = index;

		while (slot > first && earlier(&moving, &faults->item[slot - 1])) {
			faults->item[slot] = faults->item[slot - 1];
			slot--;
		}
		faults->item[slot] = moving;
	}
}

void reading_fault_print(FILE *to, const struct reading_faults *faults)
{
	for (uint32_t index = 0; index < faults->kept; index++) {
		const struct reading_fault *fault = &faults->item[index];

		fprintf(to, "%s:%u:%u: %s\n", fault->file, fault->line, fault->column, fault->what);
	}
	if (faults->count > faults->kept)
		fprintf(to, "and %u more\n", faults->count - faults->kept);
}
