/* recover: the snapshot, then the rows; see the header. */
#include "shell/recover.h"

#include "core/query.h"

static enum disp_err take_row(void *context, uint64_t seq, const uint8_t *body, size_t size)
{
	struct recovered *recovered = context;
	const struct recover_port *port = recovered->port;
	struct event event;
	enum disp_err err = row_decode(body, size, &event, &recovered->effects, recovered->row);

	if (err == DISP_OK)
		err = core_apply(recovered->core, &event, &recovered->effects);
	if (err != DISP_OK) {
		recovered->refused_seq = seq;
		recovered->refused = err;
	} else if (port->witness != NULL) {
		port->witness(port->context, &event, &recovered->effects);
	}
	return err;
}

/* The newest snapshot that fits this program; without one the rows are read from their beginning. */
static enum disp_err load_snapshot(struct recovered *recovered)
{
	const struct recover_port *port = recovered->port;
	struct core_section section[CORE_SECTIONS_MAX];
	uint32_t count = 0;

	if (port->snapshot(port->context, section, &count) != DISP_OK)
		return DISP_OK;
	bool loaded = core_load(recovered->core, section, count) == DISP_OK;

	port->snapshot_free(port->context);
	if (loaded) {
		recovered->snapshot_seq = query_town(recovered->core)->seq;
		return DISP_OK;
	}
	recovered->snapshot_refused = true;
	recovered->core = port->core(port->context);
	return recovered->core == NULL ? DISP_E_FULL : DISP_OK;
}

enum disp_err recover_run(struct recovered *recovered, const struct recover_port *port)
{
	recovered->port = port;
	recovered->snapshot_seq = recovered->refused_seq = 0;
	recovered->snapshot_refused = false;
	recovered->core = port->core(port->context);
	if (recovered->core == NULL || load_snapshot(recovered) != DISP_OK)
		return DISP_E_FULL;
	return port->rows(port->context, recovered->snapshot_seq, take_row, recovered);
}

uint64_t recover_next_epoch(const struct core *core)
{
	return query_town(core)->epoch + 1;
}
