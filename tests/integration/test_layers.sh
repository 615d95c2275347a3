#!/bin/bash
# The arrows point down: what the core's archive leaves undefined, and which headers each part includes.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
faults=0

fault() {
	echo "$*"
	faults=$((faults + 1))
}

# Undefined in an archive and not defined in it. -g: what it exports.
undefined() {
	comm -23 <(nm -u "$1" | awk '$1 == "U" { print $2 }' | sort -u) \
		<(nm -g --defined-only "$1" | awk 'NF == 3 { print $3 }' | sort -u)
}

# mem* and our own panic; bcmp is what clang makes of memcmp(...) == 0; __*ti* are the compiler's 128-bit helpers.
allowed='^(mem(cpy|move|set|cmp|chr)|bcmp|disp_panic|__(u?(div|mod|divmod)|mul|ashl|ashr|lshr)ti[0-9])$'
if [ "$(undefined "$build/libcore.a" | grep -c .)" -eq 0 ]; then
	fault "libcore.a leaves nothing undefined: nm was not read"
fi
for name in $(undefined "$build/libcore.a" | grep -vE "$allowed" | grep -vE '^__(asan|ubsan|sanitizer)'); do
	fault "libcore.a leaves $name undefined"
done

# Prints the headers that the files of part $1 include, once each.
includes() {
	sed -n 's/^#[[:space:]]*include[[:space:]]*["<]\([^">]*\)[">].*/\1/p' dispatcher/"$1"/*.[ch] | sort -u
}

# part $1 may include what matches $2, besides its own headers.
part() {
	local header
	for header in $(includes "$1"); do
		[[ $header == "$1"/* || $header =~ ^($2)$ ]] || fault "dispatcher/$1 includes $header"
	done
}

pure='stdint\.h|stdbool\.h|stddef\.h|string\.h|limits\.h'
libc="$pure|[a-z_]+\.h|(sys|netinet|arpa|linux)/[a-z_]+\.h"
foreign='zmq\.h|libpq-fe\.h|proj\.h|geodesic\.h|geos_c\.h|jansson\.h|yaml\.h|sodium\.h|event2/.*|openssl/.*|curl/.*|cyaml/.*|histedit\.h|editline/.*'

part core "$pure"
part wire "$pure|core/.*"
# parts that touch the world: the standard library, core, wire, and the one foreign library that is theirs
outside() {
	local header
	for header in $(includes "$1"); do
		[[ $header == "$1"/* || $header =~ ^($2)$ ]] && continue
		[[ $header =~ ^($foreign)$ ]] && fault "dispatcher/$1 includes the foreign $header"
		[[ $header == */* && ! $header =~ ^(sys|netinet|arpa|linux)/ ]] && fault "dispatcher/$1 includes $header"
		[[ $header =~ ^($libc)$ ]] || fault "dispatcher/$1 includes $header"
	done
}
outside clock ''
outside geo 'core/.*|proj\.h|geodesic\.h|geos_c\.h'
outside reading 'core/.*|wire/.*'
outside playbook 'core/.*|wire/.*|reading/.*|yaml\.h'
outside town 'core/.*|wire/.*|reading/.*|geo/.*|jansson\.h|yaml\.h'
outside store 'core/.*|wire/.*|libpq-fe\.h|sodium\.h'
outside ingest 'core/.*|wire/.*|zmq\.h|sodium\.h'
outside board 'core/.*|wire/.*'
# libevent's own back end for TLS is OpenSSL (tls.c); tokens are compared by libsodium (checker.c)
outside api 'core/.*|wire/.*|board/.*|event2/.*|openssl/.*|sodium\.h'
outside shell 'core/.*|wire/.*|clock/.*|playbook/.*|town/.*'

# the programs link the archive that was looked at
for program in dispatcherd dispatchctl; do
	[ "$build/$program" -nt "$build/libcore.a" ] || fault "$program is older than libcore.a"
done
[ "$faults" -eq 0 ]
