/* config_check: what the schema of the configuration cannot say; opens and makes nothing. */
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "store/store.h"
#include "wire/time_text.h"
#include "wire/z85.h"

enum { LIMIT_MAX = 16777216, TEXT_BYTES_MAX = 1 << 30, LINE_MAX_BYTES = 4096, SOCKET_PATH_MAX = 107 };
enum { DAY_S = 24 * 3600, WEEK_S = 7 * DAY_S, FAR_M = 100000, NOTICE_TRIES_MAX = 9 };
enum { HOUR_S = 3600, BELL_S_MIN = 5, BELL_RINGS_MAX = 60, NAME_MAX_BYTES = 63 };

struct check {
	const char *path;
	bool good;
};

/* --- where ---------------------------------------------------------------------------------------- */

/* Whether the word stands at `at` as a key. tcp://… is none. */
static bool is_key(const char *line, const char *at, const char *key)
{
	const char *end = at + strlen(key);

	return (at == line || !(isalnum((unsigned char)at[-1]) || at[-1] == '_')) && *end == ':' &&
	       (end[1] == '\0' || isspace((unsigned char)end[1]));
}

static const char *find_key(const char *line, const char *from, const char *key)
{
	const char *at = strstr(from, key);

	while (at != NULL && !is_key(line, at, key))
		at = strstr(at + 1, key);
	return at;
}

/* "part.key" is the first key of that name behind the part. */
void config_find_key(const char *path, const char *key, unsigned *line_number, unsigned *column)
{
	char line[LINE_MAX_BYTES], part[64];
	size_t part_len = strcspn(key, ".");
	bool within =
		part_len > 0 && part_len < sizeof part && key[part_len] == '.' && key[part_len + 1] != '\0';
	FILE *from = key[0] != '\0' ? fopen(path, "r") : NULL; /* an empty key would be found everywhere */

	*line_number = *column = 0;
	if (within) {
		(void)snprintf(part, sizeof part, "%.*s", (int)part_len, key);
		key += part_len + 1;
	}
	for (unsigned number = 1; from != NULL && *line_number == 0 && fgets(line, sizeof line, from) != NULL;
		number++) {
		line[strcspn(line, "#")] = '\0';
		const char *at = find_key(line, line, within ? part : key);

		if (at != NULL && within) {
			within = false;
			at = find_key(line, at + 1, key);
		}
		if (at != NULL) {
			*line_number = number;
			*column = (unsigned)(at - line) + 1;
		}
	}
	if (from != NULL)
		fclose(from);
}

static void __attribute__((format(printf, 3, 4)))
refuse(struct check *check, const char *key, const char *format, ...)
{
	unsigned line, column;
	char what[512];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	config_find_key(check->path, key, &line, &column);
	if (line == 0)
		fprintf(stderr, "%s: %s: %s\n", check->path, key, what);
	else
		fprintf(stderr, "%s:%u:%u: %s: %s\n", check->path, line, column, key, what);
	check->good = false;
}

/* --- endpoints ------------------------------------------------------------------------------------ */

/* 1 .. 65535, or `*`: any free one. */
static bool is_port(const char *text)
{
	size_t len = strlen(text);

	if (strcmp(text, "*") == 0)
		return true;
	return len >= 1 && len <= 5 && strspn(text, "0123456789") == len && text[0] != '0' &&
	       strtoul(text, NULL, 10) <= 65535;
}

/* A door for messages: tcp://HOST:PORT, where HOST may be a name, an interface or `*`; or ipc://PATH. */
static void check_endpoint(struct check *check, const char *key, const char *text)
{
	const char *host = text + 6, *colon = strrchr(text, ':');

	if (strncmp(text, "ipc://", 6) == 0) {
		if (host[0] == '\0' || strlen(host) > SOCKET_PATH_MAX)
			refuse(check, key, "\"%.200s\": a path of 1 to %d bytes is needed after ipc://", text,
				(int)SOCKET_PATH_MAX);
	} else if (strncmp(text, "tcp://", 6) != 0 || colon <= host) {
		refuse(check, key, "\"%.200s\" is not an endpoint, such as tcp://127.0.0.1:5570", text);
	} else if (!is_port(colon + 1)) {
		refuse(check, key, "\"%.200s\": the port is a number from 1 to 65535, or * for any free one",
			text);
	}
}

