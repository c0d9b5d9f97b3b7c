#!/usr/bin/env python3
"""Asks two builds of socle the same questions and compares every byte of their answers.

    tools/compare_outputs.py OLD_SOCLE NEW_SOCLE [--random N] [--seed S] [--ignore REGEX]... [--jobs N] [--root DIR]

For a change that must not move a result: run it with the program of before and of after. The questions are every example
(its "# run:" line, plain and with --json), help, catalogue, both validations, the readers' fuzz corpus, and N random
scenarios (tools/random_scenarios.py), some with a mistake. Compared are standard output and error, exit code and
written files. Matches of --ignore, and versions of socle always, count as equal. Prints a diff of the first differences and a
summary; exits 1 when anything differs.
"""
import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

from random_scenarios import Case, Generator

VERSIONS = [r'(?<=SOCLE 1 "" ")[^"]*', r"\bsocle \d+\.\d+\.\d+[-+.\w]*", r'"socle(?:_version)?": *"[^"]*"']
LIMIT = 20.0       # seconds for one run
DIFFERENCES = 10   # shown
DIFF_LINES = 40    # of each
SECTIONS = ["models", "chips", "nodes", "network", "prices", "stacks"]
COMMANDS = ["train", "plan", "compare", "fabric", "catalog", "validate", "check", "init", "completion", "man"]


def catalogue_names(socle):
    """First column, or the second where the first is a kind, of each list of the catalogue."""
    names = {}
    for section in SECTIONS:
        lines = subprocess.run([socle, "catalog", section], capture_output=True, encoding="utf-8", check=True).stdout.splitlines()
        rule = next(i for i, line in enumerate(lines) if line.startswith("---"))
        starts = [match.start() for match in re.finditer(r"-+", lines[rule])]
        column = 1 if section in ("network", "prices") else 0
        end = starts[column + 1] if column + 1 < len(starts) else None
        rows = lines[rule + 1:lines.index("", rule)] if "" in lines[rule:] else lines[rule + 1:]
        cells = [row[starts[column]:end].strip() for row in rows]
        names[section] = [name for name in cells if name and not name.endswith("..")]  # a long name is cut there
    return names


def fixed_cases(root):
    for example in sorted((root / "examples").glob("*.toml")):
        line = example.read_text(encoding="utf-8").split("\n", 1)[0]
        if line.startswith("# run: socle "):
            words = shlex.split(line.removeprefix("# run: socle "))
            yield Case(words)
            yield Case([*words, "--json"])
    yield from (Case(words) for words in ([], ["--help"], ["--version"], ["nonsense"],
                                          *([command, "--help"] for command in COMMANDS)))
    yield from (Case([command]) for command in COMMANDS)
    for section in SECTIONS:
        yield Case(["catalog", section])
        yield Case(["catalog", section, "--json"])
    for kind in ("training", "collectives"):
        yield Case(["validate", kind, "--rows", "rows.csv"])
        yield Case(["validate", kind, "--json"])
    corpus = root / "fuzz" / "corpus"
    ask = {"toml": ["train"], "scenario": ["train"], "nccl_log": ["fabric", "calibrate"], "csv": ["validate", "training", "--cases"],
           "graph_csv": ["fabric", "simulate", "--traffic", "permutation", "--topology-file"], "hf_config": None,
           "graph_toml": ["fabric", "simulate", "--traffic", "permutation", "--topology-file"],
           "traffic_csv": ["fabric", "simulate", "--hosts", "8", "--nics", "1", "--traffic", "matrix", "--traffic-file"]}
    # Of the two that no question reads from a file of its own, one is in every answer and the other in every scenario.
    left = {path.name for path in corpus.iterdir()} - ask.keys() - {"json", "unit_text"}
    if left:
        sys.exit(f"no question reads fuzz/corpus/{', '.join(sorted(left))}; add one to fixed_cases in tools/compare_outputs.py")
    for folder, words in ask.items():
        for file in sorted(corpus.glob(folder + "/*")):
            content = file.read_bytes()
            if words is None:
                scenario = '[model]\nconfig = "config.json"\n[cluster]\nnode = "hgx-h100"\nnodes = 1\n'
                yield Case(["train", "scenario.toml"], {"config.json": content, "scenario.toml": scenario})
            else:
                name = "input.toml" if folder.endswith(("toml", "scenario")) else "input.csv" if folder.endswith("csv") else "input.log"
                yield Case([*words, name], {name: content})


