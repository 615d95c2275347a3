/* messages: the catalogue of the screens' Chinese: where it lies, and one msgid's translation. Chooses no language. */
#ifndef CTL_MESSAGES_H
#define CTL_MESSAGES_H

/*
 * The Chinese of a msgid, as UTF-8; the msgid itself where there is none. Not "": that is the catalogue's header.
 * The first call looks for the catalogue beside the program, then in ../share/locale from there. It needs no Chinese
 * locale on the machine, and sets LC_MESSAGES and LANGUAGE of this process.
 */
const char *messages_find(const char *msgid) __attribute__((format_arg(1)));

#endif
