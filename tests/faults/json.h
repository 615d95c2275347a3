/* json: members of flat messages by looking for their names; no reader of JSON, on purpose none of the daemon's. */
#ifndef TESTS_FAULTS_JSON_H
#define TESTS_FAULTS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The text of "key":"…" into out, cut; false: there is none. Texts of the simulated world hold no escapes. */
bool json_say_text(const char *json, const char *key, char *out, size_t size);
/* The number of "key":…, or otherwise. */
int64_t json_say_number(const char *json, const char *key, int64_t otherwise);

#endif
