/* ctl: the console as a whole; main calls it, and nothing else does. */
#ifndef CTL_CTL_H
#define CTL_CTL_H

/* dispatchctl with these words; returns its exit code. */
int ctl_main(int argc, char **argv);

#endif
