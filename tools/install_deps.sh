#!/bin/sh
# Installs what a build needs on Debian 12 or Ubuntu 24.04; silent, and offline, when all of it is there.
# Arguments name packages that are wanted besides.
set -e
packages="g++ cmake ninja-build python3 libfmt-dev libtomlplusplus-dev nlohmann-json3-dev libcli11-dev libgtest-dev libbenchmark-dev python3-jsonschema $*"

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  for program in c++ cmake python3; do
    command -v $program >/dev/null || {
      echo "error: this system has no apt: install $program, and fmt, toml++, nlohmann-json, CLI11, GoogleTest, first" >&2
      exit 1
    }
  done
  exit 0
fi

missing=""
for package in $packages; do
  case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
    *" ok installed") ;;
    *) missing="$missing $package" ;;
  esac
done
[ -z "$missing" ] && exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "error: these packages are missing and installing them takes root, which you are not and sudo is not here:" >&2
    echo " $missing" >&2
    echo "Have an administrator run: apt-get install --no-install-recommends$missing" >&2
    exit 1
  }
  as_root=sudo
fi

# apt speaks into a log that is shown when it fails; sudo asks for its password on the terminal all the same.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
started=$(date +%s)
echo "installing$missing"
$as_root apt-get -q update >"$log" 2>&1 || echo "warning: apt-get update failed; going on with the lists that are here" >&2
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
  install --no-install-recommends $missing >>"$log" 2>&1 </dev/null || {
  cat "$log" >&2
  echo "error: apt could not install$missing; what it said stands above" >&2
  exit 1
}
echo "installed in $(($(date +%s) - started)) s"
