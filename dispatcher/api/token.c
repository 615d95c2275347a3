/* token: what stands behind "Authorization: Bearer", taken apart; see the header. */
#include "api/token.h"

#include <string.h>
#include <strings.h>

#include "core/event.h"

static bool of_id(char letter)
{
	return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
	       (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
}

static bool of_secret(char letter)
{
	return letter > ' ' && letter <= '~';
}

static struct text run_of(const char *at, bool (*is)(char))
{
	uint32_t len = 0;

	while (len <= KEY_ID_MAX + TOKEN_SECRET_MAX && is(at[len]))
		len++;
	return (struct text){at, len};
}

bool token_read(const char *header, struct token *out)
{
	static const char scheme[] = "Bearer";
	struct text id, secret;

	*out = (struct token){{NULL, 0}, {NULL, 0}};
	if (header == NULL || strncasecmp(header, scheme, sizeof(scheme) - 1) != 0)
		return false;
	header += sizeof(scheme) - 1;
	if (*header != ' ')
		return false;
	id = run_of(header + strspn(header, " "), of_id);
	if (id.len == 0 || id.len > KEY_ID_MAX || id.ptr[id.len] != '.')
		return false;
	secret = run_of(id.ptr + id.len + 1, of_secret);
	if (secret.len == 0 || secret.len > TOKEN_SECRET_MAX ||
		secret.ptr[secret.len + strspn(secret.ptr + secret.len, " ")] != '\0')
		return false;
	*out = (struct token){id, secret};
	return true;
}
