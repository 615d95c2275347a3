/* main: dispatchctl, the officer's console. All of it is in libctl. */
#include "ctl/ctl.h"

int main(int argc, char **argv)
{
	return ctl_main(argc, argv);
}
