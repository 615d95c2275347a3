/* screen: widths, tones and the two languages; nothing about what is shown. */
#include "ctl/screen.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl/messages.h"
#include "wire/time_text.h"
#include "wire/utf8.h"

enum { LINES_DEFAULT = 24 };

static uint32_t terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return SCREEN_WIDTH_DEFAULT;
	return size.ws_col < SCREEN_WIDTH_MIN ? SCREEN_WIDTH_MIN : size.ws_col;
}

void screen_open(struct screen *screen, FILE *to, enum lang lang)
{
	const char *no_colour = getenv("NO_COLOR");
	bool terminal = isatty(fileno(to)) == 1;

	*screen = (struct screen){
		.to = to,
		.lang = lang,
		.width = terminal ? terminal_width(fileno(to)) : SCREEN_WIDTH_DEFAULT,
		.colour = terminal && (no_colour == NULL || no_colour[0] == '\0'),
		.offset_minutes = TIME_OFFSET_SHANGHAI,
	};
}

bool screen_is_read(const struct screen *screen)
{
	int fd = fileno(screen->to);

	return fd >= 0 && isatty(fd) == 1;
}

uint32_t screen_lines(const struct screen *screen)
{
	struct winsize size;

	if (!screen_is_read(screen) || ioctl(fileno(screen->to), TIOCGWINSZ, &size) != 0 || size.ws_row == 0)
		return LINES_DEFAULT;
	return size.ws_row;
}

void screen_fit(struct screen *screen)
{
	screen->width =
		isatty(fileno(screen->to)) == 1 ? terminal_width(fileno(screen->to)) : SCREEN_WIDTH_DEFAULT;
}

const char *lang_say(enum lang lang, const char *msgid)
{
	const char *said = lang == LANG_ZH && msgid[0] != '\0' ? messages_find(msgid) : msgid;
	const char *context = strchr(said, '\004');

	return context == NULL ? said : context + 1;
}

const char *screen_say(const struct screen *screen, const char *msgid)
{
	return lang_say(screen->lang, msgid);
}

const char *screen_tone(const struct screen *screen, enum tone tone)
{
	static const char *const code[TONE_COUNT] = {
		[TONE_PLAIN] = "",
		[TONE_BOLD] = "\033[1m",
		[TONE_DIM] = "\033[2m",
		[TONE_GOOD] = "\033[32m",
		[TONE_WARN] = "\033[33m",
		[TONE_BAD] = "\033[1;31m",
	};

	return screen->colour ? code[tone] : "";
}

const char *screen_plain(const struct screen *screen)
{
	return screen->colour ? "\033[0m" : "";
}

size_t screen_format(char *out, size_t size, const char *format, ...)
{
	va_list list;
	size_t len;

	va_start(list, format);
	len = screen_format_list(out, size, format, list);
	va_end(list);
	return len;
}

size_t screen_format_list(char *out, size_t size, const char *format, va_list list)
{
	int len = vsnprintf(out, size, format, list);

	if (len < 0 || size == 0)
		return 0;
	if ((size_t)len < size)
		return (size_t)len;
	/* cut: not inside of a character */
	size_t end = size - 1;
	while (end > 0 && !utf8_valid((struct text){out, (uint32_t)end}) && size - end < 5)
		out[--end] = '\0';
	return end;
}

/* One character as JSON escapes it; what lies beyond U+FFFF as two. */
static void escape_put(FILE *to, uint32_t code)
{
	if (code > 0xFFFF)
		fprintf(to, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (code >> 10)),
			(unsigned)(0xDC00 | (code & 0x3FF)));
	else
		fprintf(to, "\\u%04x", (unsigned)code);
}

