/* command_macros: how entries of the table are written; for the files of the table only. */
#ifndef CTL_COMMAND_MACROS_H
#define CTL_COMMAND_MACROS_H

#include "ctl/command.h"
#include "ctl/fields.h"
#include "ctl/run.h"
#include "ctl/view.h"

/* Arguments by their place or option, into body or query; the last of each is a msgid. */
#define PLACE(name_, kind_, en)                                                                              \
	{                                                                                                    \
		.name = (name_), .kind = (kind_), .to = TO_LOCAL, .flags = ARG_REQUIRED, .what = (en)        \
	}
#define PLACE_IN(name_, field_, en)                                                                          \
	{                                                                                                    \
		.name = (name_), .field = (field_), .to = TO_BODY, .flags = ARG_REQUIRED, .what = (en)       \
	}
#define IN_PATH(en)                                                                                          \
	{                                                                                                    \
		.name = "ID", .to = TO_PATH, .flags = ARG_REQUIRED, .what = (en)                             \
	}
#define BODY(name_, field_, en)                                                                              \
	{                                                                                                    \
		.name = (name_), .field = (field_), .to = TO_BODY, .what = (en)                              \
	}
#define BODY_IS(name_, field_, kind_, flags_, en)                                                            \
	{                                                                                                    \
		.name = (name_), .field = (field_), .kind = (kind_), .to = TO_BODY, .flags = (flags_),       \
		.what = (en)                                                                                 \
	}
#define QUERY(name_, field_, kind_, en)                                                                      \
	{                                                                                                    \
		.name = (name_), .field = (field_), .kind = (kind_), .to = TO_QUERY, .what = (en)            \
	}
#define WORD_IN(name_, field_, to_, flags_, words_, en)                                                      \
	{                                                                                                    \
		.name = (name_), .field = (field_), .kind = ARG_WORD, .to = (to_), .flags = (flags_),        \
		.words = (words_), .what = (en)                                                              \
	}
#define ONE_OF(group_, name_, field_, en)                                                                    \
	{                                                                                                    \
		.name = (name_), .field = (field_), .to = TO_BODY, .group = (group_), .what = (en)           \
	}

#define FROM(name_, field_, en)                                                                              \
	{                                                                                                    \
		.name = (name_), .field = (field_), .to = TO_QUERY, .group = 1, .what = (en)                 \
	}

#define REASON          BODY("--reason", "reason", "why; goes on the record")
#define REASON_REQUIRED BODY_IS("--reason", "reason", ARG_TEXT, ARG_REQUIRED, "why; goes on the record")
#define BY              BODY("--by", "by", "who; DISPATCH_BY or the login name unless given")
#define CHANNEL                                                                                              \
	WORD_IN("--channel", "channel", TO_BODY, 0, "console|phone|radio",                                   \
		"how it came; console unless given")
#define DRY_RUN BODY_IS("--dry-run", "dry_run", ARG_FLAG, 0, "only say what it would do")
#define SIGNED  BY, CHANNEL, DRY_RUN
#define NOTE    BODY("--note", "note", "a remark")
#define YES                                                                                                  \
	{                                                                                                    \
		.name = "--yes", .kind = ARG_FLAG, .to = TO_LOCAL, .what = N_("do not ask first")            \
	}
#define ALL                                QUERY("--all", "all", ARG_FLAG, "ended ones too")
#define INCIDENT                           PLACE_IN("ID", "incident", "the incident")
#define CRS                                BODY("--crs", "crs", "coordinate system, EPSG:4490 unless given")
#define EVIDENCE                           BODY("--evidence", "evidence", "a photo or a document: its reference")
#define TIME_OF(name_, field_, flags_, en) BODY_IS(name_, field_, ARG_TIME, (flags_) | ARG_PAST, en)
/* Where it is, in one of four ways, and what a caller said. */
#define LON_LAT                                                                                              \
	{.name = "--lon",                                                                                    \
		.field = "lon",                                                                              \
		.kind = ARG_DEGREES_LON,                                                                     \
		.to = TO_BODY,                                                                               \
		.group = 1,                                                                                  \
		.with = "--lat",                                                                             \
		.what = N_("longitude, or easting")},                                                        \
	{                                                                                                    \
		.name = "--lat", .field = "lat", .kind = ARG_DEGREES_LAT, .to = TO_BODY, .with = "--lon",    \
		.what = N_("latitude, or northing")                                                          \
	}
#define CRS_OF                                                                                               \
	{                                                                                                    \
		.name = "--crs", .field = "crs", .to = TO_BODY, .with = "--lon",                             \
		.what = N_("coordinate system, EPSG:4490 unless given")                                      \
	}
#define WHERE                                                                                                \
	ONE_OF(1, "--grid", "grid", "a grid"), ONE_OF(1, "--device", "device", "a device"),                  \
		ONE_OF(1, "--place", "place", "a known place")
#define REPORT                                                                                               \
	BODY("--caller", "caller", "who called"), BODY("--phone", "phone", "from which number"),             \
		BODY("--text", "text", "what was said")
#define STOCK_ARGS                                                                                           \
	PLACE_IN("DEPOT", "depot", "the depot"), PLACE_IN("ITEM", "item", "the item"),                       \
		BODY_IS("QUANTITY", "quantity", ARG_WHOLE, ARG_REQUIRED, "how many"), REASON, SIGNED

#define INCIDENT_STATES                                                                                      \
	"reported|accepted|dispatched|working|done_reported|verified|closed|cancelled|referred"
#define ORDER_STATES "issued|delivered|accepted|en_route|arrived|done|declined|expired|recalled|failed"
#define UNIT_STATES                                                                                          \
	"off_duty|available|reserved|ordered|acknowledged|en_route|on_scene|returning|out_of_service"
#define FACTS        "casualties|cause|trend|scope|loss|measures|request|contact|signer|lessons"
#define TASK_ROLES                                                                                           \
	"duty_officer|office|committee|leader|keeper|grid_member|grid_head|village_head|town_head|lead|assist"
#define DISPOSITIONS "resolved|false|nuisance|duplicate|referred|no_action"

#define GET(path_) .method = "GET", .path = (path_)
#define DO(name_)  .method = "POST", .path = "/v1/commands/" name_, .signed_by = true, .show = view_command

#endif
