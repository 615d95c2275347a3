/* fault: keeps the first faults and counts the rest. */
#include "town/fault.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void town_faults_init(struct town_faults *faults)
{
	memset(faults, 0, sizeof(*faults));
}

void town_faults_free(struct town_faults *faults)
{
	free(faults->item);
	memset(faults, 0, sizeof(*faults));
}

/* Control characters would break the line; a character cut in half would not be UTF-8. */
static void text_tidy(char *text)
{
	size_t len = strlen(text);

	for (size_t at = 0; at < len; at++)
		if ((unsigned char)text[at] < 0x20 || text[at] == 0x7f)
			text[at] = ' ';
	if (len + 1 < TOWN_FAULT_TEXT_MAX)
		return;
	while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
		len--;
	text[len > 0 ? len - 1 : 0] = '\0';
}

void town_fault_add(
	struct town_faults *faults, const char *file, uint32_t line, uint32_t column, const char *format, ...)
{
	va_list arguments;

	faults->count++;
	if (faults->kept == TOWN_FAULTS_MAX)
		return;
	if (faults->kept % 64 == 0) { /* full: 64 more */
		struct town_fault *larger =
			realloc(faults->item, (faults->kept + 64) * sizeof(*faults->item));
		if (larger == NULL)
			return; /* counted all the same */
		faults->item = larger;
	}

	struct town_fault *fault = &faults->item[faults->kept++];
	*fault = (struct town_fault){.file = file, .line = line, .column = column};
	va_start(arguments, format);
	vsnprintf(fault->what, sizeof(fault->what), format, arguments);
	va_end(arguments);
	text_tidy(fault->what);
}

void town_fault_print(FILE *to, const struct town_faults *faults)
{
	for (uint32_t index = 0; index < faults->kept; index++) {
		const struct town_fault *fault = &faults->item[index];

		fprintf(to, "%s:%u:%u: %s\n", fault->file, fault->line, fault->column, fault->what);
	}
	if (faults->count > faults->kept)
		fprintf(to, "and %u more\n", faults->count - faults->kept);
}
