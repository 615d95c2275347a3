/* console: the interactive console, by libedit; the only user of it. */
#include "ctl/console.h"

#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "ctl/bell.h"
#include "ctl/complete.h"
#include "ctl/line.h"
#include "ctl/picks.h"
#include "ctl/run.h"
#include "ctl/value.h"
#include "wire/utf8.h"

enum {
	WORDS_MAX = 300,
	HISTORY_MAX = 1000,
	PATH_SIZE = 1024,
	PROMPT_SIZE = 160,
	CANDIDATES_SHOWN = 60,
	WORD_SIZE = 192
};

static char prompt_text[PROMPT_SIZE]; /* libedit asks for it through a function without our context */

static char *prompt_get(EditLine *editor)
{
	(void)editor;
	return prompt_text;
}

/* One that sends nothing says so before all else. */
static const char *mode_said(const struct screen *screen, const json_t *status)
{
	const char *state = value_string(status, "pair.state");

	if (strcmp(state, "held") == 0)
		return screen_say(screen, "!HELD!");
	if (state[0] != '\0' && strcmp(state, "leads") != 0)
		return screen_say(screen, "!STAND-BY!");
	if (value_true(status, "fenced"))
		return screen_say(screen, "!FENCED!");
	if (json_is_integer(value_at(status, "conflict")))
		return screen_say(screen, "!CONFLICT!");
	if (strcmp(value_string(status, "mode"), "island") == 0)
		return screen_say(screen, "!ISLAND!");
	return screen_say(screen, "normal");
}

/* Who signs, then mode and open incidents, or that nobody is there. */
static void prompt_make(struct session *session)
{
	const struct screen *screen = &session->screen;
	json_t *status = session_peek(session, "/v1/status");
	size_t at = screen_format(prompt_text, PROMPT_SIZE, "%s@", session->by);

	(void)utf8_make_harmless(prompt_text, at);
	if (status == NULL)
		screen_format(prompt_text + at, PROMPT_SIZE - at, "%s",
			screen_say(screen, "dispatch[no daemon]> "));
	else
		screen_format(prompt_text + at, PROMPT_SIZE - at,
			value_number(status, "alerts") > 0
				? screen_say(screen, "dispatch[%s %.0f open, %.0f unseen]> ")
				: screen_say(screen, "dispatch[%s %.0f open]> "),
			mode_said(screen, status), value_number(status, "incidents_open"),
			value_number(status, "alerts"));
	json_decref(status);
}

/* --- completion ------------------------------------------------------------------------------------ */

/* The next word of the command behind `typed` (whole words, each with a blank behind it); NULL: another command. */
static const char *word_next(const char *words, const char *typed, char *out, size_t size)
{
	size_t len = strlen(typed);

	if (strncmp(words, typed, len) != 0 || words[len] == '\0')
		return NULL;
	screen_format(out, size, "%.*s", (int)strcspn(words + len, " "), words + len);
	return out;
}

static const char *option_nth(const char *typed, const char *start, uint32_t nth)
{
	char line[512];
	const char *word[WORDS_MAX];
	uint32_t count, taken;
	const struct command *command;

	screen_format(line, sizeof(line), "%s", typed);
	if (line_split(line, word, WORDS_MAX, &count) != DISP_OK)
		return NULL;
	command = command_find(word, count, &taken);
	if (command == NULL)
		return NULL;
	for (const struct arg *arg = command->arg; arg->name != NULL; arg++)
		if (arg_is_option(arg) && strncmp(arg->name, start, strlen(start)) == 0 && nth-- == 0)
			return arg->name;
	return strncmp("--help", start, strlen(start)) == 0 && nth == 0 ? "--help" : NULL;
}

const char *console_complete(const char *line, const char *start, uint32_t nth)
{
	static char found[64];
	char last[64] = "";
	const struct command *command;

	if (start[0] == '-')
		return option_nth(line, start, nth);
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		if (command->hidden || word_next(command->words, line, found, sizeof(found)) == NULL ||
			strcmp(found, last) == 0 || strncmp(found, start, strlen(start)) != 0)
			continue;
		memcpy(last, found, sizeof(last));
		if (nth-- == 0)
			return found;
	}
	return NULL;
}

