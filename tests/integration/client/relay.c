/* relay: a unix socket that leads to another one, so that a test can cut one daemon off: STOP it, and nothing passes; kill it. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PAIRS_MAX = 64, BYTES = 65536 };

static struct pollfd fd[1 + 2 * PAIRS_MAX]; /* the listening one; then pairs */
static nfds_t count = 1;

static int unix_socket(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address->sun_path)) {
		fprintf(stderr, "relay: %s is too long\n", path);
		exit(2);
	}
	memcpy(address->sun_path, path, strlen(path) + 1);
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void take(const char *to)
{
	struct sockaddr_un address;
	int from = accept(fd[0].fd, NULL, NULL);
	int there = unix_socket(to, &address);

	if (from < 0 || there < 0 || count + 2 > sizeof(fd) / sizeof(fd[0]) ||
		connect(there, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		close(from);
		close(there);
		return;
	}
	fd[count++] = (struct pollfd){.fd = from, .events = POLLIN};
	fd[count++] = (struct pollfd){.fd = there, .events = POLLIN};
}

/* Blocks while the other side reads nothing: so does a cable. False: it is over. */
static bool pass(int from, int to)
{
	static char bytes[BYTES];
	ssize_t got = read(from, bytes, sizeof(bytes));

	for (ssize_t done = 0; got > 0 && done < got;) {
		ssize_t put = write(to, bytes + done, (size_t)(got - done));

		if (put <= 0)
			return false;
		done += put;
	}
	return got > 0;
}

static void end(nfds_t pair)
{
	close(fd[pair].fd);
	close(fd[pair + 1].fd);
	count -= 2;
	fd[pair] = fd[count];
	fd[pair + 1] = fd[count + 1];
}

int main(int argc, char **argv)
{
	struct sockaddr_un address;

	if (argc != 3) {
		fputs("usage: relay LISTEN TO\n", stderr);
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	unlink(argv[1]);
	fd[0] = (struct pollfd){.fd = unix_socket(argv[1], &address), .events = POLLIN};
	if (fd[0].fd < 0 || bind(fd[0].fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(fd[0].fd, PAIRS_MAX) != 0) {
		fprintf(stderr, "relay: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	while (poll(fd, count, -1) > 0) {
		for (nfds_t pair = 1; pair < count; pair += 2) {
			bool over = fd[pair].revents != 0 && !pass(fd[pair].fd, fd[pair + 1].fd);

			over = over || (fd[pair + 1].revents != 0 && !pass(fd[pair + 1].fd, fd[pair].fd));
			if (over) {
				end(pair);
				break; /* what is known of the others is for places that they no longer have */
			}
		}
		if (fd[0].revents != 0)
			take(argv[2]);
	}
	return 0;
}
