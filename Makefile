# The commands that people type. Everything else is in CMakeLists.txt.
BUILD ?= build
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
compile = python3 tools/build.py --jobs $(JOBS)

.PHONY: run test build deps install uninstall package format check-format reference test-sanitize bench fuzz clean

run: deps
	@$(compile) "$(BUILD)" --target socle
	@BUILD="$(BUILD)" sh tools/run_example.sh

build: deps
	@$(compile) "$(BUILD)"

# ctest runs inside the folder: its closing lines are what continuous integration reads.
test: build
	@cd "$(BUILD)" && ctest --output-on-failure --progress -j $(JOBS)

install: deps
	@$(compile) "$(BUILD)" --target socle
	@DESTDIR="$(DESTDIR)" cmake --install "$(BUILD)" --prefix "$(PREFIX)" >/dev/null
	@echo "installed $(DESTDIR)$(PREFIX)/bin/socle, with examples and measurements in $(DESTDIR)$(PREFIX)/share/socle"

# By name, so that it works without the folder that was built; cmake/install.cmake has the same names.
uninstall:
	@cd "$(DESTDIR)$(PREFIX)" && rm -rf bin/socle share/socle share/doc/socle share/man/man1/socle.1 share/man/man1/socle-*.1 \
	  share/bash-completion/completions/socle share/zsh/site-functions/_socle share/fish/vendor_completions.d/socle.fish
	@echo "removed socle from $(DESTDIR)$(PREFIX)"

# A .deb for the system that it is built on.
package:
	@sh tools/install_deps.sh dpkg-dev file
	@$(compile) "$(BUILD)" --target socle
	@cd "$(BUILD)" && { cpack -G DEB >package.log 2>&1 || { cat package.log >&2; exit 1; }; } && \
	  echo "made $(BUILD)/$$(sed -n 's|.*package: .*/\(.*\.deb\) generated.*|\1|p' package.log)"

sources = find src tests bench fuzz tools -name '*.cpp' -o -name '*.hpp'
need_clang_format = command -v clang-format >/dev/null || { echo "error: clang-format is missing: apt-get install clang-format" >&2; exit 1; }

format:
	@$(need_clang_format)
	@$(sources) | xargs clang-format -i

check-format:
	@$(need_clang_format)
	@clang-format --dump-config >/dev/null
	@found=$$($(sources) | sort | xargs clang-format --dry-run 2>&1 | sed -n 's/^\([^:]*\):[0-9].*\[-Wclang-format-violations\].*/\1/p' | uniq -c); \
	  test -z "$$found" || { echo "places that make format changes:"; echo "$$found"; exit 1; }

# Pages that are written from the program and its tables; tests tell when one is out of date.
reference: deps
	@$(compile) "$(BUILD)" --target socle --target socle_reference
	@python3 tools/make_reference.py "$(BUILD)/socle" docs/reference/commands.md
	@"$(BUILD)/socle_reference" docs/reference

test-sanitize: deps
	@for kind in address,undefined thread; do \
	  folder="$(BUILD)-$${kind%%,*}"; \
	  $(compile) "$$folder" -D SOCLE_PCH=OFF -D SOCLE_SANITIZE=$$kind && \
	  (cd "$$folder" && ctest --output-on-failure --progress -j $(JOBS)) || exit 1; \
	done

bench: deps
	@$(compile) "$(BUILD)" --target benches
	@for program in "$(BUILD)"/bench_*; do test -x "$$program" || continue; "$$program" || exit 1; done

# Fuzzes each reader for a minute with clang; without clang the corpus is replayed under sanitizers.
fuzz: deps
	@if command -v clang++ >/dev/null; then \
	  $(compile) "$(BUILD)-fuzz" -D CMAKE_CXX_COMPILER=clang++ -D SOCLE_PCH=OFF -D SOCLE_FUZZ=ON -D SOCLE_SANITIZE=address,undefined && \
	  for source in fuzz/*.cpp; do name=$$(basename $$source .cpp); test $$name = standalone_main || \
	    "$(BUILD)-fuzz/fuzz_$$name" -max_total_time=60 fuzz/corpus/$$name || exit 1; done; \
	else \
	  $(compile) "$(BUILD)-address" -D SOCLE_PCH=OFF -D SOCLE_SANITIZE=address,undefined && \
	  cd "$(BUILD)-address" && ctest -R '^fuzz_' --output-on-failure; \
	fi

deps:
	@sh tools/install_deps.sh

clean:
	rm -rf "$(BUILD)" "$(BUILD)-address" "$(BUILD)-thread" "$(BUILD)-fuzz"
