#!/usr/bin/env python3
"""Configures and builds with one line for each phase; what went wrong is printed in full.

    tools/build.py FOLDER [--target NAME]... [--jobs N] [-D NAME=VALUE]...

A new folder gets Ninja where Ninja is there when this runs; a folder that exists keeps the generator it was made with. A folder
that was configured at another place (a moved or copied clone) is configured anew. Under sudo, compilers run as the user
who owns the sources, so that root owns no file of the build. Exit code: that of the step that failed.
"""
import argparse
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
STEP = re.compile(r"^\[\s*(\d+)(?:/(\d+)|%)\] (.*)")
WORK = re.compile(r"^(?:Building|Linking|Embedding|Generating)\b")
NOISE = re.compile(r"^(?:ninja: (?:Entering directory|no work to do)|(?:g?make)(?:\[\d+\])?: (?:Entering|Leaving) directory|-- |"
                   r"Consolidate compiler generated|Scanning dependencies)")
PROGRESS_EVERY = 60.0  # seconds between lines where no terminal shows a running count


def say(text):
    print(text, flush=True)


def owner(folder):
    """Arguments of subprocess that give up root, when sudo came from the owner of the sources."""
    uid = int(os.environ.get("SUDO_UID", "0"))
    place = folder if folder.exists() else ROOT
    if os.geteuid() != 0 or uid == 0 or place.stat().st_uid != uid:
        return {}
    entry = pwd.getpwuid(uid)
    return {"user": uid, "group": entry.pw_gid, "extra_groups": os.getgrouplist(entry.pw_name, entry.pw_gid)}


def environment(rights):
    """Without the variables that tell an inner make that it runs inside another one."""
    kept = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "GNUMAKEFLAGS")}
    if rights:
        kept["HOME"] = pwd.getpwuid(rights["user"]).pw_dir
    return {**kept, "NINJA_STATUS": "[%f/%t] "}


def cached(folder):
    """Entries of the folder's CMakeCache.txt."""
    file = folder / "CMakeCache.txt"
    if not file.exists():
        return {}
    entry = re.compile(r"^(\w+):\w+=(.*)$", re.M)
    return dict(entry.findall(file.read_text(encoding="utf-8", errors="surrogateescape")))


def configure(folder, definitions, rights):
    cache = cached(folder)
    if cache and (cache.get("CMAKE_HOME_DIRECTORY") != str(ROOT) or cache.get("CMAKE_CACHEFILE_DIR") != str(folder)):
        (folder / "CMakeCache.txt").unlink()
        shutil.rmtree(folder / "CMakeFiles", ignore_errors=True)
        cache = {}
    command = ["cmake", "-S", str(ROOT), "-B", str(folder), *(f"-D{text}" for text in definitions)]
    if "CMAKE_GENERATOR" not in cache and "CMAKE_GENERATOR" not in os.environ and shutil.which("ninja"):
        command += ["-G", "Ninja"]
    started = time.monotonic()
    done = subprocess.run(command, env=environment(rights), capture_output=True, encoding="utf-8", errors="surrogateescape", **rights)
    if done.returncode != 0:
        say(done.stdout + done.stderr)
        say(f"error: cmake could not configure {folder}")
        return done.returncode
    if done.stderr.strip():
        say(done.stderr.rstrip())
    if not cache:
        say(f"configured {shown(folder)} with {cached(folder)['CMAKE_GENERATOR']} in {time.monotonic() - started:.0f} s")
    return 0


def shown(folder):
    return os.path.relpath(folder) if folder.is_relative_to(pathlib.Path.cwd()) else str(folder)


class Progress:
    """A running count: one line that is overwritten on a terminal, else a line now and then."""

    def __init__(self, title):
        self.title = title
        self.terminal = sys.stdout.isatty()
        self.started = self.printed = time.monotonic()
        self.steps = 0

    def step(self, done, total, what):
        self.steps += bool(WORK.match(what))
        if self.steps == 1 and self.title and not self.terminal:
            say(self.title)
            self.title = ""
        text = f"building: {done} of {total}" if total else f"building: {done} %"
        if self.terminal:
            print(f"\r\033[K{text}", end="", flush=True)
        elif time.monotonic() - self.printed > PROGRESS_EVERY:
            self.printed = time.monotonic()
            say(text)

    def text(self, line):
        self.clear()
        say(line)

    def clear(self):
        if self.terminal:
            print("\r\033[K", end="", flush=True)


def compile_all(folder, targets, jobs, rights):
    command = ["cmake", "--build", str(folder), "-j", str(jobs)]
    for target in targets:
        command += ["--target", target]
    progress = Progress(f"building {' '.join(targets) or 'everything'}, {jobs} at a time")
    with subprocess.Popen(command, env=environment(rights), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                          errors="surrogateescape", **rights) as run:
        for line in run.stdout:
            line = line.rstrip("\n")
            match = STEP.match(line)
            if match:
                progress.step(match[1], match[2], match[3])
            elif not NOISE.match(line):
                progress.text(line)
    progress.clear()
    if run.returncode != 0:
        say(f"error: the build failed after {time.monotonic() - progress.started:.0f} s; the messages stand above")
    elif progress.steps:
        say(f"built in {time.monotonic() - progress.started:.0f} s ({progress.steps} steps)")
    else:
        say("nothing to build: all is up to date")
    return run.returncode


def main():
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--target", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("-D", action="append", default=[], metavar="NAME=VALUE", dest="definitions")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    rights = owner(folder)
    try:
        return (configure(folder, arguments.definitions, rights) or
                compile_all(folder, arguments.target, arguments.jobs, rights))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