/* HOST in numbers: 127.0.0.1, [::1]. */
static bool is_address(const char *text, size_t len)
{
	char host[64];
	struct in6_addr address;
	bool six = len > 2 && text[0] == '[' && text[len - 1] == ']';

	if (six) {
		text++;
		len -= 2;
	}
	if (len >= sizeof host)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	return inet_pton(six ? AF_INET6 : AF_INET, host, &address) == 1;
}

static void check_tcp(struct check *check, const char *key, const char *text, const char *wanted)
{
	const char *colon = strrchr(text, ':');

	if (colon == NULL || !is_address(text, (size_t)(colon - text)))
		refuse(check, key, "\"%.200s\" is not %s with an address in numbers, such as 127.0.0.1:5573",
			text, wanted);
	else if (!is_port(colon + 1))
		refuse(check, key, "\"%.200s\": the port is a number from 1 to 65535, or * for any free one",
			text);
}

static void check_folder(struct check *check, const char *key, const char *folder);

/* A file of ours that is there, or can be made in a folder that is there. */
static void check_file(struct check *check, const char *key, const char *file)
{
	const char *slash = strrchr(file, '/');
	char folder[LINE_MAX_BYTES];
	struct stat status;

	if (file[0] == '\0' || strlen(file) > LINE_MAX_BYTES - 8 || (slash != NULL && slash[1] == '\0')) {
		refuse(check, key, "a path of a file is needed");
	} else if (stat(file, &status) == 0 && !S_ISREG(status.st_mode)) {
		refuse(check, key, "\"%.300s\" is not a file", file);
	} else if (slash != NULL) {
		(void)snprintf(folder, sizeof folder, "%.*s", slash == file ? 1 : (int)(slash - file), file);
		check_folder(check, key, folder);
	}
}

/* What holds a secret is read by its owner alone. */
static void check_key_file(struct check *check, const char *key, const char *file)
{
	struct stat status;

	if (file == NULL)
		return;
	check_file(check, key, file);
	if (stat(file, &status) == 0 && (status.st_mode & 077) != 0)
		refuse(check, key,
			"\"%.300s\" holds a secret, and others than its owner can read it: chmod 600", file);
}

/* As the api wants it: ours alone, or root's, whose group may read it. */
static void check_tls(struct check *check, const struct config *config)
{
	const struct config_tls *tls = &config->tls;
	const struct config_listen *listen = &config->listen;
	bool is_tcp = listen->tcp != NULL || strncmp(listen->http, "unix:", 5) != 0;
	const char *key = listen->tcp != NULL ? "tcp" : "http";
	struct stat status;

	if (is_tcp && tls->certificate == NULL && tls->key == NULL && !listen->insecure)
		refuse(check, key,
			"HTTP over TCP needs tls: { certificate, key }; or listen.insecure: true, and "
			"whoever reaches it may give every command");
	if ((tls->certificate == NULL) != (tls->key == NULL))
		refuse(check, "tls", "certificate and key are needed, both");
	if (tls->certificate != NULL && access(tls->certificate, R_OK) != 0)
		refuse(check, "certificate", "\"%.300s\": %s", tls->certificate, strerror(errno));
	if (tls->key == NULL)
		return;
	if (access(tls->key, R_OK) != 0 || stat(tls->key, &status) != 0)
		refuse(check, "key", "\"%.300s\": %s", tls->key, strerror(errno));
	else if ((status.st_mode & (status.st_uid == 0 ? 027 : 077)) != 0)
		refuse(check, "key",
			"\"%.300s\": others may read it; it needs mode 0600, or 0640 where root owns it",
			tls->key);
}

static void check_accounts(struct check *check, const struct config_listen *listen)
{
	uint32_t uid;

	if (listen->accounts_count > ACCOUNTS_MAX)
		refuse(check, "accounts", "more than %d", (int)ACCOUNTS_MAX);
	for (unsigned index = 0; index < listen->accounts_count; index++)
		if (!config_account(listen->accounts[index], &uid))
			refuse(check, "accounts", "\"%.100s\" is no user of this machine",
				listen->accounts[index]);
	if (listen->lockout_s > DAY_S)
		refuse(check, "lockout_s", "more than %d", (int)DAY_S);
}

