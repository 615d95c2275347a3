/* trouble: the errors of files and connections that an officer meets; see the header. */
#include "ctl/trouble.h"

#include <errno.h>
#include <string.h>

static const struct {
	int os_error;
	const char *said; /* a msgid */
} troubles[] = {
	{ECONNREFUSED, N_("connection refused, nobody listens there")},
	{ENOENT, N_("no such file or directory")},
	{EACCES, N_("permission denied")},
	{EPERM, N_("operation not permitted")},
	{ENOTDIR, N_("not a directory")},
	{EISDIR, N_("it is a directory")},
	{ETIMEDOUT, N_("no answer in time")},
	{ECONNRESET, N_("the connection was ended from the other side")},
	{EHOSTUNREACH, N_("no way to that host")},
	{ENETUNREACH, N_("no network")},
	{ENXIO, N_("there is no such device or address")},
	{ENOSPC, N_("no space is left on the disk")},
	{EIO, N_("input/output error")},
	{EMFILE, N_("too many open files")},
	{ENAMETOOLONG, N_("the name is too long")},
};

const char *trouble_say(const struct screen *screen, int os_error)
{
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (troubles[i].os_error == os_error)
			return screen_say(screen, troubles[i].said);
	return strerror(os_error);
}
