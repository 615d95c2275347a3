/* manual: the manual page of the console as roff, from the tables; in the screen's language. */
#include <string.h>

#include "ctl/radio.h"
#include "ctl/run.h"

/* One character, so that roff takes it as it is. *fresh: at the beginning of a line. */
static void letter_put(FILE *to, const char **at, bool *fresh)
{
	unsigned char letter = (unsigned char)**at;

	if (*fresh && (letter == '.' || letter == '\''))
		fputs("\\&", to);
	*fresh = letter == '\n';
	if (letter == '\\')
		fputs("\\e", to);
	else if (letter == '-')
		fputs("\\-", to);
	else
		fputc(letter, to);
	++*at;
	if (letter < 0xE0) /* ASCII, or a mark that stands among it */
		return;
	while (((unsigned char)**at & 0xC0) == 0x80)
		fputc(*(*at)++, to);
	fputs("\\:", to); /* a line may end behind each Chinese character */
}

static void text_put(FILE *to, const char *text)
{
	bool fresh = true;

	while (*text != '\0')
		letter_put(to, &text, &fresh);
}

static void line_put(FILE *to, const char *macro, const char *text)
{
	fprintf(to, "%s\n", macro);
	text_put(to, text);
	fputc('\n', to);
}

/* A heading or a bold line: its text is an argument of the macro. */
static void title_put(FILE *to, const char *macro, const char *text)
{
	fprintf(to, "%s \"", macro);
	for (const char *at = text; *at != '\0';) {
		bool fresh = false;

		if (*at == '"') {
			fputs("\\(dq", to);
			at++;
		} else {
			letter_put(to, &at, &fresh);
		}
	}
	fputs("\"\n", to);
}

static void item_put(const struct screen *screen, const char *item, const char *text)
{
	title_put(screen->to, ".TP\n.B", item);
	text_put(screen->to, text);
	fputc('\n', screen->to);
}

static void example_put(FILE *to, const char *example)
{
	fputs(".PP\n.nf\n.RS\n", to);
	text_put(to, "dispatchctl ");
	text_put(to, example);
	fputs("\n.RE\n.fi\n", to);
}

/* --- the parts ------------------------------------------------------------------------------------- */

static void argument_put(const struct screen *screen, const struct arg *arg)
{
	char title[128], what[1024];
	size_t at = screen_format(title, sizeof(title), "%s", arg->name);

	if (arg_is_option(arg) && arg->kind == ARG_WORD)
		(void)screen_format(title + at, sizeof(title) - at, " WORD");
	else if (arg_is_option(arg) && arg->kind != ARG_FLAG)
		(void)screen_format(title + at, sizeof(title) - at, " …");
	at = screen_format(what, sizeof(what), "%s", screen_say(screen, arg->what));
	for (const char *word = arg->words; word != NULL; word = strchr(word, '|')) {
		word += *word == '|';
		at += screen_format(what + at, sizeof(what) - at, "%s%.*s", word == arg->words ? " (" : ", ",
			(int)strcspn(word, "|"), word);
	}
	if (arg->words != NULL)
		(void)screen_format(what + at, sizeof(what) - at, ")");
	item_put(screen, title, what);
}

static void commands_put(const struct screen *screen)
{
	const struct command *command;

	title_put(screen->to, ".SH", screen_say(screen, "COMMANDS"));
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		char usage[1024];

		if (command->hidden)
			continue;
		command_usage(command, usage, sizeof(usage));
		title_put(screen->to, ".SS", command->words);
		title_put(screen->to, ".B", usage);
		line_put(screen->to, ".br", screen_say(screen, command->help));
		for (const struct arg *arg = command->arg; arg->name != NULL; arg++)
			argument_put(screen, arg);
		example_put(screen->to, command->example);
	}
}

