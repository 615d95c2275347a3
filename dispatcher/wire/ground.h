/* ground: what an adapter may ask about places, as functions that main fills from geo/ and town/. No behaviour. */
#ifndef WIRE_GROUND_H
#define WIRE_GROUND_H

#include "core/error.h"
#include "core/types.h"

struct ground {
	void *context;
	/* x: longitude or easting; y: latitude or northing. DISP_E_NONE: unknown system; DISP_E_INPUT: bad numbers;
	 * *detail then says it in one English line. */
	enum disp_err (*place_from)(
		void *context, struct text crs, double x, double y, struct place *out, const char **detail);
	enum disp_err (*place_to)(
		void *context, const struct place *place, struct text crs, double *x, double *y);
	/* The level-3 grid that holds the place; false: outside the town. */
	bool (*grid_at)(void *context, const struct place *place, struct text *code);
};

#endif
