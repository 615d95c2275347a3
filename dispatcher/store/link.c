/* link: one connection to PostgreSQL that comes up, fails and comes back without ever blocking; sends no statement. */
#include "store/link.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void link_init(
	struct link *link, const char *name, const char *conninfo, store_report_fn *report, void *context)
{
	*link = (struct link){.name = name,
		.conninfo = conninfo,
		.report = report,
		.report_context = context,
		.retry_ms = LINK_RETRY_MS_MIN};
}

/* The server's messages end with a newline and may have several lines: one line is told. */
static void text_to_line(char *text)
{
	size_t size = strlen(text);

	while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == ' '))
		text[--size] = '\0';
	for (char *at = text; *at != '\0'; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
}

void link_tell(struct link *link, enum store_level level, const char *format, ...)
{
	char text[STORE_ERROR_BYTES];
	char line[STORE_ERROR_BYTES + 64];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	text_to_line(text);
	if (level != STORE_INFO)
		memcpy(link->error, text, sizeof(text));
	if (link->report == NULL)
		return;
	snprintf(line, sizeof(line), "PostgreSQL, %s: %s", link->name, text);
	link->report(link->report_context, level, line);
}

void link_close(struct link *link)
{
	if (link->pg != NULL)
		PQfinish(link->pg);
	link->pg = NULL;
	link->state = LINK_IDLE;
	link->waiting_since_ms = 0;
	link->flush = false;
}

void link_drop(struct link *link, int64_t now_ms, const char *why)
{
	char text[STORE_ERROR_BYTES]; /* why may lie in the connection that is closed next */

	snprintf(text, sizeof(text), "%s", why);
	link_close(link);
	link->retry_at_ms = now_ms + link->retry_ms;
	link->retry_ms = link->retry_ms * 2 < LINK_RETRY_MS_MAX ? link->retry_ms * 2 : LINK_RETRY_MS_MAX;
	if (!link->down_told) /* an outage is told once */
		link_tell(link, STORE_WARNING, "%s", text);
	snprintf(link->error, sizeof(link->error), "%s", text);
	text_to_line(link->error);
	link->down_told = true;
}

void link_succeeded(struct link *link)
{
	link->retry_ms = LINK_RETRY_MS_MIN;
	link->down_told = false;
	link->error[0] = '\0';
}

/* Notices of the server are no news; a WARNING is (a synchronous commit that somebody cancelled, for one). */
static void notice_take(void *context, const PGresult *result)
{
	struct link *link = context;
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (severity != NULL && strcmp(severity, "WARNING") == 0)
		link_tell(link, STORE_WARNING, "%s", text == NULL ? "" : text);
}

static void connect_start(struct link *link, int64_t now_ms)
{
	/* The first is expanded, what stands behind it has precedence: a hung server is noticed on TCP, too. */
	const char *const keyword[] = {"dbname", "fallback_application_name", "keepalives_idle",
		"keepalives_interval", "keepalives_count", "tcp_user_timeout", "client_encoding", NULL};
	const char *const value[] = {link->conninfo, "dispatcherd", "5", "2", "3", "10000", "UTF8", NULL};

	link->pg = PQconnectStartParams(keyword, value, 1);
	link->waiting_since_ms = now_ms;
	link->state = LINK_CONNECTING;
	link->polling = PGRES_POLLING_WRITING;
	if (link->pg == NULL)
		link_drop(link, now_ms, "no memory for a connection");
	else if (PQstatus(link->pg) == CONNECTION_BAD)
		link_drop(link, now_ms, PQerrorMessage(link->pg));
	else
		PQsetNoticeReceiver(link->pg, notice_take, link);
}

static bool descriptor_ready(const struct link *link)
{
	struct pollfd ready = {.fd = PQsocket(link->pg),
		.events = link->polling == PGRES_POLLING_READING ? POLLIN : POLLOUT};

	return ready.fd < 0 || poll(&ready, 1, 0) > 0;
}

static bool connect_go_on(struct link *link, int64_t now_ms)
{
	if (!descriptor_ready(link)) {
		if (now_ms - link->waiting_since_ms >= LINK_CONNECT_MS)
			link_drop(link, now_ms, "does not answer while connecting");
		return false;
	}
	link->polling = PQconnectPoll(link->pg);
	if (link->polling == PGRES_POLLING_FAILED) {
		link_drop(link, now_ms, PQerrorMessage(link->pg));
		return false;
	}
	if (link->polling != PGRES_POLLING_OK)
		return false;
	if (PQsetnonblocking(link->pg, 1) != 0) {
		link_drop(link, now_ms, PQerrorMessage(link->pg));
		return false;
	}
	link->state = LINK_UP;
	link->waiting_since_ms = 0;
	return true;
}

void link_flush(struct link *link, int64_t now_ms)
{
	int left;

	if (link->state != LINK_UP)
		return;
	/* The server may not read on before we have read: each time it takes no more, take what it says. */
	left = PQflush(link->pg);
	if (left == 1 && PQconsumeInput(link->pg))
		left = PQflush(link->pg);
	if (left < 0)
		link_drop(link, now_ms, PQerrorMessage(link->pg));
	else
		link->flush = left == 1;
}

bool link_work(struct link *link, int64_t now_ms, bool *came_up)
{
	*came_up = false;
	if (link->conninfo == NULL)
		return false;
	if (link->state == LINK_IDLE && now_ms >= link->retry_at_ms)
		connect_start(link, now_ms);
	if (link->state == LINK_CONNECTING) {
		*came_up = connect_go_on(link, now_ms);
		return *came_up;
	}
	if (link->state != LINK_UP)
		return false;
	if (!PQconsumeInput(link->pg)) {
		link_drop(link, now_ms, PQerrorMessage(link->pg));
		return false;
	}
	link_flush(link, now_ms);
	return link->state == LINK_UP;
}

bool link_pollfd(const struct link *link, struct store_pollfd *out)
{
	int fd = link->pg == NULL ? -1 : PQsocket(link->pg);
	bool write = link->flush;
	bool read = true;

	if (fd < 0)
		return false;
	if (link->state == LINK_CONNECTING) {
		read = link->polling == PGRES_POLLING_READING;
		write = !read;
	}
	*out = (struct store_pollfd){
		.fd = fd, .events = (short)((read ? POLLIN : 0) | (write ? POLLOUT : 0))};
	return true;
}

int64_t link_due_ms(const struct link *link, int64_t stall_ms)
{
	if (link->conninfo == NULL)
		return INT64_MAX;
	if (link->state == LINK_IDLE)
		return link->retry_at_ms;
	if (link->state == LINK_CONNECTING)
		return link->waiting_since_ms + LINK_CONNECT_MS;
	return link->waiting_since_ms == 0 ? INT64_MAX : link->waiting_since_ms + stall_ms;
}
