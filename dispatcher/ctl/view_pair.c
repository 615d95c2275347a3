/* view_pair: of two daemons, which one this is and how the other one is; for status and lead. */
#include <stdio.h>
#include <string.h>

#include "ctl/value.h"
#include "ctl/view.h"

enum { MISSING_S = 5, SPAN_SIZE = 64 };

static void line_begin(const struct screen *screen, enum tone tone)
{
	fprintf(screen->to, "%s", screen_tone(screen, tone));
}

static void line_end(const struct screen *screen)
{
	fprintf(screen->to, "%s\n", screen_plain(screen));
}

static bool span_of(const struct screen *screen, const json_t *pair, const char *path, char out[SPAN_SIZE])
{
	bool known = json_is_number(value_at(pair, path));

	if (known)
		value_seconds(screen, value_number(pair, path), out, SPAN_SIZE);
	return known;
}

/* How far a stand-by is, and when the other one was last heard. */
static void followed_show(const struct screen *screen, const json_t *pair)
{
	char span[SPAN_SIZE];

	fputs("  ", screen->to);
	if (span_of(screen, pair, "behind_s", span))
		fprintf(screen->to, screen_say(screen, "behind the one that leads by %s"), span);
	else
		fprintf(screen->to, "%s",
			screen_say(screen, "has not followed the journal yet: it cannot take over well"));
	fputs("\n  ", screen->to);
	if (span_of(screen, pair, "heard_s", span))
		fprintf(screen->to, screen_say(screen, "the other one was heard %s ago"), span);
	else
		fprintf(screen->to, "%s", screen_say(screen, "the other one was never heard"));
	fputc('\n', screen->to);
}

static void stand_by_show(const struct screen *screen, const json_t *pair, const char *holder)
{
	const char *leader = value_string(pair, "leader");

	line_begin(screen, TONE_BAD);
	if (leader[0] == '\0' || strcmp(leader, holder) == 0)
		fprintf(screen->to,
			screen_say(screen, "!! STAND-BY: this machine (%s) stands by and sends nothing; who "
					   "leads is not known"),
			holder);
	else
		fprintf(screen->to,
			screen_say(screen, "!! STAND-BY: this machine (%s) stands by and sends nothing; %s "
					   "leads: give orders there"),
			holder, leader);
	line_end(screen);
	followed_show(screen, pair);
}

static void held_show(const struct screen *screen, const char *holder)
{
	line_begin(screen, TONE_BAD);
	fprintf(screen->to,
		screen_say(screen,
			"!!! HELD: this machine (%s) leads, but reaches neither the database nor the other "
			"machine: NOTHING IS SENT !!!"),
		holder);
	line_end(screen);
	fprintf(screen->to, "  %s\n",
		screen_say(screen, "Go and look at the other machine. It runs: give orders there. It is off, "
				   "and you have "
				   "seen it: dispatchctl lead --force --reason …"));
}

static void leads_show(const struct screen *screen, const json_t *pair, const char *holder)
{
	char span[SPAN_SIZE];
	bool heard = span_of(screen, pair, "heard_s", span);

	if (heard && value_number(pair, "heard_s") <= MISSING_S) {
		line_begin(screen, TONE_GOOD);
		fprintf(screen->to,
			screen_say(screen, "this machine (%s) leads; the stand-by was heard %s ago"), holder,
			span);
		line_end(screen);
		return;
	}
	fprintf(screen->to, screen_say(screen, "this machine (%s) leads"), holder);
	fputc('\n', screen->to);
	line_begin(screen, TONE_BAD);
	if (heard)
		fprintf(screen->to,
			screen_say(screen,
				"!! THE STAND-BY IS MISSING: last heard %s ago; if this machine fails, "
				"nobody takes over"),
			span);
	else
		fprintf(screen->to, "%s",
			screen_say(screen,
				"!! THE STAND-BY IS MISSING: never heard; if this machine fails, nobody "
				"takes over"));
	line_end(screen);
}

static void one_line(const struct screen *screen, const char *msgid, const char *name)
{
	line_begin(screen, TONE_BAD);
	fprintf(screen->to, screen_say(screen, msgid), name);
	line_end(screen);
}

static void rest_show(const struct screen *screen, const json_t *pair)
{
	double stray = value_number(pair, "stray_rows");

	if (value_true(pair, "forced"))
		fprintf(screen->to, "%s%s%s\n", screen_tone(screen, TONE_BAD),
			screen_say(screen,
				"!! LEADS BY A PERSON'S WORD (lead --force): the other machine must stay off "
				"until the database answers"),
			screen_plain(screen));
	if (value_true(pair, "holder_twice")) {
		line_begin(screen, TONE_BAD);
		fprintf(screen->to,
			screen_say(screen, "!! THE OTHER MACHINE HAS THE SAME NAME (%s): give each its own "
					   "pair.name and start it again"),
			value_string(pair, "holder"));
		line_end(screen);
	}
	if (stray <= 0)
		return;
	line_begin(screen, TONE_BAD);
	fprintf(screen->to,
		screen_say(
			screen, "!! %.0f rows of this machine's log were never seen by the one that leads"),
		stray);
	line_end(screen);
}

void view_pair(const struct screen *screen, const json_t *pair)
{
	const char *state = value_string(pair, "state"), *holder = value_string(pair, "holder");

	if (pair == NULL || state[0] == '\0')
		return;
	if (strcmp(state, "leads") == 0)
		leads_show(screen, pair, holder);
	else if (strcmp(state, "held") == 0)
		held_show(screen, holder);
	else if (strcmp(state, "takes") == 0)
		one_line(screen, N_("!! this machine (%s) is about to take over; nothing is sent yet"),
			holder);
	else if (strcmp(state, "lost") == 0)
		one_line(screen, N_("!! this machine (%s) leads no more: it starts anew as the stand-by"),
			holder);
	else
		stand_by_show(screen, pair, holder);
	rest_show(screen, pair);
}
