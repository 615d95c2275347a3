/* alarm-player: plays a file of alarms to a daemon at event time and reports each reply; it is no device and no load test. */
#include "alarm-sockets.h"

#define NOT_LEADER_S 0.3 /* before the other one is asked */

static const char usage[] =
	"usage: alarm-player [OPTION]... FILE|-\n"
	"Sends the alarms of FILE, one JSON object a line (CloudEvents, as in schemas/wire/alarm.json), each "
	"when the event\n"
	"clock reaches its time, repeats what gets no reply, and prints one line a reply and a summary.\n"
	"\n"
	"  --endpoint E     where the daemon takes alarms; else $DISPATCH_ALARMS, else tcp://127.0.0.1:5570; "
	"twice: of two daemons, of which one leads\n"
	"  --env FILE       take endpoint and server from FILE (run.env), again whenever replies fail to "
	"come\n"
	"  --key-file FILE  three lines: the daemon's public key, our public key, our secret key; twice: of "
	"each\n"
	"                   --endpoint; else $DISPATCH_GATEWAY_KEY_FILE, else none\n"
	"  --connections N  spread over N connections (1)\n"
	"  --server URL     keep step with the event clock of GET URL/v1/status; unix:PATH or "
	"http://HOST:PORT\n"
	"  --clock T,RATE   or: the event clock shows T now and runs at RATE\n"
	"  --relative       each line says after_s instead of time; time, id and specversion are filled in\n"
	"  --fast           do not wait for the clock\n"
	"  --window N       at most N without a reply (1000)\n"
	"  --resend S       repeat what got no reply for S seconds (3)\n"
	"  --give-up S      end S seconds after the last reply, when some never come (30)\n"
	"  --log FILE       one JSON object a reply, as without --zh\n"
	"  --zh             print for people\n"
	"  --quiet          print the summary only\n"
	"\n"
	"A line may also hold: name, note (for the report), expect (\"accepted\", \"rejected bad_time\" …), "
	"shift_s (added to the\n"
	"time it tells, not to when it is sent), pad (fill text up to so many bytes), raw (send this text as "
	"it is).\n"
	"Exit: 0 all replied as expected, 1 some unanswered or unexpected, 2 usage.\n";

/* --- replies --------------------------------------------------------------------------------------- */

static void tally(struct tally *tally, const char *word)
{
	uint32_t at = 0;

	while (at < tally->count && strcmp(tally->word[at], word) != 0)
		at++;
	if (at == RESULTS_MAX)
		return;
	if (at == tally->count)
		(void)snprintf(tally->word[tally->count++], WORD_SIZE, "%s", word);
	tally->of[at]++;
}

static const char *zh(const char *word)
{
	static const char *const pair[][2] = {{"accepted", "已受理"}, {"duplicate", "重复报送"},
		{"suppressed", "静默(计数)"}, {"rejected", "不接收"}, {"malformed", "格式错误"},
		{"too_large", "报文过大"}, {"unknown_source", "来源未登记"}, {"unknown_type", "类型未知"},
		{"bad_position", "位置有误"}, {"outside_town", "不在本镇"}, {"bad_time", "时间有误"},
		{"too_old", "时间过早"}, {"not_permitted", "无权报送"}};

	for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++)
		if (strcmp(pair[i][0], word) == 0)
			return pair[i][1];
	return word;
}

static bool is_expected(const struct alarm *entry, const char *result, const char *reason)
{
	char said[2 * WORD_SIZE];

	if (entry->expect == NULL)
		return true;
	/* a repeat after a lost reply is answered duplicate: the first one was taken */
	if (entry->attempts > 1 && strcmp(result, "duplicate") == 0 && strcmp(entry->expect, "accepted") == 0)
		return true;
	(void)snprintf(said, sizeof said, "%s%s%s", result, reason[0] != '\0' ? " " : "", reason);
	return strcmp(said, entry->expect) == 0;
}

