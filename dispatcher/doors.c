/* doors: ingest and api behind the one form of door that the shell knows; what they listen on. */
#include <string.h>

#include <sodium.h>

#include "daemon.h"
#include "ports.h"
#include "shell/say.h"

static enum disp_err next_of_api(void *context, int64_t at_ms, struct event *event, struct origin *origin)
{
	return api_next(context, at_ms, event, origin);
}

static enum disp_err prepare_of_api(void *context, const struct event *event, const struct effects *effects,
	const struct origin *origin, struct outbox *outbox)
{
	return api_prepare(context, event, effects, origin, outbox);
}

static void send_of_api(void *context, const struct origin *to, const uint8_t *bytes, uint32_t count)
{
	api_send(context, to, bytes, count);
}

static void hold_of_api(void *context, enum hold hold)
{
	api_hold(context, hold);
}

/* The api reads what was reported out of the journal for its screens; orders carry it, too. */
static uint32_t reported(void *context, uint32_t incident, char *bytes, uint32_t size)
{
	struct daemon *daemon = context;

	return daemon->api == NULL ? 0 : api_told(daemon->api, incident, bytes, size);
}

static bool begin(void *context, uint32_t door, const void *bytes, size_t count)
{
	struct daemon *daemon = context;

	return at_work_begin(daemon->at_work, door, bytes, count);
}

static void end(void *context)
{
	struct daemon *daemon = context;

	at_work_end(daemon->at_work);
}

/* Who may come in by HTTP. */
static bool api_configure(const struct daemon *daemon, struct api_config *api, uint32_t account[ACCOUNTS_MAX])
{
	const struct config_listen *listen = &daemon->config->listen;
	bool is_tcp = listen->tcp != NULL || strncmp(listen->http, "unix:", 5) != 0;

	api->certificate = daemon->config->tls.certificate;
	api->key = daemon->config->tls.key;
	for (unsigned index = 0; index < listen->accounts_count && index < ACCOUNTS_MAX; index++)
		if (!config_account(listen->accounts[index], &account[api->account_count++])) {
			say(SAY_ERROR, "listen.accounts", "detail=\"%s is no user of this machine\"",
				listen->accounts[index]);
			return false;
		}
	api->account = account;
	if (is_tcp && api->certificate == NULL)
		say_always(SAY_WARNING, "listen.insecure",
			"detail=\"INSECURE: HTTP over TCP asks for no token: whoever reaches it may give "
			"every command\"");
	return true;
}

void doors_renew(struct daemon *daemon)
{
	const struct config_tls *tls = &daemon->config->tls;
	char error[API_ERROR_SIZE];
	enum disp_err err = api_renew(daemon->api, tls->certificate, tls->key, error);

	if (err == DISP_OK)
		say(SAY_INFO, "tls.renewed", "certificate=\"%s\"", tls->certificate);
	else if (err != DISP_E_NONE)
		say(SAY_ERROR, "tls.refused", "detail=\"%s; the old certificate stays\"", error);
}

static bool may_send(void *context)
{
	return lead_may(context);
}

bool doors_open(struct daemon *daemon)
{
	const struct config_listen *listen = &daemon->config->listen;
	struct ingest_config wanted = {.alarms = listen->alarms,
		.units = listen->units,
		.feed = listen->feed,
		.epoch = daemon->shell.epoch,
		.begin = begin,
		.end = end,
		.reported = reported,
		.context = daemon,
		.may_send = may_send,
		.may_send_context = &daemon->lead};
	struct api_config api = {.tcp = listen->tcp, .lockout_ms = (int64_t)listen->lockout_s * 1000};
	uint32_t account[ACCOUNTS_MAX];
	struct api_hooks hooks = hooks_for(daemon);
	char error[INGEST_ERROR_SIZE];

	if (!keys_load(daemon, &wanted))
		return false;
	if (!api_configure(daemon, &api, account))
		return false;
	if (strncmp(listen->http, "unix:", 5) == 0)
		api.unix_path = listen->http + 5;
	else
		api.tcp = listen->http;
	enum disp_err opened = ingest_open(&daemon->ingest, &wanted, daemon->core, &daemon->ground, error);

	sodium_memzero(wanted.secret_key, sizeof wanted.secret_key);
	if (opened != DISP_OK || api_open(&daemon->api, &api, daemon->base, daemon->core, &daemon->ground,
					 &hooks, error) != DISP_OK) {
		say(SAY_ERROR, "listen", "detail=\"%s\"", error);
		return false;
	}
	daemon->shell.door[0] = ports_ingest(daemon->ingest);
	daemon->shell.door[1] = (struct door_port){
		daemon->api, next_of_api, prepare_of_api, send_of_api, 1u << DOOR_API, hold_of_api};
	daemon->shell.door_count = 2;
	if (!lead_may(&daemon->lead)) {
		ingest_lead(daemon->ingest, false, 0);
		api_lead(daemon->api, false);
	}
	return true;
}
