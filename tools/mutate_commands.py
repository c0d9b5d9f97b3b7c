#!/usr/bin/env python3
"""Changes one to five fields of command lines and of the files that they read, and watches what socle does with them.

    tools/mutate_commands.py SOCLE [--count N] [--seed N] [--jobs N] [--shard I/N] [--only INDEX] [--untimed]

Seeds are the examples, questions by flags, rows of the validation tables and files of the catalogue laid over it. A finding is an end
by a signal or exit code 70, a control character in what is printed, more than 2 s (and 1 s for every 100,000 requests that
`socle serve` and `risk serve` are told to simulate) or 500 MB, or, at
exit code 0 with --json, text that is no JSON or a figure that is not finite or is negative where nothing can be, and without
it the words nan and inf; and an end that does not come. Each case follows
from seed and index alone: --only runs one and prints all of it. --untimed judges no time, for tests. Exit code 1 with a finding.
"""
import argparse
import concurrent.futures
import csv
import json
import math
import os
import pathlib
import random
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time

from mutation import fields, seeds, values

ROOT = pathlib.Path(__file__).resolve().parent.parent
SECONDS, BYTES, HANGS = 2.0, 500e6, 60.0
REQUESTS = re.compile(r"(?:^requests = |--num-requests[ =])(\d+)", re.MULTILINE)
REQUESTS_A_SECOND = 100_000
WALL = 180.0  # seconds by the clock: one that only waits is stopped too
# Members that compare, by their last name in docs/reference/json.md: a share that is missing, an error, a part of a waterfall.
MAY_BE_NEGATIVE = {"instead", "headroom", "signed_error", "signed_of_groups", "worst_error"}
# A figure that is none, as a word of its own and not part of a name or a path.
NO_FIGURE = re.compile(r"(?<![\w./\"'-])[-+]?(?:nan|inf)(?![\w./\"'=-])", re.IGNORECASE)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")


def case(stock, seed, index):
    """The words and files of one case."""
    source = random.Random(f"{seed}:{index}")
    words, files = stock.pick(source)
    flags = stock.flags(words)
    for _ in range(source.choice([1, 1, 1, 2, 2, 3, 4, 5])):
        if files and source.random() < 0.65:
            name = source.choice(sorted(files))
            try:
                files[name] = fields.by_name(name)(source, files[name])
            except (ValueError, RecursionError, csv.Error):
                files[name] = fields.log(source, files[name])
        else:
            words = fields.words(source, words, flags)
    if "--json" not in words and source.random() < 0.7 and any(flag == "--json" for flag, _, _ in flags):
        words.append("--json")
    return [values.without_nul(word) for word in words], files


def figures(node, path=""):
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from figures(inner, f"{path}.{key}")
    elif isinstance(node, list):
        for inner in node:
            yield from figures(inner, path + ".[]")
    elif isinstance(node, float) or (isinstance(node, int) and not isinstance(node, bool)):
        yield path, node


def in_document(text):
    """What is wrong with a JSON document."""
    try:
        body = json.loads(text)
    except ValueError as error:
        return [f"no JSON: {error}"]
    wrong = []
    for path, number in figures(body):
        if not math.isfinite(number):
            wrong.append(f"{path} = {number}")
        elif number < 0 and path.replace(".[]", "").rpartition(".")[2] not in MAY_BE_NEGATIVE:
            wrong.append(f"{path} = {number} is negative")
    return wrong[:3]


def in_text(text, given):
    """Figures of a text that are none, unless the word was given."""
    if any(NO_FIGURE.search(one) for one in given):
        return []
    return [f"{text[max(0, none.start() - 60):none.end() + 10]!r} is no figure" for none in NO_FIGURE.finditer(text)][:3]


