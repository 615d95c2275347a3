/* messages: finds and opens the catalogue by gettext; knows no message. */
#include "ctl/messages.h"

#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN  "dispatchctl"
#define CHINESE "zh_CN"

/* From the folder of the program: the build's own, the installed one, the build's for a test that lies deeper. */
static const char *const folders[] = {"locale", "../share/locale", "../../locale"};

/* The folder of this program with its slash; false: not known. */
static bool program_folder(char *out, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", out, size - 1);
	char *slash;

	if (len <= 0)
		return false;
	out[len] = '\0';
	slash = strrchr(out, '/');
	if (slash == NULL)
		return false;
	slash[1] = '\0';
	return true;
}

/* gettext translates nothing in the locale "C"; of all others it takes only LANGUAGE. C.UTF-8 is always there. */
static void locale_set(void)
{
	if (setlocale(LC_MESSAGES, CHINESE ".UTF-8") == NULL && setlocale(LC_MESSAGES, "C.UTF-8") == NULL)
		(void)setlocale(LC_MESSAGES, "");
	(void)setenv("LANGUAGE", CHINESE, 1);
}

static void catalogue_open(void)
{
	char program[PATH_MAX], folder[PATH_MAX + 32], file[PATH_MAX + 128];

	locale_set();
	(void)bind_textdomain_codeset(DOMAIN, "UTF-8");
	if (!program_folder(program, sizeof(program)))
		return;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		(void)snprintf(folder, sizeof(folder), "%s%s", program, folders[i]);
		(void)snprintf(file, sizeof(file), "%s/" CHINESE "/LC_MESSAGES/" DOMAIN ".mo", folder);
		if (access(file, R_OK) == 0) {
			(void)bindtextdomain(DOMAIN, folder);
			return;
		}
	}
}

const char *messages_find(const char *msgid)
{
	static bool open;

	if (!open)
		catalogue_open();
	open = true;
	return dgettext(DOMAIN, msgid);
}
