/* unit-terminal: options and the loop of a crowd of terminals; what they do is in jobs.c and hand.c. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zmq.h>

#include "clock/clock.h"
#include "terminal/terminal.h"

enum { EXIT_USAGE = 2, WAIT_MAX_MS = 1000, ITEMS_A_LINE = 2 };

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static const char usage[] =
	"unit-terminal --connect ENDPOINT (--unit ID | --depot ID | --device ID | --terminals FILE)… "
	"[OPTION]…\n"
	"  --connect ENDPOINT     of the daemon's units; twice: of the leader and of the one that stands by\n"
	"  --unit, --depot, --device ID   who we are; may be repeated, one terminal each\n"
	"  --behaviour SPEC       of the terminals named so far that have none; without one a person answers "
	"on stdin\n"
	"  --script FILE          the same, one behaviour a line for the first, second … order\n"
	"  --at LON,LAT           where the last named terminal stands\n"
	"  --terminals FILE       lines: unit|depot|device ID [BEHAVIOUR] [at LON LAT]\n"
	"  --alarms ENDPOINT      where `fixes` sends its cleared alarms\n"
	"  --key-file FILE        three lines: the daemon's public key, our public key, our secret key; "
	"twice: of "
	"each\n"
	"                         --connect; else $DISPATCH_GATEWAY_KEY_FILE, else none\n"
	"  --rate R               the town's clock runs R times as fast [1]\n"
	"  --speed-factor R       vehicles are R times as fast as the order says [1]\n"
	"  --verbose              every message on standard error\n"
	"SPEC: good[:WORK_S] decline[:REASON] mute slow:S break accept-then-mute depot[:LOAD_S] device[:S]\n"
	"      fixes:S:ALARM_TYPE[:SOURCE] no-effect; several for one order after another: first:decline "
	"then:good\n";

static void complain(const char *what, const char *about)
{
	fprintf(stderr, "unit-terminal: %s: %s\n", about, what);
}

/* --- who we are ----------------------------------------------------------------------------------- */

static struct terminal *add_terminal(struct crowd *crowd, uint8_t target, const char *id)
{
	struct terminal *terminal = &crowd->terminal[crowd->count];

	if (crowd->count == TERMINALS_MAX || strlen(id) == 0 || strlen(id) >= NAME_SIZE) {
		complain("too many terminals, or no such id", id);
		return NULL;
	}
	crowd->count++;
	terminal->target = target;
	snprintf(terminal->id, sizeof(terminal->id), "%s", id);
	return terminal;
}

static bool set_behaviour(struct crowd *crowd, const char *spec)
{
	for (uint32_t i = 0; i < crowd->count; i++) {
		const char *wrong =
			crowd->terminal[i].plan_count == 0 ? plans_parse(&crowd->terminal[i], spec) : NULL;

		if (wrong) {
			complain(wrong, spec);
			return false;
		}
	}
	return true;
}

static bool set_spot(struct terminal *terminal, const char *lon_lat)
{
	double lon, lat;

	if (!terminal ||
		(sscanf(lon_lat, "%lf,%lf", &lon, &lat) != 2 &&
			sscanf(lon_lat, "%lf %lf", &lon, &lat) != 2) ||
		!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90)) {
		complain("not a longitude and a latitude", lon_lat);
		return false;
	}
	terminal->spot = (struct spot){true, (int32_t)(lon * 1e7), (int32_t)(lat * 1e7)};
	return true;
}

