#!/bin/sh
# The first thing to see after a build: time, memory and MFU of a training job that was measured in public, then the
# same job with its layout searched.
set -e
"${BUILD:-build}/socle" train examples/llama-3.1-405b.toml
exec "${BUILD:-build}/socle" train examples/llama-3.1-405b-search.toml
