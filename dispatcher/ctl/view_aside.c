/* view_aside: something that was set aside, with what it says; for the person who has to judge it. */
#include <stdio.h>
#include <stdlib.h>

#include "ctl/value.h"
#include "ctl/view.h"

void view_aside(const struct screen *screen, const json_t *reply)
{
	static const struct field of_it[] = {
		FIELD("id", "Set aside", 0),
		FIELD_WORD("from", NC_("aside", "From"), WORDS_ASIDE_FROM, 0),
		FIELD_WORD("kind", "Kind", WORDS_EVENT, 0),
		FIELD("times", NC_("aside", "Times"), 0),
		FIELD_AS("at", NC_("aside", "At"), VALUE_TIME, 0),
		FIELD("reason", "Reason", 0),
		FIELD("bytes", "Bytes", 0),
		FIELD("content", "Content", 0),
		FIELD("content_hex", "Content in hex", 0),
		FIELD_AS("cut", "Only its beginning", VALUE_YES, 0),
		FIELD_END,
	};
	const json_t *row = json_object_get(reply, "row");
	char *text = json_is_object(row) ? json_dumps(row, JSON_INDENT(2)) : NULL;

	value_sheet(screen, reply, of_it);
	if (text != NULL)
		fprintf(screen->to, "%s\n", text);
	free(text);
}