static void head_put(const struct screen *screen)
{
	FILE *to = screen->to;

	fputs(".TH DISPATCHCTL 1 \"\" Dispatcher\n.nh\n.ad l\n", to);
	title_put(to, ".SH", screen_say(screen, "NAME"));
	text_put(to, "dispatchctl - ");
	text_put(to, screen_say(screen, "the duty officer's console of a town's dispatcher"));
	title_put(to, "\n.SH", screen_say(screen, "SYNOPSIS"));
	title_put(to, ".B",
		screen_say(screen, "dispatchctl [--server URL] [--cacert FILE] [--token-file FILE] [--json] "
				   "[--lang zh|en] COMMAND …"));
	title_put(to, ".SH", screen_say(screen, "DESCRIPTION"));
	text_put(to, screen_say(screen, "Asks dispatcherd(8) over HTTP and shows its answers. Without a "
					"command on a terminal it "
					"is an interactive shell."));
	title_put(to, "\n.SH", screen_say(screen, "OPTIONS"));
	item_put(screen, "--server URL",
		screen_say(screen, "unix:PATH, http://HOST:PORT or https://HOST:PORT"));
	item_put(screen, "--cacert FILE",
		screen_say(screen, "the certificates (PEM) that https:// trusts, instead of the system's"));
	item_put(screen, "--token-file FILE",
		screen_say(screen,
			"a file of mode 0600 with the token ID.SECRET that dispatchctl key add has made; "
			"sent over https:// alone"));
	item_put(screen, "--json",
		screen_say(screen, "one JSON document instead of a screen; an array for lists"));
	item_put(screen, "--lang zh|en",
		screen_say(screen, "the language of the screens; Chinese unless the locale is English"));
}

/* "到场 arrived at on_scene …" */
static void radio_put(const struct screen *screen)
{
	uint32_t count;
	const struct radio_status *status = radio_statuses(&count);

	title_put(screen->to, ".SH", screen_say(screen, "THE SHELL"));
	text_put(screen->to,
		screen_say(screen,
			"Tab completes commands, options, ids, words and places, in radio lines, too. "
			"%1 %2 … in a line, also behind the sign of --option=%1, are the rows of the "
			"last list; a row of other things than are wanted is refused. 1 is this year's "
			"incident 000001. help or ? lists the commands, clear empties the screen, exit, "
			"quit or Ctrl-D leaves. A line that begins with a dot (also the Chinese full "
			"stop) or with a unit's id or name is radio traffic: UNIT STATUS [ORDER] [PLACE "
			"or remark], several parted by / or by commas; of each word a clear start is "
			"enough. radio --dry-run says what a line would do. The status words:"));
	fputc('\n', screen->to);
	for (uint32_t i = 0; i < count; i++)
		item_put(screen, status[i].word, status[i].typed);
}

static void tail_put(const struct screen *screen)
{
	static const struct {
		const char *code, *what;
	} codes[] = {
		{"0", N_("done")},
		{"1", N_("refused or failed")},
		{"2", N_("wrong usage")},
		{"3", N_("not found")},
		{"4", N_("not permitted")},
		{"5", N_("no daemon")},
	};

	title_put(screen->to, ".SH", screen_say(screen, "ENVIRONMENT"));
	item_put(screen, "DISPATCH_SERVER",
		screen_say(screen,
			"the daemon's address, where --server is not given; of two daemons both, a comma "
			"between: where nobody is at the first, or it stands by, the other is asked"));
	item_put(screen, "DISPATCH_CA, DISPATCH_TOKEN_FILE",
		screen_say(screen, "the files where --cacert and --token-file are not given"));
	item_put(screen, "DISPATCH_BY",
		screen_say(screen, "who signs, where --by is not given; else the login name"));
	item_put(screen, "LC_ALL, LC_MESSAGES, LANG",
		screen_say(screen, "English screens where they begin with en"));
	item_put(screen, "NO_COLOR", screen_say(screen, "no colours"));
	title_put(screen->to, ".SH", screen_say(screen, "FILES"));
	item_put(screen, "$XDG_STATE_HOME/dispatch/history, ~/.local/state/dispatch/history",
		screen_say(screen, "the lines typed in the shell"));
	title_put(screen->to, ".SH", screen_say(screen, "EXIT STATUS"));
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		item_put(screen, codes[i].code, screen_say(screen, codes[i].what));
	title_put(screen->to, ".SH", screen_say(screen, "SEE ALSO"));
	text_put(screen->to, "dispatcherd(8), unit-terminal(1)\n");
}

int run_manual(struct session *session, const struct args *args)
{
	(void)args;
	head_put(&session->screen);
	commands_put(&session->screen);
	radio_put(&session->screen);
	tail_put(&session->screen);
	return EXIT_DONE;
}
