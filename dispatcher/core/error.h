/* error: the one list of expected failures, and the assertion that stays in release builds. */
#ifndef CORE_ERROR_H
#define CORE_ERROR_H

enum disp_err {
	DISP_OK = 0,
	DISP_E_SHORT = 1,   /* fewer than asked for */
	DISP_E_MORE = 2,    /* the list is full: apply it, then go on with a CONTINUE event */
	DISP_E_INPUT = 3,   /* bad input from outside */
	DISP_E_FULL = 4,    /* a table or buffer is at its stated limit */
	DISP_E_NONE = 5,    /* no such thing */
	DISP_E_IO = 6,      /* the operating system, the disk or a peer failed */
	DISP_E_DAMAGED = 7, /* stored bytes that cannot be what was written */
	DISP_E_AGAIN = 8    /* nothing ready now; not a failure */
};

#define DISP_MUSTCHECK __attribute__((warn_unused_result))

/* Ends the process after one line on standard error. Only for the impossible, never for input. */
_Noreturn void disp_panic(const char *what, const char *file, int line);
#define ASSERT(x) ((x) ? (void)0 : disp_panic(#x, __FILE__, __LINE__))

#endif
