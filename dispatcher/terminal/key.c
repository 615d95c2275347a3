/* key: the file of a terminal's keys and the socket that uses them; what a key may do is the daemon's to say. */
#include "terminal/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

/* Three lines: the daemon's public key, our public key, our secret key. */
const char *key_read(struct key_ring *ring, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[KEY_TEXT_SIZE + 2];
	uint8_t key[32];
	int count = 0;

	if (!file)
		return strerror(errno);
	for (; count < KEY_LINES && fgets(line, sizeof(line), file); count++) {
		line[strcspn(line, "\r\n")] = '\0';
		if (strlen(line) != KEY_TEXT_SIZE - 1 || !zmq_z85_decode(key, line))
			break;
		memcpy(ring->text[count], line, KEY_TEXT_SIZE);
	}
	fclose(file);
	memset(line, 0, sizeof(line));
	ring->known = count == KEY_LINES;
	return ring->known ? NULL : "three lines are wanted: the daemon's public key, ours, our secret key";
}

bool key_use(const struct key_ring *ring, void *socket)
{
	static const int option[KEY_LINES] = {ZMQ_CURVE_SERVERKEY, ZMQ_CURVE_PUBLICKEY, ZMQ_CURVE_SECRETKEY};

	for (int i = 0; ring->known && i < KEY_LINES; i++)
		if (zmq_setsockopt(socket, option[i], ring->text[i], KEY_TEXT_SIZE) != 0)
			return false;
	return true;
}
