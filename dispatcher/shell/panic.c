/* panic: how the process ends when the impossible has happened; the core only declares it. */
#include "core/error.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void disp_panic(const char *what, const char *file, int line)
{
	fprintf(stderr, "PANIC %s:%d: %s\n", file, line, what);
	abort();
}