/* As many bytes of `word` as `start` begins with. */
static size_t same_len(const char *a, const char *b)
{
	size_t len = 0;

	while (a[len] != '\0' && a[len] == b[len])
		len++;
	while (len > 0 && ((unsigned char)a[len] & 0xC0) == 0x80)
		len--; /* no part of a character */
	return len;
}

/* Words of the table, else values. */
static json_t *candidates(EditLine *editor, const char *line, const char *start)
{
	struct session *session = NULL;
	json_t *all = json_array();
	const char *found;

	ASSERT(all != NULL);
	for (uint32_t i = 0; (found = console_complete(line, start, i)) != NULL; i++)
		ASSERT(json_array_append_new(all, json_string(found)) == 0);
	if (json_array_size(all) > 0 || el_get(editor, EL_CLIENTDATA, &session) != 0 || session == NULL)
		return all;
	json_decref(all);
	return complete_values(session, line, start);
}

/* In lines that no word is broken over. */
static void candidates_print(const json_t *all, uint32_t width)
{
	const json_t *one;
	uint32_t at = 0;
	size_t i;

	fputc('\n', stdout);
	VALUE_EACH(all, i, one)
	{
		const char *word = json_string_value(one);
		uint32_t columns = screen_columns(word);

		if (i >= CANDIDATES_SHOWN)
			break;
		if (at > 0 && at + 2 + columns > width) {
			fputc('\n', stdout);
			at = 0;
		}
		at += (uint32_t)printf("%s", at == 0 ? "" : "  ") + columns;
		fputs(word, stdout);
	}
	printf("%s\n", i < json_array_size(all) ? " …" : "");
}

static size_t letters_of(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xC0) != 0x80;
	return count;
}

static uint32_t width_of(EditLine *editor)
{
	struct session *session = NULL;

	return el_get(editor, EL_CLIENTDATA, &session) == 0 && session != NULL ? session->screen.width
									       : SCREEN_WIDTH_DEFAULT;
}

static unsigned char complete_key(EditLine *editor, int key)
{
	const LineInfo *info = el_line(editor);
	size_t len = (size_t)(info->cursor - info->buffer);
	char line[512], start[WORD_SIZE], common[WORD_SIZE] = "";
	const char *found;
	size_t count;

	(void)key;
	if (len >= sizeof(line))
		return CC_ERROR;
	memcpy(line, info->buffer, len);
	line[len] = '\0';
	while (len > 0 && line[len - 1] != ' ')
		len--;
	screen_format(start, sizeof(start), "%s", line + len);
	line[len] = '\0';
	json_t *all = candidates(editor, line, start), *one;
	VALUE_EACH(all, count, one)
	{
		found = json_string_value(one);
		if (count == 0)
			screen_format(common, sizeof(common), "%s", found);
		common[same_len(common, found)] = '\0';
	}
	if (count == 0 || (count > 1 && strcmp(common, start) == 0)) {
		if (count > 0)
			candidates_print(all, width_of(editor));
		json_decref(all);
		return count == 0 ? CC_ERROR : CC_REDISPLAY;
	}
	if (strncmp(common, start, strlen(start)) != 0) { /* it only holds what was typed */
		if (count > 1) {
			candidates_print(all, width_of(editor));
			json_decref(all);
			return CC_REDISPLAY;
		}
		el_deletestr(editor, (int)letters_of(start));
		start[0] = '\0';
	}
	json_decref(all);
	(void)el_insertstr(editor, common + strlen(start));
	if (count == 1)
		(void)el_insertstr(editor, " ");
	return CC_REFRESH;
}

/* --- history --------------------------------------------------------------------------------------- */

/* $XDG_STATE_HOME/dispatch/history, its folders made; "": there is no home. */
static void history_path(char *out, size_t size)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char path[PATH_SIZE];

	out[0] = '\0';
	if (state != NULL && state[0] == '/')
		screen_format(path, sizeof(path), "%s/dispatch", state);
	else if (home != NULL && home[0] == '/')
		screen_format(path, sizeof(path), "%s/.local/state/dispatch", home);
	else
		return;
	for (char *at = path + 1; *at != '\0'; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		(void)mkdir(path, 0700);
		*at = '/';
	}
	(void)mkdir(path, 0700);
	screen_format(out, size, "%s/history", path);
}

