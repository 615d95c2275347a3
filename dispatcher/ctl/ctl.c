/* ctl: the options of the program itself, then the command or the shell. */
#include "ctl/ctl.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/run.h"
#include "ctl/console.h"

struct options {
	const char *server, *cacert, *token_file;
	bool json;
	enum lang lang;
	const char *fault; /* the word that is wrong */
};

/* An option with a value, "--lang en" or "--lang=en"; NULL: it is another, or has no value. */
static const char *option_value(const char *name, char **argv, int *at)
{
	size_t len = strlen(name);

	if (strncmp(argv[*at], name, len) != 0)
		return NULL;
	if (argv[*at][len] == '=')
		return argv[*at] + len + 1;
	if (argv[*at][len] != '\0' || argv[*at + 1] == NULL)
		return NULL;
	return argv[++*at];
}

/* The options before the command; returns where the command begins. */
static int options_read(struct options *options, int argc, char **argv)
{
	int at = 1;

	for (; at < argc && argv[at][0] == '-' && strcmp(argv[at], "--help") != 0 &&
		strcmp(argv[at], "-h") != 0;
		at++) {
		const char *server, *cacert, *token_file, *lang = NULL;

		if (strcmp(argv[at], "--json") == 0) {
			options->json = true;
		} else if ((server = option_value("--server", argv, &at)) != NULL) {
			options->server = server;
		} else if ((cacert = option_value("--cacert", argv, &at)) != NULL) {
			options->cacert = cacert;
		} else if ((token_file = option_value("--token-file", argv, &at)) != NULL) {
			options->token_file = token_file;
		} else if ((lang = option_value("--lang", argv, &at)) != NULL &&
			   (strcmp(lang, "zh") == 0 || strcmp(lang, "en") == 0)) {
			options->lang = strcmp(lang, "en") == 0 ? LANG_EN : LANG_ZH;
		} else {
			options->fault = argv[at];
			return at;
		}
	}
	return at;
}

static int without_command(struct session *session)
{
	if (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1)
		return console_run(session);
	session_complain(session, "a command is missing; dispatchctl help lists all");
	return EXIT_USAGE;
}

static int command_run_words(struct session *session, int argc, char **argv, int at)
{
	const char *word[ARGS_VALUES_MAX];
	uint32_t count = 0;

	if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0)
		return run_words(session, (const char *const[]){"help"}, 1);
	for (; at < argc; at++) {
		if (count == ARGS_VALUES_MAX) {
			session_complain(session, "too many arguments");
			return EXIT_USAGE;
		}
		word[count++] = argv[at];
	}
	return run_words(session, word, count);
}

int ctl_main(int argc, char **argv)
{
	struct options options = {.lang = screen_lang_of_environment()};
	struct session session;
	int at = options_read(&options, argc, argv), code;

	session_open(&session, options.server, options.json, options.lang);
	session_trust(&session, options.cacert, options.token_file);
	if (options.fault != NULL) {
		session_complain(&session,
			"option '%s' is wrong; usage: dispatchctl [--server URL] [--cacert FILE] "
			"[--token-file FILE] [--json] [--lang zh|en] COMMAND …",
			options.fault);
		code = EXIT_USAGE;
	} else {
		code = at < argc ? command_run_words(&session, argc, argv, at) : without_command(&session);
	}
	session_close(&session);
	if (fflush(stdout) != 0 && code == EXIT_DONE)
		code = EXIT_REFUSED;
	return code;
}
