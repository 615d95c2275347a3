/* bell: see the header. */
#include "ctl/bell.h"

#include <string.h>

#include "ctl/value.h"

/* On a line of its own, whatever stands on this one. */
static void ring(const struct screen *screen, const char *line)
{
	fprintf(screen->to, "\a\n%s%s%s\n", screen_tone(screen, TONE_BAD), line, screen_plain(screen));
	fflush(screen->to);
}

static bool alerts_take(struct bell *bell, const struct screen *screen, const json_t *shift)
{
	double alerts = value_number(shift, "alerts"), rings = value_number(shift, "rings");
	bool rang = bell->begun && alerts > 0 && (alerts > bell->alerts || rings > bell->rings);
	char waits[64], line[VALUE_TEXT_MAX];

	bell->alerts = alerts;
	bell->rings = rings;
	bell->begun = true;
	if (!rang)
		return false;
	value_seconds(screen, value_number(shift, "oldest_alert_s"), waits, sizeof(waits));
	screen_format(line, sizeof(line),
		screen_say(screen,
			"%.0f alerts nobody has seen, the oldest waits for %s: alert list, alert ack"),
		alerts, waits);
	ring(screen, line);
	return true;
}

static bool presence_take(struct bell *bell, const struct screen *screen, const json_t *shift)
{
	const char *due = value_string(shift, "presence_due");
	char time[64], line[VALUE_TEXT_MAX];
	double left;

	if (due[0] == '\0' || strcmp(due, bell->presence) == 0 || !value_seconds_until(screen, due, &left) ||
		left > BELL_PRESENCE_S)
		return false;
	screen_format(bell->presence, sizeof(bell->presence), "%s", due);
	value_time(screen, due, time, sizeof(time));
	screen_format(line, sizeof(line),
		screen_say(screen, "is somebody at the desk? say so by %s: shift present"), time);
	ring(screen, line);
	return true;
}

bool bell_take(struct bell *bell, const struct screen *screen, const json_t *shift)
{
	bool rang = alerts_take(bell, screen, shift);

	return presence_take(bell, screen, shift) || rang;
}

bool bell_look(struct bell *bell, struct session *session)
{
	json_t *shift = session_peek(session, "/v1/shift?json=true");
	bool rang = false;

	if (shift != NULL) {
		session_ask_now(session);
		rang = bell_take(bell, &session->screen, shift);
	}
	json_decref(shift);
	return rang;
}