static void check_listen(struct check *check, const struct config_listen *listen)
{
	check_endpoint(check, "alarms", listen->alarms);
	check_endpoint(check, "units", listen->units);
	check_endpoint(check, "feed", listen->feed);
	if (strncmp(listen->http, "unix:", 5) != 0)
		check_tcp(check, "http", listen->http, "unix:PATH, or HOST:PORT");
	else if (listen->http[5] == '\0' || strlen(listen->http + 5) > SOCKET_PATH_MAX)
		refuse(check, "http",
			"\"%.200s\": a path of 1 to %d bytes is needed after unix:", listen->http,
			(int)SOCKET_PATH_MAX);
	if (listen->tcp != NULL)
		check_tcp(check, "tcp", listen->tcp, "HOST:PORT");
	check_accounts(check, listen);
	check_key_file(check, "key_file", listen->key_file);
	check_key_file(check, "gateway_key_file", listen->gateway_key_file);
}

/* --- the pair --------------------------------------------------------------------------------------- */

/* Names are not looked up and no port is free: the other one must find it, and a dead name server must hold up nothing. */
static void check_pair_end(struct check *check, const char *key, const char *text)
{
	const char *host = text + 6, *colon = strrchr(text, ':');
	bool good = check->good;

	check->good = true;
	check_endpoint(check, key, text);
	if (check->good && strncmp(text, "tcp://", 6) == 0) {
		if (strcmp(colon + 1, "*") == 0)
			refuse(check, key, "\"%.200s\": the two need to know each other's port", text);
		else if (!is_address(host, (size_t)(colon - host)) && strncmp(host, "*:", 2) != 0)
			refuse(check, key,
				"\"%.200s\" is not an endpoint with an address in numbers, such as "
				"tcp://192.0.2.11:5575",
				text);
	}
	check->good = check->good && good;
}

