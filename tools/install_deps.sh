#!/bin/sh
# Installs what a build needs on Debian 12 or Ubuntu 24.04; does nothing, offline, when all of it is there.
set -e
packages="g++ cmake ninja-build python3 libfmt-dev libtomlplusplus-dev nlohmann-json3-dev libcli11-dev libgtest-dev libbenchmark-dev"
missing=""
if ! command -v dpkg-query >/dev/null; then
  for program in c++ cmake python3; do
    command -v $program >/dev/null || { echo "install $program, fmt, toml++, nlohmann-json, CLI11 and GoogleTest first" >&2; exit 1; }
  done
  exit 0
fi
for package in $packages; do
  dpkg-query -W -f '${Status}\n' $package 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
echo "installing:$missing"
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "install these packages as root:$missing" >&2; exit 1; }
  sudo=sudo
fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