/* One line of the list: unit FE-1 good:60 at 113.44 34.78 */
static bool read_terminal(struct crowd *crowd, char *line)
{
	char kind[16], id[NAME_SIZE], *at = strstr(line, " at "), *spec;
	int used = 0;

	line[strcspn(line, "\r\n#")] = '\0';
	if (sscanf(line, " %15s %128s %n", kind, id, &used) < 1)
		return true; /* an empty line */
	uint32_t target = words_find(WORDS_TARGET, (struct text){kind, (uint32_t)strlen(kind)});

	if (used == 0 || target < TARGET_UNIT || target > TARGET_DEVICE) {
		complain("not unit, depot or device and an id", line);
		return false;
	}
	struct terminal *terminal = add_terminal(crowd, (uint8_t)target, id);

	if (!terminal || (at && !set_spot(terminal, at + 4)))
		return false;
	if (at)
		*at = '\0';
	spec = at && at < line + used ? line + strlen(line) : line + used;
	for (size_t end = strlen(spec); end > 0 && (spec[end - 1] == ' ' || spec[end - 1] == '\t'); end--)
		spec[end - 1] = '\0';
	const char *wrong = spec[0] != '\0' ? plans_parse(terminal, spec) : NULL;

	if (wrong)
		complain(wrong, spec);
	return !wrong;
}

static bool read_list(struct crowd *crowd, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[1024];
	bool ok = true;

	if (!file) {
		complain("cannot be read", path);
		return false;
	}
	while (ok && fgets(line, sizeof(line), file))
		ok = read_terminal(crowd, line);
	fclose(file);
	return ok;
}

/* The lines of a script are the behaviours of one SPEC. */
static bool read_script(struct crowd *crowd, const char *path)
{
	FILE *file = fopen(path, "r");
	char spec[1024], line[256];
	size_t used = 0;

	if (!file) {
		complain("cannot be read", path);
		return false;
	}
	spec[0] = '\0';
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\r\n#")] = '\0';
		if (line[0] != '\0' && used < sizeof(spec))
			used += (size_t)snprintf(
				spec + used, sizeof(spec) - used, "%s%s", used > 0 ? "," : "", line);
	}
	fclose(file);
	return set_behaviour(crowd, spec);
}

/* --- options -------------------------------------------------------------------------------------- */

enum {
	OPTION_CONNECT,
	OPTION_UNIT,
	OPTION_DEPOT,
	OPTION_DEVICE,
	OPTION_BEHAVIOUR,
	OPTION_SCRIPT,
	OPTION_AT,
	OPTION_TERMINALS,
	OPTION_ALARMS,
	OPTION_KEY_FILE,
	OPTION_RATE,
	OPTION_SPEED,
	OPTION_VERBOSE,
	OPTION_HELP
};

static const struct option options[] = {{"connect", 1, NULL, OPTION_CONNECT}, {"unit", 1, NULL, OPTION_UNIT},
	{"depot", 1, NULL, OPTION_DEPOT}, {"device", 1, NULL, OPTION_DEVICE},
	{"behaviour", 1, NULL, OPTION_BEHAVIOUR}, {"script", 1, NULL, OPTION_SCRIPT},
	{"at", 1, NULL, OPTION_AT}, {"terminals", 1, NULL, OPTION_TERMINALS},
	{"alarms", 1, NULL, OPTION_ALARMS}, {"key-file", 1, NULL, OPTION_KEY_FILE},
	{"rate", 1, NULL, OPTION_RATE}, {"speed-factor", 1, NULL, OPTION_SPEED},
	{"verbose", 0, NULL, OPTION_VERBOSE}, {"help", 0, NULL, OPTION_HELP}, {NULL, 0, NULL, 0}};

static bool set_factor(const char *given, int64_t *milli)
{
	double factor = strtod(given, NULL);

	if (!(factor >= 0.001 && factor <= 1e6)) {
		complain("not a factor", given);
		return false;
	}
	*milli = (int64_t)(factor * 1000);
	return true;
}

static bool add_keys(struct crowd *crowd, const char *path)
{
	const char *wrong = crowd->ring_count == ENDPOINTS_MAX
				    ? "more key files than daemons"
				    : key_read(&crowd->ring[crowd->ring_count++], path);

	if (wrong)
		complain(wrong, path);
	return !wrong;
}

/* The last file is that of all daemons that have none of their own. */
static bool fill_keys(struct crowd *crowd)
{
	const char *path = getenv("DISPATCH_GATEWAY_KEY_FILE");

	if (crowd->ring_count == 0 && path && path[0] != '\0' && !add_keys(crowd, path))
		return false;
	for (uint32_t i = crowd->ring_count; i > 0 && i < ENDPOINTS_MAX; i++)
		crowd->ring[i] = crowd->ring[i - 1];
	return true;
}