void screen_json(const struct screen *screen, const char *json)
{
	const uint8_t *at = (const uint8_t *)json, *end = at + strlen(json), *plain = at;

	while (at < end) {
		uint32_t step = utf8_step(at, end);
		bool harmful = *at >= 0x7F && (step == 0 || utf8_harmful(utf8_decode(at, step)));

		if (harmful) {
			fwrite(plain, 1, (size_t)(at - plain), screen->to);
			escape_put(screen->to, step == 0 ? 0xFFFD : utf8_decode(at, step));
		}
		at += step == 0 ? 1 : step;
		if (harmful)
			plain = at;
	}
	fwrite(plain, 1, (size_t)(end - plain), screen->to);
	fputc('\n', screen->to);
}

void screen_heading(const struct screen *screen, const char *title)
{
	fprintf(screen->to, "\n%s%s%s%s\n", screen_tone(screen, TONE_BOLD),
		screen->lang == LANG_ZH ? "■ " : "# ", screen_say(screen, title), screen_plain(screen));
}

static struct text text_from(const char *text)
{
	return (struct text){text, (uint32_t)strlen(text)};
}

uint32_t screen_columns(const char *text)
{
	return utf8_columns(text_from(text));
}

void screen_spaces(const struct screen *screen, uint32_t count)
{
	fprintf(screen->to, "%*s", (int)count, "");
}

/* Inside of a word or a figure: no line ends between two ASCII characters that are not blanks. */
static bool is_inside(struct text text, uint32_t at)
{
	return (unsigned char)text.ptr[at - 1] > ' ' && (unsigned char)text.ptr[at - 1] < 0x7F &&
	       (unsigned char)text.ptr[at] > ' ' && (unsigned char)text.ptr[at] < 0x7F;
}

/* A mark that closes what stands before it: no line begins with one. */
static bool is_closing(struct text text, uint32_t at)
{
	static const char *const marks[] = {"\u3002", ",", "\u3001", ";", ":", "!", "?", ")", "\uFF0C",
		"\uFF1B", "\uFF1A", "\uFF01", "\uFF1F", "\uFF09", "\u201D", "\u2019", "\u300B", "\u3011"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (text.len - at >= strlen(marks[i]) &&
			memcmp(text.ptr + at, marks[i], strlen(marks[i])) == 0)
			return true;
	return false;
}

/* A mark that opens what stands behind it: no line ends with one. */
static bool is_opened(struct text text, uint32_t at)
{
	static const char *const marks[] = {"(", "[", "\uFF08", "\u201C", "\u2018", "\u300A", "\u3010"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (at >= strlen(marks[i]) &&
			memcmp(text.ptr + at - strlen(marks[i]), marks[i], strlen(marks[i])) == 0)
			return true;
	return false;
}

/* How many bytes go on this line: what fits, back to between two words; a word over half a line long is cut. */
static uint32_t line_fit(struct text text, uint32_t columns)
{
	uint32_t fit = utf8_fit_columns(text, columns);

	if (fit == text.len || fit == 0)
		return text.len;
	for (uint32_t at = fit; at > fit / 2; at--)
		if (((unsigned char)text.ptr[at] & 0xC0) != 0x80 && !is_inside(text, at) &&
			!is_closing(text, at) && !is_opened(text, at))
			return at;
	return fit;
}

void screen_wrapped(const struct screen *screen, uint32_t indent, enum tone tone, const char *text)
{
	struct text left = text_from(text);
	uint32_t room = screen->width > indent + 20 ? screen->width - indent : 20;

	do {
		uint32_t fit = line_fit(left, room), shown = fit;

		while (shown > 0 && left.ptr[shown - 1] == ' ')
			shown--;
		fprintf(screen->to, "%s%.*s%s\n", screen_tone(screen, tone), (int)shown, left.ptr,
			tone == TONE_PLAIN ? "" : screen_plain(screen));
		left.ptr += fit;
		left.len -= fit;
		while (left.len > 0 && left.ptr[0] == ' ') {
			left.ptr++;
			left.len--;
		}
		if (left.len > 0)
			screen_spaces(screen, indent);
	} while (left.len > 0);
}

enum lang screen_lang_of_environment(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return strncmp(value, "en", 2) == 0 ? LANG_EN : LANG_ZH;
	}
	return LANG_ZH;
}