static void print_zh(
	const struct alarm *entry, const json_t *reply, const char *result, const char *reason, bool expected)
{
	const char *incident = json_string_value(json_object_get(reply, "incident"));
	const char *detail = json_string_value(json_object_get(reply, "detail"));
	char at[TIME_LOCAL_LEN + 1] = "";

	time_format_local(entry->at_ms, OFFSET_MIN, at);
	const char *source = json_string_value(json_object_get(reply, "source"));
	const char *what = entry->note != NULL ? entry->note : entry->type != NULL ? entry->type : "(无类型)";

	printf("%s 报警 %s(%s)→ %s", at + 11, what, source != NULL ? source : "来源不明", zh(result));
	if (reason[0] != '\0')
		printf(":%s%s%s", zh(reason), detail != NULL ? " — " : "", detail != NULL ? detail : "");
	if (incident != NULL)
		printf(",事件 %s", incident);
	printf("%s\n", expected ? "" : "  ← 与预期不符");
}

static void report(struct alarm *entry, json_t *reply, double ms)
{
	const char *result = json_string_value(json_object_get(reply, "result"));
	const char *reason = json_string_value(json_object_get(reply, "reason"));
	char *was = entry->expect;

	result = result != NULL ? result : "?";
	reason = reason != NULL ? reason : "";
	bool expected = is_expected(entry, result, reason);

	tally(&player.result, result);
	if (reason[0] != '\0')
		tally(&player.reason, reason);
	player.unexpected += !expected;
	if (player.zh && !player.quiet)
		print_zh(entry, reply, result, reason, expected);
	if (player.log == NULL && (player.quiet || player.zh))
		return;
	json_object_set_new(reply, "reply_ms", json_real(ms));
	json_object_set_new(reply, "replied_ms", json_integer(player.reply_us / 1000));
	json_object_set_new(reply, "attempts", json_integer(entry->attempts));
	if (entry->name != NULL)
		json_object_set_new(reply, "name", json_string(entry->name));
	if (was != NULL)
		json_object_set_new(reply, "expected", json_boolean(expected));
	if (player.log != NULL) {
		json_dumpf(reply, player.log, JSON_COMPACT | JSON_REAL_PRECISION(6));
		fputc('\n', player.log);
	}
	if (!player.zh && !player.quiet) {
		json_dumpf(reply, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
		putchar('\n');
	}
}

/* The oldest one that waits for this reply. */
static struct alarm *entry_for(const json_t *reply, uint32_t connection)
{
	char *key = key_of(reply);
	ENTRY *slot = NULL;
	struct alarm *found = NULL;

	if (hsearch_r((ENTRY){key, NULL}, FIND, &slot, &player.by_key) != 0)
		for (found = slot->data; found != NULL && (found->answered || found->attempts == 0);)
			found = found->same;
	free(key);
	if (slot != NULL)
		return found;
	for (size_t i = player.oldest; i < player.next; i++) {
		found = &player.entry[i];
		if (found->anonymous && !found->answered && found->connection == connection)
			return found;
	}
	return NULL;
}

static void take_reply(const char *bytes, size_t len, uint32_t connection)
{
	json_t *reply = json_loadb(bytes, len, 0, NULL);
	const char *reason = json_string_value(json_object_get(reply, "reason"));
	struct alarm *entry = json_object_get(reply, "result") != NULL ? entry_for(reply, connection) : NULL;
	int64_t at_us = now_us();

	player.reply_us = at_us;
	if (entry == NULL) {
		player.strays++; /* the second reply to a repeat, or news for a follower */
	} else if (reason != NULL &&
		   (strcmp(reason, "overloaded") == 0 || strcmp(reason, "not_leader") == 0)) {
		double wait_s = json_number_value(json_object_get(reply, "retry_after_s"));

		tally(&player.reason, reason);
		if (reason[0] == 'n' && player.daemons > 1) {
			ask_other(connection);
			wait_s = NOT_LEADER_S;
		}
		entry->last_us = at_us + (int64_t)(((wait_s > 0 ? wait_s : 1) - player.resend_s) * 1e6);
	} else {
		double ms = (double)(at_us - entry->first_us) / 1000;

		entry->answered = true;
		player.reply_ms[player.answered++] = ms;
		report(entry, reply, ms);
	}
	json_decref(reply);
}

static bool replies_take(void)
{
	static char bytes[REPLY_MAX];
	bool some = false;

	for (uint32_t i = 0; i < sockets_count(); i++)
		for (int len;
			(len = zmq_recv(player.connection[i].socket, bytes, sizeof bytes, ZMQ_DONTWAIT)) >= 0;
			some = true)
			take_reply(bytes, (size_t)len < sizeof bytes ? (size_t)len : sizeof bytes, i);
	while (player.oldest < player.next && player.entry[player.oldest].answered)
		player.oldest++;
	return some;
}

/* --- playing --------------------------------------------------------------------------------------- */

static bool send_entry(struct alarm *entry)
{
	size_t number = (size_t)(entry - player.entry);

	entry->connection = player.leader * player.connections + (uint32_t)(number % player.connections);
	if (zmq_send(player.connection[entry->connection].socket, entry->bytes, entry->len, ZMQ_DONTWAIT) < 0)
		return false;
	entry->last_us = now_us();
	if (entry->attempts++ == 0)
		entry->first_us = entry->last_us;
	else
		player.repeats++;
	return true;
}

static void send_due(void)
{
	int64_t now_ms = event_now_ms();

	while (player.next < player.count && (player.fast || player.entry[player.next].at_ms <= now_ms) &&
		player.next - player.answered < player.window && send_entry(&player.entry[player.next]))
		player.next++;
}

static void send_again(void)
{
	int64_t before_us = now_us() - (int64_t)(player.resend_s * 1e6);
	bool looked = false;

	for (size_t i = player.oldest; i < player.next; i++) {
		if (player.entry[i].answered || player.entry[i].last_us > before_us)
			continue;
		if (!looked && env_read())
			sockets_open();
		if (!looked)
			ask_other(player.entry[i].connection);
		looked = true;
		if (!send_entry(&player.entry[i]))
			break;
	}
}

static int wait_ms(void)
{
	int64_t until_ms = 200;

	if (player.next < player.count && !player.fast) {
		int64_t due_ms = player.entry[player.next].at_ms - event_now_ms();

		until_ms = due_ms <= 0 ? 1 : (int64_t)((double)due_ms / player.rate) + 1;
	}
	return (int)(until_ms < 200 ? until_ms : 200);
}

static void play(void)
{
	zmq_pollitem_t item[CONNECTIONS_MAX * DAEMONS_MAX] = {0};
	int64_t again_us = 0;

	player.reply_us = now_us();
	while (player.answered < player.count) {
		send_due();
		if (!replies_take()) {
			for (uint32_t i = 0; i < sockets_count(); i++)
				item[i] = (zmq_pollitem_t){
					.socket = player.connection[i].socket, .events = ZMQ_POLLIN};
			zmq_poll(item, (int)sockets_count(), wait_ms());
			fflush(NULL);
		}
		int64_t at_us = now_us();

		if (at_us - again_us > 200000) {
			again_us = at_us;
			fflush(NULL); /* who watches the report need not wait for a pause */
			sockets_tend();
			send_again();
		}
		if (player.server != NULL && !player.fast && at_us - player.status_us > 5000000)
			(void)clock_read();
		bool idle = player.next < player.count && player.next == player.answered && !player.fast &&
			    player.entry[player.next].at_ms > event_now_ms();

		if (idle)
			player.reply_us = at_us; /* nothing is owed to us: the next alarm is not due yet */
		if ((double)(at_us - player.reply_us) > player.give_up_s * 1e6)
			break;
	}
}

static int by_value(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

static json_t *tally_json(const struct tally *tally)
{
	json_t *object = need(json_object());

	for (uint32_t i = 0; i < tally->count; i++)
		json_object_set_new(object, tally->word[i], json_integer(tally->of[i]));
	return object;
}

static void sum_up(void)
{
	size_t n = player.answered, unanswered = player.count - n;
	json_t *sum = need(json_object());

	if (n > 0)
		qsort(player.reply_ms, n, sizeof *player.reply_ms, by_value);
	json_object_set_new(sum, "alarms", json_integer((json_int_t)player.count));
	json_object_set_new(sum, "sent", json_integer((json_int_t)player.next));
	json_object_set_new(sum, "repeats", json_integer((json_int_t)player.repeats));
	json_object_set_new(sum, "results", tally_json(&player.result));
	json_object_set_new(sum, "reasons", tally_json(&player.reason));
	json_object_set_new(sum, "unanswered", json_integer((json_int_t)unanswered));
	json_object_set_new(sum, "unexpected", json_integer((json_int_t)player.unexpected));
	json_object_set_new(sum, "reply_p50_ms", json_real(n > 0 ? player.reply_ms[(n - 1) / 2] : 0));
	json_object_set_new(sum, "reply_p99_ms", json_real(n > 0 ? player.reply_ms[(n - 1) * 99 / 100] : 0));
	json_dumpf(sum, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(sum);
}

/* --- the command line ------------------------------------------------------------------------------ */

static double number(const char *text, double least)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end != '\0' || !(value >= least) || value > 1e9)
		die("not a number in range:", text);
	return value;
}

static void clock_set(const char *text)
{
	const char *comma = strchr(text, ',');

	if (comma == NULL ||
		time_parse((struct text){text, (uint32_t)(comma - text)}, &player.base_ms) != DISP_OK)
		die("--clock wants a time and a rate, such as 2026-07-01T10:00:00Z,60, not", text);
	player.rate = number(comma + 1, 0.001);
	player.base_us = now_us();
	player.fixed_clock = true;
}

static const struct option options[] = {{"endpoint", 1, NULL, 'e'}, {"env", 1, NULL, 'E'},
	{"key-file", 1, NULL, 'k'}, {"connections", 1, NULL, 'c'}, {"server", 1, NULL, 's'},
	{"clock", 1, NULL, 'C'}, {"relative", 0, NULL, 'r'}, {"fast", 0, NULL, 'f'}, {"window", 1, NULL, 'w'},
	{"resend", 1, NULL, 'R'}, {"give-up", 1, NULL, 'g'}, {"log", 1, NULL, 'l'}, {"zh", 0, NULL, 'z'},
	{"quiet", 0, NULL, 'q'}, {"help", 0, NULL, 'h'}, {NULL, 0, NULL, 0}};

static void option_take(int letter)
{
	switch (letter) {
	case 'e':
		if (player.daemons == DAEMONS_MAX)
			die("two daemons at most:", optarg);
		player.endpoint[player.daemons++] = optarg;
		break;
	case 'E':
		player.env_file = optarg;
		break;
	case 'c':
		player.connections = (uint32_t)number(optarg, 1);
		break;
	case 's':
		player.server = optarg;
		break;
	case 'C':
		clock_set(optarg);
		break;
	case 'r':
		player.relative = true;
		break;
	case 'f':
		player.fast = true;
		break;
	case 'w':
		player.window = (uint32_t)number(optarg, 1);
		break;
	case 'k':
		if (player.key_files == DAEMONS_MAX)
			die("more key files than daemons:", optarg);
		player.key_file[player.key_files++] = optarg;
		break;
	case 'R':
		player.resend_s = number(optarg, 0.05);
		break;
	case 'g':
		player.give_up_s = number(optarg, 0.1);
		break;
	case 'l':
		player.log_path = optarg;
		break;
	case 'z':
		player.zh = true;
		break;
	case 'q':
		player.quiet = true;
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	default:
		fputs(usage, stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	const char *keys = getenv("DISPATCH_GATEWAY_KEY_FILE");

	for (int letter; (letter = getopt_long(argc, argv, "", options, NULL)) != -1;)
		option_take(letter);
	if (optind != argc - 1 || player.connections > CONNECTIONS_MAX)
		option_take('?');
	if (player.key_files == 0 && keys != NULL)
		player.key_file[player.key_files++] = keys;
	if (player.daemons == 0) {
		player.endpoint[0] = getenv("DISPATCH_ALARMS");
		player.daemons = 1;
	}
	if (player.endpoint[0] == NULL)
		player.endpoint[0] = "tcp://127.0.0.1:5570";
	(void)env_read();
	if (player.log_path != NULL && (player.log = fopen(player.log_path, "w")) == NULL)
		die(strerror(errno), player.log_path);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	player.curl = need(curl_easy_init());
	player.context = need(zmq_ctx_new());
	clock_begin();
	file_read(argv[optind]);
	index_entries();
	sockets_open();
	play();
	sum_up();
	return player.answered == player.count && player.unexpected == 0 ? 0 : 1;
}
