/* project_row: one journal row to what it writes in the projections; no connection. */
#include "store/project_row.h"

#include <string.h>

#include "wire/ids.h"

struct text project_name(const struct project_rows *rows, enum row_name kind, uint32_t number)
{
	return number == 0 ? (struct text){NULL, 0} : rows->names->name(rows->names->context, kind, number);
}

struct text project_who(const struct project_rows *rows, uint8_t target, uint32_t number)
{
	static const enum row_name kind[TARGET_COUNT] = {
		ROW_NAME_COUNT, ROW_NAME_UNIT, ROW_NAME_DEPOT, ROW_NAME_DEVICE, ROW_NAME_PERSON};

	return target == TARGET_NONE || target >= TARGET_COUNT ? (struct text){NULL, 0}
							       : project_name(rows, kind[target], number);
}

struct text project_need_text(const struct project_rows *rows, uint32_t need, char *id)
{
	const struct project_need *known = &rows->need[need % PROJECT_NEEDS_MAX];

	if (need != 0 && known->number == need && known->len > 0)
		return (struct text){known->text, known->len};
	struct text asked = project_name(rows, ROW_NAME_NEED, need); /* opened before this process */

	return asked.len > 0 ? asked : ids_write(ID_NEED, need, id);
}

struct text project_roman(uint32_t level)
{
	static const struct text numeral[] = {{NULL, 0}, {"I", 1}, {"II", 2}, {"III", 3}, {"IV", 2}};

	return level < sizeof(numeral) / sizeof(numeral[0]) ? numeral[level] : (struct text){NULL, 0};
}

void project_stock(const struct project_rows *rows, uint32_t stock, struct text *depot, struct text *item)
{
	struct text both = project_name(rows, ROW_NAME_STOCK, stock);
	const char *slash = both.len == 0 ? NULL : memchr(both.ptr, '/', both.len);

	*depot = *item = (struct text){NULL, 0};
	if (slash == NULL)
		return;
	*depot = (struct text){both.ptr, (uint32_t)(slash - both.ptr)};
	*item = (struct text){slash + 1, both.len - depot->len - 1};
}

enum disp_err project_row(struct project_rows *rows, const struct store_row *row)
{
	rows->effects = (struct effects){.item = rows->effect};
	if (row_decode(row->body, row->size, &rows->event, &rows->effects, &rows->scratch) != DISP_OK)
		return DISP_E_DAMAGED;
	/* the row's own columns are what the chain covers */
	rows->event.seq = row->seq;
	rows->event.at_ms = row->at_ms;
	project_event(rows);
	for (uint32_t index = 0; index < rows->effects.count; index++) {
		project_effect(rows, &rows->effects.item[index]);
		project_story(rows, &rows->effects.item[index], index + 1);
	}
	return DISP_OK;
}