/* --- the greeting ---------------------------------------------------------------------------------- */

/* Who signs, who is on duty, what waits, and where to begin. */
static void greet(struct session *session)
{
	const struct screen *screen = &session->screen;
	json_t *status = session_peek(session, "/v1/status");
	char by[SESSION_BY_MAX], names[VALUE_TEXT_MAX], line[VALUE_TEXT_MAX + 256];

	screen_format(by, sizeof(by), "%s", session->by);
	(void)utf8_make_harmless(by, strlen(by));
	value_join(screen, value_at(status, "on_duty"), names, sizeof(names));
	if (status != NULL) {
		screen_format(line, sizeof(line),
			screen_say(screen, "You sign as %s; on duty: %s. Open cases %.0f, alerts unseen "
					   "%.0f, calls open "
					   "%.0f."),
			by, names[0] == '\0' ? screen_say(screen, "nobody") : names,
			value_number(status, "incidents_open"), value_number(status, "alerts"),
			value_number(status, "tasks_open"));
		screen_wrapped(screen, 0, TONE_PLAIN, line);
	}
	fprintf(screen->to, "%s\n",
		screen_say(screen, "help or ? lists the commands, Tab completes, exit leaves"));
	json_decref(status);
}

/* --- the loop -------------------------------------------------------------------------------------- */

/* What the shell itself knows, else a command; false: it is time to leave. */
static bool words_run(struct session *session, const char **word, uint32_t count, int *code)
{
	if (strcmp(word[0], "exit") == 0 || strcmp(word[0], "quit") == 0)
		return false;
	if (strcmp(word[0], "clear") == 0) {
		fputs("\033[H\033[2J", session->screen.to);
		return true;
	}
	if (strcmp(word[0], "?") == 0)
		word[0] = "help";
	*code = run_words(session, word, count);
	return true;
}

/* One line; false: it is time to leave. */
static bool line_run(struct session *session, const char *typed, int *code)
{
	const char *word[WORDS_MAX];
	uint32_t count, beyond;
	bool stay = true;
	char *line;

	if (picks_expand(session->screen.picks, typed, &line, &beyond) != DISP_OK) {
		session_complain(session, "there is no %%%u; the last list has %u rows", beyond,
			session->screen.picks->count);
		*code = EXIT_USAGE;
		return true;
	}
	screen_fit(&session->screen);
	picks_begin(session->screen.picks);
	if (radio_is_line(session, line)) {
		*code = radio_line(session, line, false);
	} else if (line_split(line, word, WORDS_MAX, &count) != DISP_OK) {
		session_complain(session, "a quote does not end, or there are too many words");
		*code = EXIT_USAGE;
	} else {
		uint32_t from =
			count > 0 && strcmp(word[0], "dispatchctl") == 0; /* a habit of other shells */

		if (count > from)
			stay = words_run(session, word + from, count - from, code);
	}
	free(line);
	return stay;
}

/* Ctrl-C: the line that is being typed is dropped. */
static unsigned char drop_key(EditLine *editor, int key)
{
	const LineInfoW *info = el_wline(editor); /* in characters: el_line counts bytes */

	(void)key;
	(void)el_cursor(editor, (int)(info->lastchar - info->cursor));
	info = el_wline(editor);
	el_deletestr(editor, (int)(info->cursor - info->buffer));
	fputs("^C\n", stdout);
	return CC_REDISPLAY;
}