static bool set_option(struct crowd *crowd, int option)
{
	switch (option) {
	case OPTION_CONNECT:
		if (crowd->endpoint_count == ENDPOINTS_MAX)
			return false;
		crowd->endpoint[crowd->endpoint_count++] = optarg;
		return true;
	case OPTION_UNIT:
		return add_terminal(crowd, TARGET_UNIT, optarg);
	case OPTION_DEPOT:
		return add_terminal(crowd, TARGET_DEPOT, optarg);
	case OPTION_DEVICE:
		return add_terminal(crowd, TARGET_DEVICE, optarg);
	case OPTION_BEHAVIOUR:
		return set_behaviour(crowd, optarg);
	case OPTION_SCRIPT:
		return read_script(crowd, optarg);
	case OPTION_AT:
		return set_spot(crowd->count > 0 ? &crowd->terminal[crowd->count - 1] : NULL, optarg);
	case OPTION_TERMINALS:
		return read_list(crowd, optarg);
	case OPTION_ALARMS:
		crowd->alarms = optarg;
		return true;
	case OPTION_KEY_FILE:
		return add_keys(crowd, optarg);
	case OPTION_RATE:
		return set_factor(optarg, &crowd->rate_milli);
	case OPTION_SPEED:
		return set_factor(optarg, &crowd->speed_milli);
	case OPTION_VERBOSE:
		crowd->verbose = true;
		return true;
	default:
		return false;
	}
}

static bool read_options(struct crowd *crowd, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == OPTION_HELP) {
			fputs(usage, stdout);
			exit(EXIT_SUCCESS);
		}
		if (!set_option(crowd, option))
			return false;
	}
	if (optind < argc || crowd->count == 0 || crowd->endpoint_count == 0 || !fill_keys(crowd))
		return false;
	for (uint32_t i = 0; i < crowd->count; i++)
		if (crowd->terminal[i].plan_count == 0 && plans_parse(&crowd->terminal[i], "hand"))
			return false;
	return true;
}

/* --- the loop ------------------------------------------------------------------------------------- */

static bool open_crowd(struct crowd *crowd)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max; /* a terminal takes five descriptors */
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	crowd->context = zmq_ctx_new();
	if (!crowd->context || zmq_ctx_set(crowd->context, ZMQ_MAX_SOCKETS, 65535) != 0)
		return false;
	for (uint32_t i = 0; i < crowd->count; i++)
		for (uint32_t index = 0; index < crowd->endpoint_count; index++)
			if (!line_open(crowd, &crowd->terminal[i], index)) {
				complain(zmq_strerror(zmq_errno()), crowd->endpoint[index]);
				return false;
			}
	crowd->alarm.keeps = true;
	if (crowd->alarms && !connection_open(crowd, &crowd->alarm, 0, crowd->alarms)) {
		complain(zmq_strerror(zmq_errno()), crowd->alarms);
		return false;
	}
	return true;
}

static void close_crowd(struct crowd *crowd)
{
	for (uint32_t i = 0; i < crowd->count; i++)
		for (uint32_t index = 0; index < crowd->endpoint_count; index++)
			line_close(&crowd->terminal[i].line[index]);
	connection_close(&crowd->alarm);
	zmq_ctx_term(crowd->context);
	free(crowd->terminal);
}

static long wait_ms(const struct crowd *crowd)
{
	int64_t due_ms = INT64_MAX, now_ms = crowd_now_ms(crowd);

	for (uint32_t i = 0; i < crowd->count; i++) {
		int64_t mine_ms = jobs_due_ms(&crowd->terminal[i]);

		due_ms = mine_ms < due_ms ? mine_ms : due_ms;
	}
	if (due_ms <= now_ms)
		return 0;
	if (due_ms == INT64_MAX || (due_ms - now_ms) * 1000 / crowd->rate_milli >= WAIT_MAX_MS)
		return WAIT_MAX_MS;
	return (long)((due_ms - now_ms) * 1000 / crowd->rate_milli) + 1;
}

