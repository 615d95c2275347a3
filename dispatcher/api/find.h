/* find: a place, a grid or a device by the words that somebody used for it. Guesses nothing: several are shown. No HTTP. */
#ifndef API_FIND_H
#define API_FIND_H

#include "api/command.h"
#include "api/internal.h"

/*
 * Each: the id or the whole name; else the only one whose name holds the word. False: *refused is filled: 409 ambiguous
 * with those that may be meant, or 404 not_found with those that are most like it, CANDIDATES_MAX at most. Texts live as
 * long as the core, those of places until the next town is loaded.
 */
/* *name: the whole name of what was found. */
bool find_place(
	struct api *api, struct text word, struct place *out, struct text *name, struct refused *refused);
bool find_grid(struct api *api, struct text word, uint32_t *grid, struct refused *refused);
bool find_device(struct api *api, struct text word, uint32_t *device, struct refused *refused);

/* A point in a grid: its own, where the program knows one; else that of a device there. */
bool find_grid_point(struct api *api, uint32_t grid, struct place *out);

/* 4xx with the candidates. */
void reply_candidates(struct api *api, struct evhttp_request *http, const struct refused *refused);

#endif
