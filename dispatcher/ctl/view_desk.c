/* view_desk: who keeps the desk, and what waits for whoever does. */
#include <stdio.h>

#include "ctl/value.h"
#include "ctl/view.h"

void view_shift(const struct screen *screen, const json_t *shift)
{
	static const struct field people[] = {
		FIELD("person", "Person", TABLE_KEEP | TABLE_ID),
		FIELD("name", "Name", TABLE_KEEP),
		FIELD_AS("roles", "As", VALUE_WHO, 0),
		FIELD("phone", "Phone", TABLE_KEEP),
		FIELD_AS("since", "Since", VALUE_TIME, TABLE_KEEP),
		FIELD_END,
	};
	static const struct field sheet[] = {
		FIELD_AS("desk_seen", "Desk last seen", VALUE_TIME, 0),
		FIELD_AS("presence_due", "Say that you are there by", VALUE_TIME, 0),
		FIELD("presence_missed", "Missed in a row", 0),
		FIELD("alerts", "Alerts nobody has seen", 0),
		FIELD_AS("oldest_alert_s", "The oldest waits", VALUE_SECONDS, 0),
		FIELD("rings", "Rings", 0),
		FIELD_AS("bell", "Rings again", VALUE_TIME, 0),
		FIELD("climbed", "Rungs told that nobody answers", 0),
		FIELD_END,
	};

	if (json_array_size(value_at(shift, "on_duty")) == 0)
		fprintf(screen->to, "%s%s%s\n", screen_tone(screen, TONE_BAD),
			screen_say(screen, "NOBODY IS ON DUTY: shift on"), screen_plain(screen));
	else
		value_list(screen, value_at(shift, "on_duty"), people, 0);
	fputc('\n', screen->to);
	value_sheet(screen, shift, sheet);
}