static int gather_connection(const struct connection *connection, zmq_pollitem_t *item, int count)
{
	if (!connection->socket)
		return count;
	item[count] = (zmq_pollitem_t){connection->socket, 0, ZMQ_POLLIN, 0};
	item[count + 1] = (zmq_pollitem_t){connection->monitor, 0, ZMQ_POLLIN, 0};
	return count + ITEMS_A_LINE;
}

static int gather(const struct crowd *crowd, zmq_pollitem_t *item, bool by_hand)
{
	int count = 0;

	for (uint32_t i = 0; i < crowd->count; i++) {
		for (uint32_t index = 0; index < crowd->endpoint_count; index++) {
			const struct line *line = &crowd->terminal[i].line[index];

			if (!line->superseded)
				count = gather_connection(&line->connection, item, count);
		}
	}
	count = gather_connection(&crowd->alarm, item, count);
	if (by_hand)
		item[count++] = (zmq_pollitem_t){NULL, STDIN_FILENO, ZMQ_POLLIN, 0};
	return count;
}

static void hear_replies(struct crowd *crowd, int64_t real_ms)
{
	char reply[512];
	int got;

	if (!crowd->alarms)
		return;
	(void)connection_watch(&crowd->alarm, real_ms);
	if (!crowd->alarm.up && real_ms >= crowd->alarm.again_ms)
		(void)connection_renew(crowd, &crowd->alarm, 0, crowd->alarms);
	while (crowd->alarm.socket &&
		(got = zmq_recv(crowd->alarm.socket, reply, sizeof(reply), ZMQ_DONTWAIT)) >= 0) {
		got = got > (int)sizeof(reply) ? (int)sizeof(reply) : got;
		if (crowd->verbose || memmem(reply, (size_t)got, "\"rejected\"", 10))
			fprintf(stderr, "报警 < %.*s\n", got, reply);
	}
}

/* false: the input has ended, or the person has. */
static bool read_hand(struct crowd *crowd)
{
	char line[1024];

	if (!fgets(line, sizeof(line), stdin))
		return false;
	if (strncmp(line, "quit", 4) == 0)
		stopped = 1;
	else
		hand_line(crowd, line);
	return true;
}

static void run(struct crowd *crowd)
{
	zmq_pollitem_t *item = calloc(TERMINALS_MAX * ENDPOINTS_MAX * ITEMS_A_LINE + 3, sizeof(*item));
	bool by_hand = false;

	for (uint32_t i = 0; i < crowd->count; i++)
		by_hand |= crowd->terminal[i].plan[0].kind == BEHAVE_HAND;
	setvbuf(stdin, NULL, _IONBF, 0); /* what poll does not see must not wait in a buffer */
	while (!stopped && item) {
		int count = gather(crowd, item, by_hand);

		if (zmq_poll(item, count, wait_ms(crowd)) > 0 && by_hand &&
			(item[count - 1].revents & (ZMQ_POLLIN | ZMQ_POLLERR)))
			by_hand = read_hand(crowd);
		int64_t real_ms = clock_boot_ms();

		for (uint32_t i = 0; i < crowd->count; i++) {
			for (uint32_t index = 0; index < crowd->endpoint_count; index++)
				line_work(crowd, &crowd->terminal[i], index, real_ms);
			jobs_work(crowd, &crowd->terminal[i]);
		}
		hear_replies(crowd, real_ms);
	}
	free(item);
}

int main(int argc, char **argv)
{
	static struct crowd crowd = {.rate_milli = 1000, .speed_milli = 1000};
	struct sigaction action = {.sa_handler = stop};

	crowd.terminal = calloc(TERMINALS_MAX, sizeof(*crowd.terminal));
	crowd.born = (uint64_t)clock_wall_ms();
	crowd.event_offset_ms = clock_wall_ms() - crowd_now_ms(&crowd);
	if (!crowd.terminal || !read_options(&crowd, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (!open_crowd(&crowd))
		return EXIT_FAILURE;
	run(&crowd);
	close_crowd(&crowd);
	return EXIT_SUCCESS;
}
