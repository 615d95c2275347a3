/* poison: preloaded into a daemon; it dies while it works on a message whose id holds "poison". For tests alone. */
#include <stdlib.h>
#include <string.h>
#include <dlfcn.h>

int crypto_hash_sha256(unsigned char *out, const unsigned char *in, unsigned long long count);

int crypto_hash_sha256(unsigned char *out, const unsigned char *in, unsigned long long count)
{
	int (*real)(unsigned char *, const unsigned char *, unsigned long long);

	if (memmem(in, count, "poison", 6) != NULL)
		abort();
	*(void **)&real = dlsym(RTLD_NEXT, "crypto_hash_sha256");
	return real(out, in, count);
}
