/* conninfo: whether libpq would understand a connection string; connects to nothing. */
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "store/store.h"

enum disp_err store_conninfo_check(const char *conninfo, char *error, size_t error_size)
{
	char *message = NULL;
	PQconninfoOption *options = PQconninfoParse(conninfo, &message);
	enum disp_err err = options == NULL ? DISP_E_INPUT : DISP_OK;

	if (err != DISP_OK) {
		(void)snprintf(error, error_size, "%s", message == NULL ? "cannot be read" : message);
		error[strcspn(error, "\n")] = '\0';
	}
	PQconninfoFree(options);
	PQfreemem(message);
	return err;
}
