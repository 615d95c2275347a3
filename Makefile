# Builds the daemon, its console and its tests; runs, demonstrates and checks them.
# Variants: make BUILD=build/asan CC=clang SANITIZE=address,undefined test

CC       := $(if $(filter default,$(origin CC)),gcc,$(CC))
BUILD    ?= build
SANITIZE ?=
V        ?=
OPTIMIZE ?= -O2
PKGS     := libzmq libevent libevent_pthreads libevent_openssl openssl libpq proj geos jansson libcyaml yaml-0.1 libsodium libedit libcurl

WARN   := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
CFLAGS += -std=c11 -D_GNU_SOURCE -g $(OPTIMIZE) -fno-common -pthread $(WARN) -Idispatcher -I$(BUILD)
ifneq ($(SANITIZE),)
CFLAGS  += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS += -fsanitize=$(SANITIZE)
endif

# One archive a part, named here from the top down: a part may use those to its right.
PARTS := shell api board ingest store town playbook reading geo clock wire core
LIBS  := $(PARTS:%=$(BUILD)/lib%.a)

foreign_cflags = $(shell pkg-config --cflags $(PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
link_libs      = -Wl,--start-group $(LIBS) -Wl,--end-group $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lgeos_c -lm

MESSAGES := $(BUILD)/locale/zh_CN/LC_MESSAGES/dispatchctl.mo
MANUALS  := $(BUILD)/man/man1/dispatchctl.1 $(BUILD)/man/zh_CN/man1/dispatchctl.1
PROGRAMS := $(BUILD)/dispatcherd $(BUILD)/dispatchctl $(BUILD)/unit-terminal
TOOLS    := $(patsubst ops/tools/%.c,$(BUILD)/%,$(wildcard ops/tools/*.c))
TESTS    := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*.c tests/property/*.c tests/integration/*.c)) \
	$(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/fuzz/replay_%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all build-all build-tests messages deps demo run stop test test-units lint format format-check bench real faults fuzz fuzz-coverage soak install clean
.SECONDARY:

# As many jobs as processors, unless the caller has said otherwise.
BUILDING = @$(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

all: deps
	$(BUILDING) build-all
build-all: $(PROGRAMS) $(TOOLS) $(MESSAGES) $(MANUALS)
build-tests: $(TESTS) $(MESSAGES)

deps:
	@ops/install-deps

# --- building: V=1 shows the commands --------------------------------------------------------

Q = $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)  $(2)')

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(foreign_cflags) -MMD -MP -c $< -o $@

define part_rule
$(BUILD)/lib$(1).a: $(patsubst %.c,$(BUILD)/%.o,$(filter-out %/main.c,$(wildcard dispatcher/$(1)/*.c)))
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(call say,AR,$$@)
	$$(Q)$(AR) rcs $$@ $$^
endef
$(foreach part,$(PARTS) ctl,$(eval $(call part_rule,$(part))))

$(BUILD)/dispatcherd: $(patsubst %.c,$(BUILD)/%.o,$(wildcard dispatcher/*.c)) $(LIBS)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(link_libs)

# The console is an archive for the sake of its tests; nothing else links it.
$(BUILD)/dispatchctl: $(BUILD)/dispatcher/ctl/main.o $(BUILD)/libctl.a $(LIBS) | $(MESSAGES)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(BUILD)/libctl.a $(link_libs)

$(BUILD)/unit-terminal: $(patsubst %.c,$(BUILD)/%.o,$(wildcard dispatcher/terminal/*.c)) $(LIBS)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(link_libs)

$(BUILD)/%: $(BUILD)/ops/tools/%.o $(LIBS)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(link_libs)

$(BUILD)/tests/unit/test_ctl_%: $(BUILD)/tests/unit/test_ctl_%.o $(BUILD)/libctl.a $(LIBS) | $(MESSAGES)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(BUILD)/libctl.a $(link_libs) -lcmocka

# A fuzz target over its corpus as a test, and with libFuzzer. One of them reads the daemon's configuration.
CONFIG_OBJECTS := $(BUILD)/dispatcher/config.o $(BUILD)/dispatcher/config_check.o
$(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(CONFIG_OBJECTS) $(LIBS)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(link_libs) -lcmocka

$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(CONFIG_OBJECTS) $(LIBS)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(link_libs) -lcmocka

# The simulator: the real parts over a disk, a database, a net and a clock of its own; see tests/faults/sim.h.
FAULT_WRAPS := malloc calloc realloc aligned_alloc free poll clock_gettime
FAULT_GLUE := $(BUILD)/tests/faults/glue.a
fault_libs = -Wl,--start-group $(FAULT_GLUE) $(filter-out $(BUILD)/libapi.a $(BUILD)/libboard.a,$(LIBS)) -Wl,--end-group \
	-lsodium -lm $(FAULT_WRAPS:%=-Wl,--wrap=%)
FAULTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/faults/*.c))
# What of the daemon itself is simulated, too; an archive, so that a canary's own copy comes before it.
$(FAULT_GLUE): $(patsubst %,$(BUILD)/dispatcher/%.o,ports lead bring)
	$(Q)rm -f $@ && ar rcs $@ $^
$(BUILD)/faults: $(FAULTS) $(FAULT_GLUE) $(LIBS)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(FAULTS) $(fault_libs)

# The worst days with real processes: a daemon that dies or fails at chosen calls, and the peers that it meets.
SOAK_WRAPS := zmq_msg_recv zmq_send core_decide core_apply store_append store_commit store_released_seq outbox_pop pwrite fdatasync fsync \
	renameat fork PQsendQueryPrepared PQpipelineSync PQflush PQgetResult malloc calloc realloc
SOAK := $(BUILD)/soak/dispatcherd $(BUILD)/soak/peers
$(BUILD)/soak/dispatcherd: $(patsubst %.c,$(BUILD)/%.o,$(wildcard dispatcher/*.c) tests/soak/points.c) $(LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(SOAK_WRAPS:%=-Wl,--wrap=%) $(link_libs)
$(BUILD)/soak/%: $(BUILD)/tests/soak/%.o $(LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(link_libs)

$(BUILD)/tests/unit/test_bring: $(BUILD)/dispatcher/bring.o
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(link_libs) -lcmocka

# --- the console's words: English in the sources, Chinese in the catalogue ---------------------

CATALOGUE = dispatcher/ctl/po/zh_CN.po
# What marks a msgid: the functions that say something, and the macros of the tables.
MARKS = N_ NC_:1c,2 screen_say:2 lang_say:2 screen_heading:2 session_complain:2 complain:2 FIELD:2 FIELD_AS:2 FIELD_WORD:2 \
	FIELD_TOWN:2 PLACE:3 PLACE_IN:3 IN_PATH:1 BODY:3 BODY_IS:5 QUERY:4 WORD_IN:6 ONE_OF:4 FROM:3 TIME_OF:4

$(MESSAGES): $(CATALOGUE)
	@mkdir -p $(@D)
	$(call say,MO,$@)
	$(Q)msgfmt --check --output-file=$@ $<

$(BUILD)/dispatchctl.pot: $(wildcard dispatcher/ctl/*.[ch])
	@mkdir -p $(@D)
	$(Q)xgettext --language=C --from-code=UTF-8 --keyword $(MARKS:%=--keyword=%) --package-name=dispatchctl \
		--add-location=file --sort-by-file --output=- $(sort $^) | sed '/^"POT-Creation-Date:/d' >$@

# After a change of words: msgids that are new get an empty translation, those that are gone go.
messages: $(BUILD)/dispatchctl.pot
	msgmerge --quiet --no-fuzzy-matching --update --backup=none --add-location=file --sort-by-file $(CATALOGUE) $<
	msgattrib --no-obsolete --add-location=file --sort-by-file --output-file=$(CATALOGUE) $(CATALOGUE)
	@msgattrib --untranslated $(CATALOGUE)

# The console writes its own manual pages, from its tables.
$(BUILD)/man/man1/dispatchctl.1: $(BUILD)/dispatchctl
	@mkdir -p $(@D)
	$(call say,MAN,$@)
	$(Q)$< --lang en manual >$@
$(BUILD)/man/zh_CN/man1/dispatchctl.1: $(BUILD)/dispatchctl $(MESSAGES)
	@mkdir -p $(@D)
	$(call say,MAN,$@)
	$(Q)$< --lang zh manual >$@

# --- running ----------------------------------------------------------------------------------

# ops/run is make's own child, not a shell's, so that it gets the TERM that make hands on.
run: all
	@exec env BUILD=$(BUILD) ops/run

stop:
	@ops/stop

demo: all
	@exec env BUILD=$(BUILD) ops/demo

# --- checking ---------------------------------------------------------------------------------

SOURCES = $(shell find dispatcher tests ops -name '*.[ch]')
SCRIPTS = $(shell grep -lIE '^\#!/bin/(ba)?sh' ops/* .ci/* tests/run tests/*/* 2>/dev/null)

test: all
	$(BUILDING) build-tests $(BUILD)/faults $(SOAK)
	@BUILD=$(BUILD) tests/run -j 2 $(TESTS) $(wildcard tests/integration/*.sh)

# Without the programs: what a sanitised build is for.
test-units: deps
	$(BUILDING) build-tests
	@BUILD=$(BUILD) tests/run -j 2 $(TESTS)

bench: $(BUILD)/tests/bench/bench
bench: all
	@BUILD=$(BUILD) tests/bench/run
	@BUILD=$(BUILD) tests/bench/desk

real: all
	@BUILD=$(BUILD) tests/real/run

# What strangers and disks may send, in their hundred thousands, under sanitizers: FUZZ_SECONDS each, FUZZ_TARGETS of them.
FUZZ_TARGETS ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SECONDS ?= 60
FUZZING       = BUILD=$(BUILD)/fuzz CC=clang OPTIMIZE=-O1 SANITIZE=fuzzer-no-link,address,undefined

fuzz:
	@ops/install-deps fuzz
	$(BUILDING) $(FUZZING) $(FUZZ_TARGETS:%=$(BUILD)/fuzz/tests/fuzz/fuzz_%)
	@BUILD=$(BUILD)/fuzz FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run $(FUZZ_TARGETS)

# How much of wire/ the corpus reaches.
fuzz-coverage: deps
	$(BUILDING) BUILD=$(BUILD)/coverage CC=gcc OPTIMIZE='-O0 --coverage' $(FUZZ_TARGETS:%=$(BUILD)/coverage/tests/fuzz/replay_%)
	@BUILD=$(BUILD)/coverage tests/fuzz/coverage $(FUZZ_TARGETS)


# FAULTS_SEEDS, FAULTS_JOBS: see tests/faults/run.
faults: $(BUILD)/faults
	@BUILD=$(BUILD) COMPILE='$(CC) $(CFLAGS) $(LDFLAGS) $(foreign_cflags)' LINK='$(fault_libs)' tests/faults/run

# SOAK_POINTS, SOAK_ALARMS, SOAK_TERMINALS, SOAK_RUNS …: see tests/soak/run.
soak: all $(SOAK)
	@BUILD=$(BUILD) tests/soak/run

lint:
	@ops/install-deps lint
	printf '%s\n' $(filter dispatcher/%.c ops/%.c,$(SOURCES)) | \
		xargs -P $(shell nproc) -n 4 sh -c 'clang-tidy --quiet "$$@" -- $(CFLAGS) $(foreign_cflags)' sh
	cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
		'-D_Noreturn=__attribute__((noreturn))' -Idispatcher dispatcher
	shellcheck -x $(SCRIPTS)

format:
	clang-format -i $(SOURCES)

format-check:
	clang-format --dry-run -Werror $(SOURCES)

# --- installing -------------------------------------------------------------------------------

PREFIX ?= /usr/local
SHARE  := $(PREFIX)/share/dispatch

install: all
	install -d $(addprefix $(DESTDIR),$(PREFIX)/bin $(SHARE)/sql $(SHARE)/playbooks $(SHARE)/towns /etc/dispatch /lib/systemd/system)
	install $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	for page in $(MANUALS:$(BUILD)/%=%); do install -D -m 644 $(BUILD)/$$page $(DESTDIR)$(PREFIX)/share/$$page || exit 1; done
	install -D -m 644 ops/man/unit-terminal.1 $(DESTDIR)$(PREFIX)/share/man/man1/unit-terminal.1
	install -D -m 644 ops/man/dispatcherd.8 $(DESTDIR)$(PREFIX)/share/man/man8/dispatcherd.8
	install -D -m 644 ops/completion/dispatchctl.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/dispatchctl
	install -D -m 644 $(MESSAGES) $(DESTDIR)$(PREFIX)/share/locale/zh_CN/LC_MESSAGES/dispatchctl.mo
	install -m 644 schemas/sql/*.sql $(DESTDIR)$(SHARE)/sql
	install -m 644 ops/postgres-roles.sql $(DESTDIR)$(SHARE)
	install -m 644 playbooks/*.yaml $(DESTDIR)$(SHARE)/playbooks
	cp -R --no-preserve=ownership ops/towns/. $(DESTDIR)$(SHARE)/towns
	sed 's,@PREFIX@,$(PREFIX),g' ops/dispatcher.service >$(DESTDIR)/lib/systemd/system/dispatcher.service
	[ -e $(DESTDIR)/etc/dispatch/dispatcher.yaml ] || \
		sed 's,@PREFIX@,$(PREFIX),g' ops/dispatcher.yaml >$(DESTDIR)/etc/dispatch/dispatcher.yaml

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

clean:
	rm -rf $(BUILD)
