/* tree: libyaml's document with marks, after a first pass that refuses what plans do without. */
#include "playbook/tree.h"

#include <stdarg.h>
#include <string.h>

#include "reading/slip.h"

static uint32_t from_one(size_t from_zero)
{
	return from_zero >= UINT32_MAX ? UINT32_MAX : (uint32_t)from_zero + 1;
}

static void mark_fault(struct tree *tree, yaml_mark_t mark, const char *what)
{
	reading_fault_add(tree->faults, tree->file, from_one(mark.line), from_one(mark.column), "%s", what);
}

/* The reader of libyaml knows only the byte at which it stopped. */
static yaml_mark_t mark_of_byte(const uint8_t *bytes, size_t len, size_t offset)
{
	yaml_mark_t mark = {.index = offset};

	for (size_t at = 0; at < len && at < offset; at++) {
		if (bytes[at] == '\n') {
			mark.line++;
			mark.column = 0;
		} else if ((bytes[at] & 0xc0) != 0x80) {
			mark.column++;
		}
	}
	return mark;
}

static void syntax_fault(struct tree *tree, const yaml_parser_t *parser, const uint8_t *bytes, size_t len)
{
	yaml_mark_t mark = parser->problem_mark;
	const char *problem = parser->problem != NULL ? parser->problem : "cannot be read";

	uint32_t line, column, last = from_one(mark.line);

	if (parser->error == YAML_READER_ERROR)
		mark = mark_of_byte(bytes, len, parser->problem_offset);
	else if (reading_wide_colon(
			 (const char *)bytes, len, last > 1 ? last - 1 : last, last, &line, &column)) {
		reading_fault_add(tree->faults, tree->file, line, column,
			"not YAML: a full-width colon; write \":\" and a blank");
		return;
	}
	if (parser->error == YAML_READER_ERROR && strstr(problem, "UTF-8") != NULL) {
		mark_fault(tree, mark, "not UTF-8 (GBK?): save it as UTF-8");
		return;
	}
	if (parser->context != NULL)
		reading_fault_add(tree->faults, tree->file, from_one(mark.line), from_one(mark.column),
			"not YAML: %s (%s)", problem, parser->context);
	else
		reading_fault_add(tree->faults, tree->file, from_one(mark.line), from_one(mark.column),
			"not YAML: %s", problem);
}

static bool has_name(const yaml_char_t *anchor, const yaml_char_t *tag)
{
	return anchor != NULL || (tag != NULL && strcmp((const char *)tag, "!") != 0);
}

static bool event_named(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return has_name(event->data.scalar.anchor, event->data.scalar.tag);
	case YAML_SEQUENCE_START_EVENT:
		return has_name(event->data.sequence_start.anchor, event->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return has_name(event->data.mapping_start.anchor, event->data.mapping_start.tag);
	default:
		return event->type == YAML_ALIAS_EVENT;
	}
}

/* True: go on. Says what is wrong with one event. */
static bool event_fits(struct tree *tree, const yaml_event_t *event, uint32_t *depth, uint32_t *documents)
{
	bool opens = event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
	bool ends = event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;

	if (event_named(event)) {
		mark_fault(tree, event->start_mark,
			"anchors (&), aliases (*) and tags (!) are not used in plans");
		return false;
	}
	if (event->type == YAML_DOCUMENT_START_EVENT && ++*documents > 1) {
		mark_fault(tree, event->start_mark, "a second document: one file holds one");
		return false;
	}
	if (opens && ++*depth > TREE_DEPTH_MAX) {
		mark_fault(tree, event->start_mark, "nested too deeply for a plan");
		return false;
	}
	if (ends)
		(*depth)--;
	return true;
}

/* One pass over the events: is it YAML, and only what a tree without loops needs. */
static bool bytes_fit(struct tree *tree, const uint8_t *bytes, size_t len)
{
	yaml_parser_t parser;
	uint32_t depth = 0, documents = 0;
	bool fits = true, ended = false;

	if (!yaml_parser_initialize(&parser))
		disp_panic("out of memory while reading playbooks", __FILE__, __LINE__);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, bytes, len);
	while (fits && !ended) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			syntax_fault(tree, &parser, bytes, len);
			fits = false;
			break;
		}
		ended = event.type == YAML_STREAM_END_EVENT;
		fits = event_fits(tree, &event, &depth, &documents);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (fits && documents == 0) {
		reading_fault_add(tree->faults, tree->file, 1, 1, "the file is empty");
		return false;
	}
	return fits;
}

