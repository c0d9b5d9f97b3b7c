#!/bin/sh
# The first thing to see after a build: time, memory and MFU of a training job that was measured in public.
set -e
exec "${BUILD:-build}/socle" train examples/llama-3.1-405b.toml