def run(socle, words, files):
    """What is wrong with how one case ends, and what was printed."""
    with tempfile.TemporaryDirectory(prefix="socle-mutation-") as above:
        folder = pathlib.Path(above, "here")  # so that ".." is small too
        folder.mkdir()
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
        with open(pathlib.Path(folder, "out"), "w+b") as out, open(pathlib.Path(folder, "err"), "w+b") as err:
            started = time.monotonic()
            child = subprocess.Popen([socle, *[word.encode("utf-8", "surrogateescape") for word in words]], cwd=folder,
                                     stdin=subprocess.DEVNULL, stdout=out, stderr=err, preexec_fn=limits)
            hangs = threading.Event()
            timer = threading.Timer(WALL, lambda: (hangs.set(), os.kill(child.pid, signal.SIGKILL)))
            timer.start()
            _, status, used = os.wait4(child.pid, 0)
            timer.cancel()
            took = min(time.monotonic() - started, used.ru_utime + used.ru_stime)  # a busy machine waits, threads share
            child.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0), err.seek(0)
            printed, said = out.read(20_000_000).decode("utf-8", "replace"), err.read(200_000).decode("utf-8", "replace")
    wrong = []
    if hangs.is_set():
        wrong.append(f"hangs: stopped after {WALL:.0f} s by the clock")
    elif child.returncode in (-signal.SIGKILL, -signal.SIGXCPU) and used.ru_utime + used.ru_stime > HANGS / 2:
        wrong.append(f"stopped after {HANGS:.0f} s")
    elif child.returncode not in (0, 1, 2):
        wrong.append(f"exit {child.returncode}: {said.strip()[-200:]}")
    if child.returncode in (1, 2) and not said.strip() and not printed.strip():
        wrong.append("an end without a word")
    for stream, text in (("output", printed), ("messages", said)):
        if control := CONTROL.search(text):
            wrong.append(f"{stream} hold {control.group()!r}: {text[max(0, control.start() - 60):control.start() + 20]!r}")
    if child.returncode == 0 and "--json" in words:
        wrong += in_document(printed)
    elif child.returncode == 0:
        wrong += in_text(printed, [*words, *files.values()])
    return wrong, took, used.ru_maxrss * 1024, printed + said


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (int(HANGS), int(HANGS)))
    resource.setrlimit(resource.RLIMIT_AS, (6_000_000_000, 6_000_000_000))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allowed(words, files):
    """Seconds that a command line may take."""
    if "serve" not in words[:2]:
        return SECONDS
    told = [int(number) for number in REQUESTS.findall("\n".join([" ".join(words), *files.values()]))]
    return SECONDS + max(told, default=0) / REQUESTS_A_SECOND


def judge(arguments, words, files):
    wrong, seconds, size, text = run(arguments.socle, words, files)
    if not arguments.untimed and seconds > allowed(words, files):
        wrong.append(f"{seconds:.1f} s")
    if size > BYTES:
        wrong.append(f"{size / 1e6:.0f} MB")
    return wrong, seconds, text


def show(arguments, stock):
    words, files = case(stock, arguments.seed, arguments.only)
    for name, text in files.items():
        print(f"--- {name}\n{text}")
    wrong, seconds, text = judge(arguments, words, files)
    print(f"--- socle {shlex.join(words)}\n{text}\n--- {seconds:.2f} s; {'; '.join(wrong) or 'nothing wrong'}")
    return bool(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("socle", type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--shard", default="0/1")
    parser.add_argument("--only", type=int)
    parser.add_argument("--untimed", action="store_true")
    arguments = parser.parse_args()
    stock = seeds.Seeds(ROOT, lambda words: subprocess.run([arguments.socle, *words, "--help-all"], capture_output=True, text=True,
                                                           check=True, env={**os.environ, "COLUMNS": "100"}).stdout)
    if arguments.only is not None:
        return show(arguments, stock)
    first, step = map(int, arguments.shard.split("/"))
    chosen = range(first, arguments.count, step)
    found, started, ends = 0, time.monotonic(), 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for index, (wrong, words) in zip(chosen, pool.map(lambda i: one(arguments, stock, i), chosen)):
            ends += 1
            if wrong:
                found += 1
                print(f"{index}: {'; '.join(wrong)}\n    socle {shlex.join(words)}", flush=True)
    print(f"{ends} command lines, {found} findings, {time.monotonic() - started:.0f} s (seed {arguments.seed})")
    return found > 0


def one(arguments, stock, index):
    words, files = case(stock, arguments.seed, index)
    return judge(arguments, words, files)[0], words


if __name__ == "__main__":
    sys.exit(main())