static bool is_visible(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static void check_pair(struct check *check, const struct config *config)
{
	const struct config_pair *pair = &config->pair;
	uint8_t key[Z85_KEY_BYTES];

	if (pair->listen == NULL)
		return;
	check_pair_end(check, "pair.listen", pair->listen);
	check_pair_end(check, "pair.peer", pair->peer);
	if (strcmp(pair->listen, pair->peer) == 0)
		refuse(check, "pair.peer", "\"%.200s\" is our own endpoint", pair->peer);
	else if (strncmp(pair->peer, "tcp://*", 7) == 0)
		refuse(check, "pair.peer", "\"%.200s\": where is the other one?", pair->peer);
	if (pair->name != NULL &&
		(pair->name[0] == '\0' || strlen(pair->name) > NAME_MAX_BYTES || !is_visible(pair->name)))
		refuse(check, "pair.name", "a name of 1 to %d bytes is needed", (int)NAME_MAX_BYTES);
	if (pair->peer_key != NULL) {
		if (!z85_read(
			    (struct text){pair->peer_key, (uint32_t)strlen(pair->peer_key)}, key, sizeof key))
			refuse(check, "pair.peer_key",
				"this is no public key, 40 letters of Z85 such as the first line of the "
				"other "
				"one's curve.key");
	} else if (config_pair_keyed(config)) {
		refuse(check, "pair",
			"at tcp:// peer_key is needed, the public key of the other one (dispatcherd -c FILE "
			"--key there prints it); or listen.insecure: true, and whoever reaches it may speak "
			"for it");
	}
}

/* --- folders and the database ---------------------------------------------------------------------- */

/* The folder is there, or can be made: its parent is there and takes it. */
static void check_folder(struct check *check, const char *key, const char *folder)
{
	struct stat status;
	char parent[LINE_MAX_BYTES];
	size_t len = strlen(folder);

	if (len == 0 || len >= sizeof parent) {
		refuse(check, key, "a path is needed");
		return;
	}
	if (stat(folder, &status) == 0) {
		if (!S_ISDIR(status.st_mode))
			refuse(check, key, "\"%.300s\" is not a folder", folder);
		else if (access(folder, R_OK | W_OK | X_OK) != 0)
			refuse(check, key, "\"%.300s\": %s", folder, strerror(errno));
		return;
	}
	while (len > 1 && folder[len - 1] == '/')
		len--;
	while (len > 0 && folder[len - 1] != '/')
		len--;
	(void)snprintf(parent, sizeof parent, "%.*s", len == 0 ? 1 : (int)len, len == 0 ? "." : folder);
	if (stat(parent, &status) != 0 || !S_ISDIR(status.st_mode))
		refuse(check, key, "\"%.300s\" is not there, and neither is the folder that it is to be in",
			folder);
	else if (access(parent, W_OK | X_OK) != 0)
		refuse(check, key, "\"%.300s\" is not there and cannot be made: %s", folder, strerror(errno));
}

/* Of the paper board; without the key it lies in the data folder. */
static void check_board(struct check *check, const struct config_board *board)
{
	if (board->every_s != NULL && *board->every_s > DAY_S)
		refuse(check, "every_s", "more than %d", (int)DAY_S);
	if (board->file != NULL && (board->every_s == NULL || *board->every_s != 0))
		check_file(check, "file", board->file);
}

/* As the store takes them: 001_journal.sql. */
static bool is_migration(const char *name)
{
	size_t digits = strspn(name, "0123456789"), len = strlen(name);

	return digits > 0 && name[digits] == '_' && len > 4 && strcmp(name + len - 4, ".sql") == 0;
}

static void check_migrations(struct check *check, const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	bool any = false;

	if (dir == NULL) {
		refuse(check, "migrations", "\"%.300s\": %s", path, strerror(errno));
		return;
	}
	while (!any && (entry = readdir(dir)) != NULL)
		any = is_migration(entry->d_name);
	closedir(dir);
	if (!any)
		refuse(check, "migrations", "\"%.300s\" holds no migration, such as 001_journal.sql", path);
}

static void check_conninfo(struct check *check, const char *key, const char *conninfo)
{
	char error[STORE_ERROR_BYTES];

	if (conninfo != NULL && store_conninfo_check(conninfo, error, sizeof error) != DISP_OK)
		refuse(check, key, "%s", error);
}

/* --- numbers --------------------------------------------------------------------------------------- */

static void check_rules(struct check *check, const struct config_rules *rules)
{
	const struct {
		const char *key;
		uint32_t value, most;
	} bound[] = {{"identity_keep_s", rules->identity_keep_s, 4 * WEEK_S},
		{"position_fresh_s", rules->position_fresh_s, WEEK_S},
		{"position_stale_s", rules->position_stale_s, WEEK_S},
		{"position_drop_s", rules->position_drop_s, WEEK_S},
		{"position_cost_permille", rules->position_cost_permille, 10000},
		{"position_cost_max_s", rules->position_cost_max_s, DAY_S},
		{"answer_s", rules->answer_s, DAY_S}, {"ask_again_s", rules->ask_again_s, DAY_S},
		{"retry_s", rules->retry_s, DAY_S}, {"join_m", rules->join_m, FAR_M},
		{"join_s", rules->join_s, WEEK_S}, {"same_place_m", rules->same_place_m, FAR_M},
		{"carrier_speed_kmh", rules->carrier_speed_kmh, 300},
		{"notice_tries", rules->notice_tries, NOTICE_TRIES_MAX}, {"notice_s", rules->notice_s, DAY_S},
		{"depot_answer_s", rules->depot_answer_s, DAY_S}, {"bell_s", rules->bell_s, HOUR_S},
		{"bell_rings", rules->bell_rings, BELL_RINGS_MAX}, {"presence_s", rules->presence_s, DAY_S},
		{"presence_answer_s", rules->presence_answer_s, HOUR_S}};

	for (size_t i = 0; i < sizeof bound / sizeof bound[0]; i++)
		if (bound[i].value > bound[i].most)
			refuse(check, bound[i].key, "more than %u", bound[i].most);
	if (rules->bell_s != 0 && rules->bell_s < BELL_S_MIN)
		refuse(check, "bell_s", "less than %d: each ring is a row of the journal", (int)BELL_S_MIN);
	if (rules->identity_keep_s != 0 && rules->identity_keep_s < DAY_S)
		refuse(check, "identity_keep_s", "less than %d: repeats are to be known for a day",
			(int)DAY_S);
}

static void check_limits(struct check *check, const struct config_limits *limits)
{
	const struct {
		const char *key;
		uint32_t value;
	} limit[] = {{"grids", limits->grids}, {"people", limits->people}, {"units", limits->units},
		{"depots", limits->depots}, {"stock_lines", limits->stock_lines},
		{"devices", limits->devices}, {"responsibilities", limits->responsibilities},
		{"playbooks", limits->playbooks}, {"incidents", limits->incidents}, {"needs", limits->needs},
		{"orders", limits->orders}, {"supplies", limits->supplies}, {"notices", limits->notices},
		{"call_tasks", limits->call_tasks}, {"silences", limits->silences},
		{"identities", limits->identities}, {"keys", limits->keys}, {"texts", limits->texts}};

	_Static_assert(
		sizeof limit / sizeof limit[0] + 1 == sizeof *limits / sizeof(uint32_t), "every limit");
	for (size_t i = 0; i < sizeof limit / sizeof limit[0]; i++)
		if (limit[i].value > LIMIT_MAX)
			refuse(check, limit[i].key, "more than there can be: %d", (int)LIMIT_MAX);
	if (limits->text_bytes > TEXT_BYTES_MAX)
		refuse(check, "text_bytes", "more than there can be: %d", (int)TEXT_BYTES_MAX);
}

/* Those who may agree are offices of the town; who is told may be anybody with a role. */
static void check_roles(struct check *check, const char *level, const char *key, char *const *role,
	unsigned count, uint32_t allowed)
{
	for (unsigned index = 0; index < count; index++) {
		uint32_t bit = words_who((struct text){role[index], (uint32_t)strlen(role[index])});

		if ((bit & allowed) == 0 && (strcmp(role[index], "nobody") != 0 || count > 1))
			refuse(check, level, "%s: \"%.100s\" is not one of the roles that may stand here",
				key, role[index]);
	}
}

static void check_response(struct check *check, const struct config *config)
{
	static const char *const name[RESPONSE_COUNT] = {"", "I", "II", "III", "IV"};
	uint32_t agree = WHO_DUTY_OFFICER | WHO_OFFICE | WHO_LEADER | WHO_COMMITTEE;
	uint32_t notify = agree | WHO_KEEPER | WHO_AUDITOR | WHO_GRID_MEMBER | WHO_GRID_HEAD |
			  WHO_VILLAGE_HEAD | WHO_TOWN_HEAD;

	for (uint32_t level = 1; level < RESPONSE_COUNT; level++) {
		const struct config_level *from = config_level(config, level);
		const char *release = from == NULL ? NULL : from->release;

		if (from == NULL)
			continue;
		check_roles(check, name[level], "agree", from->agree, from->agree_count, agree);
		check_roles(check, name[level], "notify", from->notify, from->notify_count, notify);
		if (release != NULL && strcmp(release, "unchanged") != 0 &&
			words_find(WORDS_RELEASE, (struct text){release, (uint32_t)strlen(release)}) ==
				UINT32_MAX)
			refuse(check, name[level],
				"release: \"%.100s\" is not one of auto, confirm, advise, unchanged",
				release);
	}
}

bool config_check(const char *path, const struct config *config)
{
	struct check check = {path, true};
	const struct config_postgres *postgres = &config->postgres;
	const char *start = config->clock.start;
	int64_t at_ms;

	check_folder(&check, "data", config->data);
	check_board(&check, &config->board);
	check_conninfo(&check, "conninfo", postgres->conninfo);
	check_conninfo(&check, "migrate_conninfo", postgres->migrate_conninfo);
	if (postgres->migrations != NULL)
		check_migrations(&check, postgres->migrations);
	check_listen(&check, &config->listen);
	check_tls(&check, config);
	check_pair(&check, config);
	if (start != NULL && time_parse((struct text){start, (uint32_t)strlen(start)}, &at_ms) != DISP_OK)
		refuse(&check, "start", "\"%.100s\" is not a time, such as 2026-07-01T08:00:00Z", start);
	check_rules(&check, &config->rules);
	check_response(&check, config);
	check_limits(&check, &config->limits);
	return check.good;
}
