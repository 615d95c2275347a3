/* token: what stands behind "Authorization: Bearer", taken apart; compares nothing. */
#ifndef API_TOKEN_H
#define API_TOKEN_H

#include <stdbool.h>

#include "core/core.h"

enum { TOKEN_SECRET_MAX = 128 };

struct token {
	struct text id, secret; /* point into the header */
};

/*
 * token_read - "Bearer ID.SECRET".
 *
 * Shapes  header: terminated; the scheme in any case, then blanks. ID: 1 .. KEY_ID_MAX of A-Z a-z 0-9 _ -; SECRET: 1 ..
 *         TOKEN_SECRET_MAX printable ASCII without blanks. Nothing may follow but blanks.
 * Errors  false: anything else; *out is then empty.
 */
bool token_read(const char *header, struct token *out) DISP_MUSTCHECK;

#endif
