/* view_response: the town's response level and how it came about; for the officer. */
#include <stdio.h>

#include "ctl/value.h"
#include "ctl/view.h"

void view_response(const struct screen *screen, const json_t *reply)
{
	static const struct field now[] = {
		FIELD_WORD("level", "Response level", WORDS_RESPONSE, 0),
		FIELD_AS("at", NC_("response", "Since"), VALUE_TIME, 0),
		FIELD_AS("by", NC_("response", "By"), VALUE_SIGNED, 0),
		FIELD_AS("agreed", NC_("response", "Agreed by"), VALUE_SIGNED, 0),
		FIELD("reason", "Reason", 0),
		FIELD_WORD("release", "Release", WORDS_RELEASE, 0),
		FIELD_WORD("release_after", "Release when it ends", WORDS_RELEASE, 0),
		FIELD_END,
	};
	static const struct field changes[] = {
		FIELD_AS("at", NC_("response", "At"), VALUE_TIME, TABLE_KEEP),
		FIELD_WORD("level", "Response level", WORDS_RESPONSE, TABLE_KEEP),
		FIELD_AS("by", NC_("response", "By"), VALUE_SIGNED, 0),
		FIELD_AS("agreed", NC_("response", "Agreed by"), VALUE_SIGNED, 0),
		FIELD("reason", "Reason", 0),
		FIELD_END,
	};

	value_sheet(screen, reply, now);
	if (json_array_size(value_at(reply, "changes")) > 1)
		value_section(screen, value_at(reply, "changes"), N_("Changes, the latest first"), changes);
}
