/* row_core: numbers of the roster to ids. */
#include "wire/row_core.h"

#include <string.h>

/* "depot/item", as a stock line has no id of its own; one that is too long is told by the item. */
static struct text stock_name(struct row_core *memory, uint32_t number)
{
	const struct stock *stock = query_at(memory->core, TABLE_STOCK, number);

	if (stock == NULL)
		return (struct text){0};
	struct text depot = query_id(memory->core, TABLE_DEPOT, stock->depot);
	struct text item = query_text(memory->core, stock->item);

	if (depot.len == 0 || item.len == 0 || depot.len + item.len + 1 > sizeof memory->stock)
		return item;
	memcpy(memory->stock, depot.ptr, depot.len);
	memory->stock[depot.len] = '/';
	memcpy(memory->stock + depot.len + 1, item.ptr, item.len);
	return (struct text){memory->stock, depot.len + 1 + item.len};
}

/* What a requirement asks for; forgotten with its case: nothing. */
static struct text need_name(struct row_core *memory, uint32_t number)
{
	const struct need *need =
		query_at(memory->core, TABLE_NEED, query_slot(memory->core, TABLE_NEED, number));

	if (need == NULL)
		return (struct text){0};
	if (need->item != 0)
		return query_text(memory->core, need->item);
	uint32_t len = query_skills(memory->core, need->skills, memory->need, sizeof memory->need);

	return (struct text){memory->need, len <= sizeof memory->need ? len : 0};
}

static struct text name_of(void *context, enum row_name kind, uint32_t number)
{
	static const enum table table[ROW_NAME_COUNT] = {[ROW_NAME_GRID] = TABLE_GRID,
		[ROW_NAME_PERSON] = TABLE_PERSON,
		[ROW_NAME_UNIT] = TABLE_UNIT,
		[ROW_NAME_DEPOT] = TABLE_DEPOT,
		[ROW_NAME_DEVICE] = TABLE_DEVICE,
		[ROW_NAME_PLAYBOOK] = TABLE_PLAYBOOK};
	struct row_core *memory = context;

	if (kind == ROW_NAME_STOCK)
		return stock_name(memory, number);
	if (kind == ROW_NAME_TEXT)
		return query_text(memory->core, number);
	if (kind == ROW_NAME_SKILL)
		return query_skill(memory->core, number);
	if (kind == ROW_NAME_NEED)
		return need_name(memory, number);
	return query_id(memory->core, table[kind], number);
}

struct row_names row_core_names(struct row_core *memory, const struct core *core)
{
	memory->core = core;
	return (struct row_names){memory, name_of};
}
