#!/bin/sh
# The first thing to see after a build: time, memory and MFU of a training job that was measured in public, then the
# same job with its layout searched; then what to try next.
set -e
socle=${BUILD:-build}/socle

show() {
  printf '\n$ socle %s\n' "$*"
  "$socle" "$@"
}

show train examples/llama-3.1-405b.toml
show train examples/llama-3.1-405b-search.toml

cat <<END

Try next (socle is $socle; "make install" puts it on the PATH):
  $socle train --model llama-3-70b --cluster hgx-h100:16 --tokens 1T      another job, its layout searched
  $socle plan examples/plan-70b.toml                                      which cluster to buy or rent for a job
  $socle compare --model llama-3-70b --chips h100-sxm,h20,ascend-910b     chips side by side
  $socle fabric design examples/fabric-2048.toml                          which network to build
END
