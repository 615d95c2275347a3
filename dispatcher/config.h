/* config: the daemon's configuration file; says what is wrong with it, opens nothing. */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/core.h"

struct config_postgres {
	char *conninfo, *migrate_conninfo, *migrations;
};

struct config_listen {
	char *alarms, *units, *feed, *http, *tcp;
	char *key_file;         /* NULL: curve.key in the data folder */
	char *gateway_key_file; /* NULL: none */
	bool insecure;          /* tcp:// doors ask for no keys, and HTTP over TCP for no token */
	char **accounts;        /* names or numbers of users; NULL: all that the socket's mode lets in */
	unsigned accounts_count;
	uint32_t lockout_s; /* 0: 60 */
};

/* Of HTTP over TCP. Both or none. */
struct config_tls {
	char *certificate, *key;
};

struct config_clock {
	char *start;   /* RFC 3339; event time at the first start */
	uint32_t rate; /* event seconds in a second */
};

/* Rows that the core's tables hold; 0: its default. */
struct config_limits {
	uint32_t grids, people, units, depots, stock_lines, devices, responsibilities, playbooks, incidents,
		needs, orders, supplies, notices, call_tasks, silences, identities, keys, texts, text_bytes;
};

/* Rules of decision that are the town's; core/core.h says what each does. 0: its default. */
struct config_rules {
	uint32_t identity_keep_s, position_fresh_s, position_stale_s, position_drop_s, position_cost_permille,
		position_cost_max_s, answer_s, ask_again_s, retry_s, join_m, join_s, same_place_m,
		carrier_speed_kmh, notice_tries, notice_s, depot_answer_s, bell_s, bell_rings, presence_s,
		presence_answer_s;
	bool named, evidence;
};

/* What a response level brings; texts are words of the roles. Absent (NULL): the core's default. */
struct config_level {
	char **agree, **notify, *release; /* release: auto, confirm, advise, unchanged */
	unsigned agree_count, notify_count;
};
struct config_response {
	struct config_level *I, *II, *III, *IV;
};

/* The other daemon of the same town. Without it (listen is NULL) this one leads alone. */
struct config_pair {
	char *name;          /* who we are in the database; NULL: the name of the host */
	char *listen, *peer; /* endpoints: ours, and the other one's */
	char *peer_key;      /* Z85 of the other one's public key; tcp:// needs it, unless listen.insecure */
};

/* The paper board. */
struct config_board {
	char *file;        /* NULL: board.html in the data folder */
	uint32_t *every_s; /* NULL: 60; 0: there is none */
};

/* As read; texts live until config_free. Keys are those of ops/dispatcher.yaml. */
struct config {
	char *town, *playbooks, *data, *ready_file, *log_level;
	struct config_postgres postgres;
	struct config_listen listen;
	struct config_tls tls;
	struct config_clock clock;
	struct config_pair pair;
	struct config_board board;
	struct config_limits limits;
	struct config_rules rules;
	struct config_response response;
	uint32_t store_grace_ms; /* 0: 300 */
	uint32_t snapshot_rows;  /* a snapshot is written every so many rows; 0: 100,000 */
};

/* Reads the file; faults go to standard error, with line where the reader knows it. NULL: it cannot be used. */
struct config *config_load(const char *path);
/* The same without config_check: what is to be filled in only once the keys are made may be missing yet. */
struct config *config_read(const char *path);
void config_free(struct config *config);

/* The limits of the core: the default, but where the file says otherwise. */
void config_core_limits(const struct config *config, struct core_limits *limits);

/* The rules of the core: the default, but where the file says otherwise. */
void config_core_rules(const struct config *config, struct core_rules *rules);

/* One level's part, 1 (I) .. 4 (IV); NULL: the file does not say. */
const struct config_level *config_level(const struct config *config, uint32_t level);

/* Whether the line to the other daemon asks for keys. */
bool config_pair_keyed(const struct config *config);

enum { ACCOUNTS_MAX = 256 };

/* The number of a user, by name or in figures. False: there is none. */
bool config_account(const char *name, uint32_t *uid);

/* What the keys' kinds do not say: endpoints, folders, times, bounds. Says every fault on standard error, opens and makes
 * nothing. path is that of the file, for the places. config_load has asked it. */
bool config_check(const char *path, const struct config *config);

/* Where the key stands in the file for the first time, from 1; line 0: nowhere. A key within a part may be told from others
 * of its name: part.key. */
void config_find_key(const char *path, const char *key, unsigned *line, unsigned *column);

#endif
