/* main: the daemon's arguments; everything else is in start.c and loop.c. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"
#include "shell/say.h"

enum { STRAY_WAIT_MS = 30000 };

static const char usage[] =
	"usage: dispatcherd [-c FILE] [-n | --key] [--version]\n"
	"  -c FILE    the configuration; /etc/dispatch/dispatcher.yaml unless told\n"
	"  -n         check the configuration, the town pack and the playbooks, and exit\n"
	"  --key      print this machine's public key, made now where there is none, and exit\n"
	"  --version  say which version this is\n";

static bool set_level(const char *word)
{
	static const char *const level[] = {"debug", "info", "warning", "error"};

	for (int index = 0; word != NULL && index < 4; index++)
		if (strcmp(word, level[index]) == 0)
			say_level_set((enum say_level)index);
	return word == NULL || strcmp(word, "debug") == 0 || strcmp(word, "info") == 0 ||
	       strcmp(word, "warning") == 0 || strcmp(word, "error") == 0;
}

/* What another daemon has replaced is put where the one that leads finds it. False: not yet; the next life tries again. */
static void put_stray(const struct daemon *daemon)
{
	enum disp_err err = daemon->lead.stray_from == 0 ? DISP_OK
							 : store_set_stray(&daemon->store_config,
								   daemon->lead.stray_from, STRAY_WAIT_MS);

	if (err != DISP_OK)
		say(SAY_ERROR, "lead.stray", "from=%llu err=%d", (unsigned long long)daemon->lead.stray_from,
			(int)err);
}

/* For the other one's peer_key: it must be known before either can start. */
static int print_key(const char *path)
{
	static struct daemon daemon;

	daemon.config = config_read(path);
	if (daemon.config == NULL)
		return 1;
	bool good = keys_print(&daemon);

	config_free(daemon.config);
	return good ? 0 : 1;
}

/* again: this process is to start anew. */
static int run(const char *path, bool check_only, bool *again)
{
	static struct daemon daemon;
	int status = 1;

	daemon.config = config_load(path);
	if (daemon.config == NULL)
		return 1;
	if (!set_level(daemon.config->log_level)) {
		fprintf(stderr, "%s: log_level is one of debug, info, warning, error\n", path);
	} else if (start_check(&daemon)) {
		if (check_only) {
			printf("%s: good\n", path);
			status = 0;
		} else if ((daemon.base = event_base_new()) != NULL) {
			if (start_run(&daemon)) {
				loop_run(&daemon);
				status = 0;
			}
		}
	}
	start_end(&daemon);
	*again = daemon.lead.again;
	if (*again)
		put_stray(&daemon);
	if (daemon.base != NULL)
		event_base_free(daemon.base);
	config_free(daemon.config);
	if (!check_only)
		say(SAY_INFO, "daemon.ended", "status=%d", status);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"version", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'}, {"key", no_argument, NULL, 'k'}, {0}};
	const char *path = "/etc/dispatch/dispatcher.yaml";
	bool check_only = false, key_only = false, again = false;
	int option;

	while ((option = getopt_long(argc, argv, "c:nh", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			path = optarg;
			break;
		case 'n':
			check_only = true;
			break;
		case 'k':
			key_only = true;
			break;
		case 'v':
			printf("dispatcherd %s\n", DISPATCHER_VERSION);
			return 0;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk to us */
	if (sodium_init() < 0) {
		fputs("dispatcherd: libsodium does not start\n", stderr);
		return 1;
	}
	if (key_only)
		return print_key(path);
	int status = run(path, check_only, &again);

	if (!again)
		return status;
	(void)execv("/proc/self/exe", argv);
	say(SAY_ERROR, "lead.anew", "errno=%d", errno);
	return 1;
}
