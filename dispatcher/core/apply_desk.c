/* apply_desk: what an effect does to shifts and alerts. */
#include <stddef.h>

#include "core/apply.h"

enum disp_err apply_shift(struct apply *apply)
{
	struct person *person = state_edit(apply->core, TABLE_PERSON, apply->effect->u.shift.person);

	return person == NULL ? DISP_E_DAMAGED : DISP_OK;
}

enum disp_err apply_alert(struct apply *apply)
{
	(void)apply;
	return DISP_OK;
}

enum disp_err apply_bell(struct apply *apply)
{
	(void)apply;
	return DISP_OK;
}

enum disp_err apply_presence(struct apply *apply)
{
	(void)apply;
	return DISP_OK;
}
