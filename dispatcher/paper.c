/* paper: the paper board into its file, now and then, at the start and at the end. Renders on the loop; a thread writes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/query.h"
#include "daemon.h"
#include "shell/say.h"

enum { EVERY_S_DEFAULT = 60, SOON_MS = 10000, LAST_PAGE_MS = 5000, PATH_BYTES = 4096 };

static uint32_t every_s(const struct daemon *daemon)
{
	const uint32_t *given = daemon->config->board.every_s;

	return given == NULL ? EVERY_S_DEFAULT : *given;
}

/* Beside what else is to outlive the daemon, unless the configuration says where. */
static void path_of(const struct daemon *daemon, char out[PATH_BYTES])
{
	if (daemon->config->board.file != NULL)
		(void)snprintf(out, PATH_BYTES, "%s", daemon->config->board.file);
	else
		(void)snprintf(out, PATH_BYTES, "%s/board.html", daemon->config->data);
}

/* Its folder is made, the last part of it. */
static void make_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_BYTES];

	if (slash == NULL || slash == path)
		return;
	(void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
	if (mkdir(folder, 0750) != 0 && errno != EEXIST)
		say(SAY_ERROR, "board", "folder=%s detail=\"%s\"", folder, strerror(errno));
}

bool paper_open(struct daemon *daemon)
{
	char path[PATH_BYTES];

	if (every_s(daemon) == 0)
		return true;
	path_of(daemon, path);
	make_folder(path);
	if (page_file_open(&daemon->board, path) != DISP_OK) {
		say(SAY_ERROR, "board", "detail=\"there is no memory for it, or its path is too long\"");
		return false;
	}
	return true;
}

/* A town without a board goes on; that it has none is said when it begins and when it is over. */
static void report(struct daemon *daemon)
{
	struct page_file_state state;

	page_file_get_state(daemon->board, &state);
	if (state.error != daemon->board_error)
		say(state.error != 0 ? SAY_ERROR : SAY_INFO, "board", "detail=\"%s\"",
			state.error != 0 ? strerror(state.error) : "written again");
	daemon->board_error = state.error;
}

static void put_page(struct daemon *daemon)
{
	int64_t before_ms = clock_boot_ms();
	char *bytes;
	size_t count = 0;
	enum disp_err err = api_board(daemon->api, every_s(daemon), &bytes, &count);

	say(SAY_DEBUG, "board.rendered", "bytes=%zu ms=%lld", count,
		(long long)(clock_boot_ms() - before_ms));
	if (err != DISP_OK || page_file_put(daemon->board, bytes, count) != DISP_OK)
		say(SAY_WARNING, "board.late", "detail=\"%s\"",
			"no memory for it, or the disk is still busy with the one before");
}

/* Whether the rows from before the start have been read: callers and their numbers stand there. */
static bool rows_known(const struct daemon *daemon)
{
	return daemon->story_next >= daemon->story_end;
}

/* A new incident is on paper soon; where the town's clock runs faster than ours, so is everything. */
static bool due(const struct daemon *daemon, int64_t real_ms, int64_t at_ms)
{
	int64_t every_ms = (int64_t)every_s(daemon) * 1000;

	if (real_ms >= daemon->board_real_ms + every_ms || daemon->board_real_ms == 0 ||
		daemon->board_whole != rows_known(daemon))
		return true;
	return real_ms >= daemon->board_real_ms + SOON_MS &&
	       (query_town(daemon->core)->incidents != daemon->board_incidents ||
		       lead_may(&daemon->lead) != daemon->board_leads ||
		       at_ms >= daemon->board_at_ms + every_ms);
}

void paper_turn(struct daemon *daemon, int64_t real_ms, int64_t at_ms)
{
	if (daemon->board == NULL)
		return;
	api_idle(daemon->api);
	if (!due(daemon, real_ms, at_ms))
		return;
	daemon->board_real_ms = real_ms;
	daemon->board_at_ms = at_ms;
	daemon->board_whole = rows_known(daemon);
	daemon->board_leads = lead_may(&daemon->lead);
	daemon->board_incidents = query_town(daemon->core)->incidents;
	report(daemon);
	put_page(daemon);
}

/* The last page is that of the end: whoever reads it knows all that was decided. */
void paper_finish(struct daemon *daemon)
{
	if (daemon->board == NULL)
		return;
	(void)page_file_wait(daemon->board, LAST_PAGE_MS);
	put_page(daemon);
	if (!page_file_wait(daemon->board, LAST_PAGE_MS))
		say(SAY_WARNING, "board.late", "detail=\"the disk did not take the last one in time\"");
	report(daemon);
}

void paper_close(struct daemon *daemon)
{
	page_file_close(daemon->board, LAST_PAGE_MS);
	daemon->board = NULL;
}
