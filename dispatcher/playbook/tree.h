/* tree: one YAML file as nodes that know their line and column; knows nothing of playbooks. */
#ifndef PLAYBOOK_TREE_H
#define PLAYBOOK_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <yaml.h>

#include "core/error.h"
#include "core/types.h"
#include "reading/fault.h"

/*
 * Why libyaml and not libcyaml: libcyaml stops at the first fault and hands positions only as prose to its
 * log callback. A town that corrects its plan at night wants every fault at once, with line and column.
 */
enum { TREE_DEPTH_MAX = 12 };

struct tree {
	yaml_document_t document;
	const char *file;              /* for faults; the caller's */
	struct reading_faults *faults; /* the caller's */
};

/*
 * tree_open - reads one UTF-8 YAML document.
 *
 * Errors  DISP_E_INPUT  not YAML, or YAML that plans do without: anchors, aliases, tags, a second document,
 *         more than TREE_DEPTH_MAX levels, nothing at all. A fault says where; nothing is to be closed.
 * Memory  the tree until tree_close; bytes are not needed after the return.
 */
enum disp_err tree_open(struct tree *tree, const char *file, const uint8_t *bytes, size_t len,
	struct reading_faults *faults) DISP_MUSTCHECK;
void tree_close(struct tree *tree);

yaml_node_t *tree_root(struct tree *tree);

/* The items of a list and the pairs of a map: how many, and which. */
uint32_t tree_list_count(const yaml_node_t *list);
yaml_node_t *tree_list_item(struct tree *tree, const yaml_node_t *list, uint32_t index);
uint32_t tree_map_count(const yaml_node_t *map);
yaml_node_t *tree_map_key(struct tree *tree, const yaml_node_t *map, uint32_t index);
yaml_node_t *tree_map_value(struct tree *tree, const yaml_node_t *map, uint32_t index);

/* The value of a key, NULL when node is no map or has no such key; and the same for the key itself. */
yaml_node_t *tree_find(struct tree *tree, const yaml_node_t *node, const char *key);
yaml_node_t *tree_find_key(struct tree *tree, const yaml_node_t *node, const char *key);

/* The bytes of a scalar; {NULL, 0} for a list, a map. They live as long as the tree. */
struct text tree_text(const yaml_node_t *node);
bool tree_text_is(const yaml_node_t *node, const char *text);
bool tree_is_empty(const yaml_node_t *node); /* nothing, ~ or null without quotes */
bool tree_is_quoted(const yaml_node_t *node);

/* "a list", "a map", "nothing", "text": for messages. */
const char *tree_kind(const yaml_node_t *node);

/* Where a node stands, from 1. */
uint32_t tree_line(const yaml_node_t *node);
uint32_t tree_column(const yaml_node_t *node);

/* Adds a fault at a node. */
void tree_fault(struct tree *tree, const yaml_node_t *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
