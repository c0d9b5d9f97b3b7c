# The commands that people type. Everything else is in CMakeLists.txt.
BUILD ?= build
JOBS ?= $(shell nproc)
compile = python3 tools/build.py --jobs $(JOBS)

.PHONY: run test build deps test-sanitize bench fuzz clean

run: deps
	@$(compile) "$(BUILD)" --target socle
	@BUILD="$(BUILD)" sh tools/run_example.sh

build: deps
	@$(compile) "$(BUILD)"

# ctest runs inside the folder: its closing lines are what continuous integration reads.
test: build
	@cd "$(BUILD)" && ctest --output-on-failure --progress -j $(JOBS)

test-sanitize: deps
	@for kind in address,undefined thread; do \
	  folder="$(BUILD)-$${kind%%,*}"; \
	  $(compile) "$$folder" -D SOCLE_SANITIZE=$$kind && \
	  (cd "$$folder" && ctest --output-on-failure --progress -j $(JOBS)) || exit 1; \
	done

bench: deps
	@$(compile) "$(BUILD)" --target benches
	@for program in "$(BUILD)"/bench_*; do test -x "$$program" || continue; "$$program" || exit 1; done

# Fuzzes each reader for a minute with clang; without clang the corpus is replayed under sanitizers.
fuzz: deps
	@if command -v clang++ >/dev/null; then \
	  $(compile) "$(BUILD)-fuzz" -D CMAKE_CXX_COMPILER=clang++ -D SOCLE_FUZZ=ON -D SOCLE_SANITIZE=address,undefined && \
	  for source in fuzz/*.cpp; do name=$$(basename $$source .cpp); test $$name = standalone_main || \
	    "$(BUILD)-fuzz/fuzz_$$name" -max_total_time=60 fuzz/corpus/$$name || exit 1; done; \
	else \
	  $(compile) "$(BUILD)-address" -D SOCLE_SANITIZE=address,undefined && \
	  cd "$(BUILD)-address" && ctest -R '^fuzz_' --output-on-failure; \
	fi

deps:
	@sh tools/install_deps.sh

clean:
	rm -rf "$(BUILD)" "$(BUILD)-address" "$(BUILD)-thread" "$(BUILD)-fuzz"
