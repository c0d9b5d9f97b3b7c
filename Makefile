# The commands that people type. Everything else is in CMakeLists.txt.
BUILD ?= build
JOBS ?= $(shell nproc)
GENERATOR := $(if $(shell command -v ninja),-G Ninja)

.PHONY: run test build deps test-sanitize bench fuzz clean

run: deps
	@cmake -S . -B $(BUILD) $(GENERATOR) >/dev/null
	@cmake --build $(BUILD) -j $(JOBS) --target socle
	@BUILD=$(BUILD) sh tools/run_example.sh

build: deps
	cmake -S . -B $(BUILD) $(GENERATOR)
	cmake --build $(BUILD) -j $(JOBS)

test: build
	ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

test-sanitize: deps
	for kind in address,undefined thread; do \
	  dir=$(BUILD)-$${kind%%,*}; \
	  cmake -S . -B $$dir $(GENERATOR) -DSOCLE_SANITIZE=$$kind && cmake --build $$dir -j $(JOBS) && \
	  ctest --test-dir $$dir --output-on-failure -j $(JOBS) || exit 1; \
	done

bench: deps
	cmake -S . -B $(BUILD) $(GENERATOR)
	cmake --build $(BUILD) -j $(JOBS) --target benches
	for program in $(BUILD)/bench_*; do test -x $$program && ./$$program || exit 1; done

# Fuzzes each reader for a minute with clang; without clang the corpus is replayed under sanitizers.
fuzz: deps
	@if command -v clang++ >/dev/null; then \
	  cmake -S . -B $(BUILD)-fuzz $(GENERATOR) -DCMAKE_CXX_COMPILER=clang++ -DSOCLE_FUZZ=ON -DSOCLE_SANITIZE=address,undefined && \
	  cmake --build $(BUILD)-fuzz -j $(JOBS) && \
	  for source in fuzz/*.cpp; do name=$$(basename $$source .cpp); test $$name = standalone_main || \
	    $(BUILD)-fuzz/fuzz_$$name -max_total_time=60 fuzz/corpus/$$name || exit 1; done; \
	else \
	  cmake -S . -B $(BUILD)-address $(GENERATOR) -DSOCLE_SANITIZE=address,undefined && \
	  cmake --build $(BUILD)-address -j $(JOBS) && ctest --test-dir $(BUILD)-address -R '^fuzz_' --output-on-failure; \
	fi

deps:
	@sh tools/install_deps.sh

clean:
	rm -rf $(BUILD) $(BUILD)-address $(BUILD)-thread $(BUILD)-fuzz
