/* say: see the header. */
#include "shell/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock/clock.h"
#include "wire/utf8.h"

enum { LINE_MAX_BYTES = 2000 };

static enum say_level least = SAY_INFO;

void say_level_set(enum say_level level)
{
	least = level;
}

static void put(enum say_level level, const char *what, const char *format, va_list list)
{
	static const char *const word[] = {"debug", "info", "warning", "error"};
	char text[LINE_MAX_BYTES], stamp[32];
	int64_t now_ms = clock_wall_ms();
	time_t seconds = (time_t)(now_ms / 1000);
	struct tm parts;

	(void)vsnprintf(text, sizeof text, format, list);
	(void)utf8_make_harmless(text, strlen(text));
	(void)gmtime_r(&seconds, &parts);
	(void)strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &parts);
	fprintf(stderr, "%s.%03dZ %s %s %s\n", stamp, (int)(now_ms % 1000), word[level], what, text);
}

void say(enum say_level level, const char *what, const char *format, ...)
{
	va_list list;

	if (level < least)
		return;
	va_start(list, format);
	put(level, what, format, list);
	va_end(list);
}

void say_always(enum say_level level, const char *what, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	put(level, what, format, list);
	va_end(list);
}