def run(socle, case, root):
    """What one program answers: parts by name, or None after too long."""
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        for name in ("examples", "validation"):
            (place / name).symlink_to(root / name)
        for name, content in case.files.items():
            (place / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        before = {path.name for path in place.iterdir()}
        try:
            # All programs are called socle, whatever their files are.
            done = subprocess.run(["socle", *case.words], executable=socle, cwd=folder, capture_output=True,
                                  stdin=subprocess.DEVNULL, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            return None
        parts = {"exit code": str(done.returncode).encode(), "standard output": done.stdout, "standard error": done.stderr}
        for path in sorted(place.rglob("*")):
            if path.is_file() and path.relative_to(place).parts[0] not in before:
                parts[f"file {path.relative_to(place)}"] = path.read_bytes()
        for name, content in case.files.items():
            now = (place / name).read_bytes()
            if now != (content if isinstance(content, bytes) else content.encode()):
                parts[f"file {name}"] = now
        return {name: content.replace(folder.encode(), b"FOLDER") for name, content in parts.items()}


def difference(case, old, new, ignored):
    """A text that shows how the answers differ, or None."""
    if old == new or old is None:
        return None
    if new is None:
        return f"the new program took more than {LIMIT:g} s\n"
    lines = []
    for name in sorted({*old, *new}):
        texts = [side.get(name, b"(none)").decode(errors="backslashreplace") for side in (old, new)]
        for pattern in ignored:
            texts = [pattern.sub("IGNORED", text) for text in texts]
        if texts[0] != texts[1]:
            # A document in one line is easier to read when it is cut.
            parts = [re.sub(r"([,{\[])(?=[\"{])", r"\1\n", text) if text.count("\n") < 3 else text for text in texts]
            lines += list(difflib.unified_diff(parts[0].splitlines(), parts[1].splitlines(), f"old {name}", f"new {name}",
                                               lineterm="", n=1))[:DIFF_LINES]
    return "\n".join(lines) + "\n" if lines else None


def describe(case):
    text = f"$ {shlex.join(['socle', *case.words])}\n"
    for name, content in case.files.items():
        shown = content if isinstance(content, str) else content.decode(errors="backslashreplace")
        text += f"--- {name}\n{shown[:3000].rstrip()}\n"
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--random", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ignore", action="append", default=[], metavar="REGEX")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent,
                        help="where examples and validation are")
    parser.add_argument("--list", action="store_true", help="print each question with its exit code")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")  # outputs hold Chinese, whatever the locale
    old, new = (str(pathlib.Path(program).resolve()) for program in (arguments.old, arguments.new))
    root = arguments.root.resolve()
    ignored = [re.compile(pattern) for pattern in VERSIONS + arguments.ignore]
    rows = {file.stem: file.read_text(encoding="utf-8").splitlines(keepends=True)
            for file in (root / "validation").glob("*.csv")}
    cases = [*fixed_cases(root), *Generator(arguments.seed, catalogue_names(old)).cases(arguments.random, rows)]

    started = time.monotonic()
    differing, too_long, codes = 0, [], {}
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        pairs = pool.map(lambda case: (run(old, case, root), run(new, case, root)), cases)
        for case, (old_answer, new_answer) in zip(cases, pairs):
            code = "too long" if old_answer is None else old_answer["exit code"].decode()
            codes[code] = codes.get(code, 0) + 1
            if arguments.list:
                print(code, shlex.join(case.words),
                      ("" if old_answer is None else old_answer["standard error"].decode(errors="replace")[:300]).strip(),
                      flush=True)
            if old_answer is None:
                too_long.append(case)
            text = difference(case, old_answer, new_answer, ignored)
            if text is not None:
                differing += 1
                if differing <= DIFFERENCES:
                    print(f"\n{describe(case)}{text}", flush=True)
    for case in too_long:
        print(f"not compared, more than {LIMIT:g} s: {shlex.join(case.words)}")
    counts = ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()))
    print(f"{len(cases)} runs, {differing} differ (exit codes {counts}; {time.monotonic() - started:.0f} s)")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
