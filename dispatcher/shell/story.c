/* story: rows by incident, each linked to the one before; see the header. */
#include "shell/story.h"

#include <stdlib.h>
#include <string.h>

#include "core/index.h"
#include "core/query.h"

enum { NODES_FIRST = 1 << 14, SLOTS_FIRST = 1 << 12 };

struct node {
	uint64_t seq;
	uint32_t previous; /* of the same incident; 0 none */
	uint32_t count;    /* rows of the incident up to this one */
};

struct story {
	struct node *node; /* [size], 0 unused */
	uint32_t count, size;
	struct index last; /* incident -> its newest node */
};

enum disp_err story_new(struct story **out)
{
	struct story *story = calloc(1, sizeof *story);

	if (story == NULL)
		return DISP_E_FULL;
	story->size = NODES_FIRST;
	story->node = malloc(story->size * sizeof *story->node);
	story->last.slots = SLOTS_FIRST;
	story->last.entry = calloc(SLOTS_FIRST, sizeof *story->last.entry);
	if (story->node == NULL || story->last.entry == NULL) {
		story_free(story);
		return DISP_E_FULL;
	}
	*out = story;
	return DISP_OK;
}

void story_free(struct story *story)
{
	if (story == NULL)
		return;
	free(story->node);
	free(story->last.entry);
	free(story);
}

static bool grow_index(struct story *story)
{
	struct index larger = {.slots = story->last.slots * 2};

	if (story->last.count < story->last.slots / 2)
		return true;
	larger.entry = calloc(larger.slots, sizeof *larger.entry);
	if (larger.entry == NULL)
		return false;
	for (uint32_t slot = 0; slot < story->last.slots; slot++)
		if (story->last.entry[slot].value != 0)
			index_put(&larger, story->last.entry[slot].key, story->last.entry[slot].value);
	free(story->last.entry);
	story->last = larger;
	return true;
}

static bool grow_nodes(struct story *story)
{
	if (story->count + 1 < story->size)
		return true;
	struct node *larger =
		story->size > 1u << 30 ? NULL : realloc(story->node, story->size * 2 * sizeof *larger);

	if (larger == NULL)
		return false;
	story->node = larger;
	story->size *= 2;
	return true;
}

static void note(struct story *story, uint32_t incident, uint64_t seq)
{
	uint32_t before = index_get(&story->last, incident);

	if (incident == 0 || (before != 0 && story->node[before].seq == seq))
		return;
	if (!grow_index(story) || !grow_nodes(story))
		return;
	story->node[++story->count] = (struct node){
		.seq = seq, .previous = before, .count = before == 0 ? 1 : story->node[before].count + 1};
	index_put(&story->last, incident, story->count);
}

void story_note(struct story *story, const struct event *event, const struct effects *effects)
{
	if (event->kind == EVENT_ACT)
		note(story, event->u.act.incident, event->seq);
	for (uint32_t index = 0; index < effects->count; index++) {
		const struct effect *effect = &effects->item[index];

		if (effect->kind != EFFECT_AGENDA) /* work that waits is no part of the story */
			note(story, query_effect_incident(effect), event->seq);
		if (effect->kind == EFFECT_INCIDENT_MERGED)
			note(story, effect->u.incident_merged.into, event->seq);
	}
}

uint32_t story_of(const struct story *story, uint32_t incident, uint64_t *seq, uint32_t max)
{
	uint32_t at = index_get(&story->last, incident);
	uint32_t total = at == 0 ? 0 : story->node[at].count;
	uint32_t left = total < max ? total : max;

	for (; at != 0 && left > 0; at = story->node[at].previous)
		seq[--left] = story->node[at].seq;
	return total;
}