enum disp_err tree_open(
	struct tree *tree, const char *file, const uint8_t *bytes, size_t len, struct reading_faults *faults)
{
	yaml_parser_t parser;
	int loaded;

	tree->file = file;
	tree->faults = faults;
	if (!bytes_fit(tree, bytes, len))
		return DISP_E_INPUT;
	if (!yaml_parser_initialize(&parser))
		disp_panic("out of memory while reading playbooks", __FILE__, __LINE__);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, bytes, len);
	loaded = yaml_parser_load(&parser, &tree->document);
	if (!loaded)
		syntax_fault(tree, &parser, bytes, len);
	yaml_parser_delete(&parser);
	if (!loaded)
		return DISP_E_INPUT;
	if (tree_root(tree) == NULL) {
		reading_fault_add(faults, file, 1, 1, "the file is empty");
		tree_close(tree);
		return DISP_E_INPUT;
	}
	return DISP_OK;
}

void tree_close(struct tree *tree)
{
	yaml_document_delete(&tree->document);
}

yaml_node_t *tree_root(struct tree *tree)
{
	return yaml_document_get_root_node(&tree->document);
}

uint32_t tree_list_count(const yaml_node_t *list)
{
	if (list->type != YAML_SEQUENCE_NODE)
		return 0;
	return (uint32_t)(list->data.sequence.items.top - list->data.sequence.items.start);
}

yaml_node_t *tree_list_item(struct tree *tree, const yaml_node_t *list, uint32_t index)
{
	return yaml_document_get_node(&tree->document, list->data.sequence.items.start[index]);
}

uint32_t tree_map_count(const yaml_node_t *map)
{
	if (map->type != YAML_MAPPING_NODE)
		return 0;
	return (uint32_t)(map->data.mapping.pairs.top - map->data.mapping.pairs.start);
}

yaml_node_t *tree_map_key(struct tree *tree, const yaml_node_t *map, uint32_t index)
{
	return yaml_document_get_node(&tree->document, map->data.mapping.pairs.start[index].key);
}

yaml_node_t *tree_map_value(struct tree *tree, const yaml_node_t *map, uint32_t index)
{
	return yaml_document_get_node(&tree->document, map->data.mapping.pairs.start[index].value);
}

static uint32_t find_index(struct tree *tree, const yaml_node_t *node, const char *key)
{
	uint32_t count = node != NULL ? tree_map_count(node) : 0;

	for (uint32_t index = 0; index < count; index++)
		if (tree_text_is(tree_map_key(tree, node, index), key))
			return index;
	return UINT32_MAX;
}

yaml_node_t *tree_find(struct tree *tree, const yaml_node_t *node, const char *key)
{
	uint32_t index = find_index(tree, node, key);

	return index == UINT32_MAX ? NULL : tree_map_value(tree, node, index);
}

yaml_node_t *tree_find_key(struct tree *tree, const yaml_node_t *node, const char *key)
{
	uint32_t index = find_index(tree, node, key);

	return index == UINT32_MAX ? NULL : tree_map_key(tree, node, index);
}

struct text tree_text(const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE)
		return (struct text){0};
	return (struct text){(const char *)node->data.scalar.value, (uint32_t)node->data.scalar.length};
}

bool tree_text_is(const yaml_node_t *node, const char *text)
{
	struct text have = tree_text(node);

	return node->type == YAML_SCALAR_NODE && have.len == strlen(text) &&
	       memcmp(have.ptr, text, have.len) == 0;
}

bool tree_is_quoted(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
}

bool tree_is_empty(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && !tree_is_quoted(node) &&
	       (tree_text_is(node, "") || tree_text_is(node, "~") || tree_text_is(node, "null"));
}

const char *tree_kind(const yaml_node_t *node)
{
	if (node->type == YAML_SEQUENCE_NODE)
		return "a list";
	if (node->type == YAML_MAPPING_NODE)
		return "a map";
	return tree_is_empty(node) ? "nothing" : "text";
}

uint32_t tree_line(const yaml_node_t *node)
{
	return from_one(node->start_mark.line);
}

uint32_t tree_column(const yaml_node_t *node)
{
	return from_one(node->start_mark.column);
}

void tree_fault(struct tree *tree, const yaml_node_t *at, const char *format, ...)
{
	char what[READING_FAULT_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	reading_fault_add(tree->faults, tree->file, tree_line(at), tree_column(at), "%s", what);
}
