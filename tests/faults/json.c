/* json: see the header. */
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *value_of(const char *json, const char *key)
{
	char wanted[64];

	(void)snprintf(wanted, sizeof wanted, "\"%s\":", key);
	const char *found = strstr(json, wanted);

	return found == NULL ? NULL : found + strlen(wanted);
}

bool json_say_text(const char *json, const char *key, char *out, size_t size)
{
	const char *value = value_of(json, key);

	out[0] = '\0';
	if (value == NULL || *value != '"')
		return false;
	size_t bytes = strcspn(++value, "\"");

	if (bytes >= size)
		bytes = size - 1;
	memcpy(out, value, bytes);
	out[bytes] = '\0';
	return true;
}

int64_t json_say_number(const char *json, const char *key, int64_t otherwise)
{
	const char *value = value_of(json, key);

	return value == NULL || (*value != '-' && (*value < '0' || *value > '9')) ? otherwise
										  : strtoll(value, NULL, 10);
}