/* The next byte of what is typed; while nothing is, the desk's bell is looked at. 0: the end, -1: it cannot be read. */
static int byte_wait(EditLine *editor, unsigned char *out)
{
	static struct bell bell; /* of the one editor of this process */
	struct pollfd from = {.fd = STDIN_FILENO, .events = POLLIN};
	struct session *session = NULL;

	(void)el_get(editor, EL_CLIENTDATA, &session);
	for (;;) {
		int ready = poll(&from, 1, BELL_EVERY_MS);

		if (ready > 0)
			return (int)read(STDIN_FILENO, out, 1);
		if (ready < 0 && errno != EINTR)
			return -1;
		if (ready < 0) { /* the window has another size, or we were stopped */
			el_resize(editor);
			fputs("\r\033[K", stdout);
			(void)el_set(editor, EL_REFRESH);
		} else if (session != NULL && bell_look(&bell, session)) {
			prompt_make(session);
			(void)el_set(editor, EL_REFRESH);
		}
	}
}

/* A character of UTF-8; what is none is passed over. */
static int letter_get(EditLine *editor, wchar_t *letter)
{
	mbstate_t state = {0};

	for (;;) {
		unsigned char byte;
		int got = byte_wait(editor, &byte);
		size_t len;

		if (got <= 0)
			return got;
		len = mbrtowc(letter, (const char *)&byte, 1, &state);
		if (len == (size_t)-1)
			memset(&state, 0, sizeof(state));
		else if (len != (size_t)-2)
			return 1;
	}
}

/* `history` is libedit's function here: no variable may hide it, the editor calls what it is given. */
static EditLine *editor_open(History *lines)
{
	EditLine *editor = el_init("dispatchctl", stdin, stdout, stderr);

	ASSERT(editor != NULL);
	(void)el_set(editor, EL_PROMPT, prompt_get);
	(void)el_set(editor, EL_EDITOR, "emacs");
	(void)el_set(editor, EL_SIGNAL, 1);
	(void)el_set(editor, EL_HIST, history, lines);
	(void)el_set(editor, EL_ADDFN, "dispatch-complete", "complete a command", complete_key);
	(void)el_set(editor, EL_BIND, "^I", "dispatch-complete", NULL);
	(void)el_set(editor, EL_SETTY, "-d", "-isig", NULL); /* while typing it is a key like any other */
	(void)el_set(editor, EL_ADDFN, "dispatch-drop", "drop the line", drop_key);
	(void)el_set(editor, EL_BIND, "^C", "dispatch-drop", NULL);
	(void)el_set(editor, EL_GETCFN, letter_get);
	(void)el_source(editor, NULL);
	return editor;
}

/* What is typed is UTF-8, whatever the locale says. */
static void characters_set(void)
{
	if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
}

int console_run(struct session *session)
{
	struct sigaction action = {.sa_handler = SIG_IGN}, before;
	History *lines = history_init();
	HistEvent event;
	EditLine *editor;
	char path[PATH_SIZE + 16];
	const char *typed;
	struct picks picks = {.row = NULL};
	int len, code = EXIT_DONE;

	ASSERT(lines != NULL);
	characters_set();
	session->screen.picks = &picks;
	session->errors.picks = &picks;
	session->shell = true;
	history_path(path, sizeof(path));
	(void)history(lines, &event, H_SETSIZE, HISTORY_MAX);
	(void)history(lines, &event, H_SETUNIQUE, 1);
	if (path[0] != '\0')
		(void)history(lines, &event, H_LOAD, path);
	ASSERT(sigaction(SIGINT, &action, &before) == 0); /* a command that runs goes on to its end */
	editor = editor_open(lines);
	(void)el_set(editor, EL_CLIENTDATA, session);
	session_learn_by(session);
	greet(session);
	prompt_make(session);
	while (((typed = el_gets(editor, &len)) != NULL && len > 0) || errno == EINTR) {
		if (typed == NULL)
			continue; /* Ctrl-C between two lines */
		if (typed[0] != '\n')
			(void)history(lines, &event, H_ENTER, typed);
		if (typed[0] != '\n' && path[0] != '\0')
			(void)history(lines, &event, H_SAVE, path); /* each time: we may be killed */
		if (!line_run(session, typed, &code))
			break;
		prompt_make(session);
	}
	el_end(editor);
	ASSERT(sigaction(SIGINT, &before, NULL) == 0);
	history_end(lines);
	session->screen.picks = NULL;
	session->errors.picks = NULL;
	picks_free(&picks);
	return code;
}
