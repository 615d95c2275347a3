# Completion of dispatchctl for bash: the program itself knows its commands, options and the daemon's ids.
# shellcheck shell=bash
_dispatchctl() {
	mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _dispatchctl dispatchctl
