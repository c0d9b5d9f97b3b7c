#!/usr/bin/env python3
"""Keeps the program's output in the documentation real.

    tools/refresh_docs.py SOCLE [--check]

Every fenced block of README*.md and docs/ whose first line starts with "$ " is run, in the order of its page, and its output is
written into the block. A block may hold several commands; what follows a command up to the next "$ " is its output. A line "[...]"
stands for output that is left out; between such lines the output is contiguous and exact.

A page runs in a temporary folder of its own, into which the folders of the repository (examples/, validation/, ...) are linked,
so a command sees what earlier commands of the page wrote. Commands go through sh, with `socle` (or `build/socle`) being SOCLE;
besides it only the tools in TOOLS may be called. Files that a page shows are written into the folder first: a fenced block is a
file when the line above it consists of the file's path and a colon,

    `my-catalog/chips/acme-x1.toml`:

Rows of the accuracy tables of README*.md, found by their first cell, are written from `socle validate training`.

--check changes nothing. The last line counts what was run. Exits 1 when a block is outdated (--check), cannot be run (it is never
skipped) or has nothing in common with the new output, so that a person has to look.
"""
import collections
import dataclasses
import difflib
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINKED = ("bench", "catalog", "docs", "examples", "fuzz", "src", "tests", "tools", "validation")
TOOLS = ("cat", "cp", "grep", "head", "mkdir", "sed", "tail")
SECONDS_MAX = 300  # of one command
GAPS = ("...", "[...]")
FENCE = re.compile(r"^( *)(`{3,}|~{3,})(.*)$")
FILE = re.compile(r"^`([^`]+)`[:：]$")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
SHELL_WORD = re.compile(r"(?:^|[|;&(]\s*)(?:[A-Z_]+=\S+\s+)*([\w./-]+)")

ROW = re.compile(r"^\| ([^|]+) \| \d+ \| [\d.]+ % \| [\d.]+ % \| [-+][\d.]+ % \| \d+ % \| [^|]+ \|$", re.M)
GROUPS = {
    "all": "all", "全部": "all", "A100 80 GB": "chip a100-sxm-80gb", "H100": "chip h100-sxm", "H200": "chip h200-sxm", "B200": "chip b200-sxm",
    "GB200": "chip gb200", "GB300": "chip gb300", "TPU v6e": "chip tpu-v6e", "1 to 8 chips": "scale 1-8 chips", "1 至 8 卡": "scale 1-8 chips",
    "9 to 64 chips": "scale 9-64 chips", "9 至 64 卡": "scale 9-64 chips", "65 to 512 chips": "scale 65-512 chips", "65 至 512 卡": "scale 65-512 chips",
    "more than 512 chips": "scale more than 512 chips", "512 卡以上": "scale more than 512 chips", "Megatron Bridge, 25.09 to 26.08": "source mbridge",
    "Megatron Bridge 25.09 至 26.08": "source mbridge", "one node of A100, small GPTs": "source vtrain", "单机 A100，小 GPT": "source vtrain",
    "PyTorch FSDP2 on one H100 or H200, own runs": "source fsdp2", "PyTorch FSDP2，单卡 H100 或 H200，自测": "source fsdp2",
}


class CannotRun(Exception):
    """Why a block could not be run; its text is shown to the user."""


@dataclasses.dataclass
class Block:
    """Lines [first, last) of a page, between the fences of a block that opens with "$ "."""
    first: int
    last: int
    commands: list  # of (command as written, its lines; lines of its output)


@dataclasses.dataclass
class Page:
    lines: list
    blocks: list
    files: dict     # path -> text
    problems: list


def commands_of(lines):
    """The block's commands and their outputs; a command goes on after a backslash at the end of its line."""
    commands = []
    for line in lines:
        if line.startswith("$ "):
            commands.append(([line], []))
        elif not commands[-1][1] and commands[-1][0][-1].endswith("\\"):
            commands[-1][0].append(line)
        else:
            commands[-1][1].append(line)
    return commands


def parse(text):
    page = Page(text.split("\n"), [], {}, [])
    fence, above = None, ""
    for number, line in enumerate(page.lines):
        match = FENCE.match(line)
        if fence is None:
            if match:
                fence, first, named = match[2], number + 1, FILE.match(above)
                indent = match[1]
            elif line.strip():
                above = line
            continue
        if not (match and match[2].startswith(fence) and not match[3].strip()):
            continue
        inside, fence, above = page.lines[first:number], None, ""
        runs = bool(inside) and inside[0].lstrip().startswith("$ ")
        if runs and indent:
            page.problems.append(f"line {first + 1}: an indented block is not run: {inside[0].strip()}")
        elif runs:
            page.blocks.append(Block(first, number, commands_of(inside)))
        elif any(re.match(r"\s*\$ ", each) for each in inside):
            page.problems.append(f"line {first + 1}: a block that is run starts with its command")
        if named and not runs:
            path = pathlib.PurePosixPath(named[1])
            if path.is_absolute() or ".." in path.parts or path.parts[0] in LINKED or named[1] in page.files:
                page.problems.append(f"line {first}: {named[1]} must be a new path of the page's own")
            else:
                page.files[named[1]] = "\n".join(inside) + "\n"
    if fence is not None:
        page.problems.append(f"line {first}: the block is never closed")
    return page


def pages():
    """Every page that shows commands."""
    return [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def write_file(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


class Folder:
    """The temporary folder of one page."""

    outputs = {}  # (command, what the folder held) -> output, of commands that wrote nothing; shared by all pages

    def __init__(self, path, socle, files):
        self.path = pathlib.Path(path)
        self.programs = self.path / "build"
        self.programs.mkdir()
        (self.programs / "socle").symlink_to(socle)
        for name in LINKED:
            if (ROOT / name).exists():
                (self.path / name).symlink_to(ROOT / name)
        for name, text in files.items():
            write_file(self.path / name, text)

    def held(self):
        """What the folder itself holds, without what is linked into it."""
        digest = hashlib.sha256()
        for folder, folders, names in os.walk(self.path):
            folders.sort()
            for name in sorted(names):
                path = pathlib.Path(folder, name)
                if not path.is_symlink():
                    digest.update(f"{path.relative_to(self.path)}\0".encode("utf-8") + path.read_bytes() + b"\0")
        return digest.hexdigest()

    def run(self, command):
        """The ended process of a command line."""
        environment = dict(os.environ, PATH=f"{self.programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
        try:
            return subprocess.run(["sh", "-c", command], cwd=self.path, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                                  encoding="utf-8", errors="replace", timeout=SECONDS_MAX)
        except subprocess.TimeoutExpired:
            raise CannotRun(f"no end within {SECONDS_MAX} s") from None

    def output_of(self, command, shown):
        """Lines that the command prints. `shown` is what the page shows: a refusal is an answer only where one is expected."""
        if strangers := [word for word in SHELL_WORD.findall(QUOTED.sub("x", command)) if word not in (*TOOLS, "socle", "build/socle")]:
            raise CannotRun(f"'{strangers[0]}' is not called from pages; they call socle and {', '.join(TOOLS)}")
        before = self.held()
        if (command, before) not in self.outputs:
            done = self.run(command)
            result = ((done.stdout + done.stderr).split("\n"), done.returncode)
            if self.held() == before:
                self.outputs[command, before] = result
        else:
            result = self.outputs[command, before]
        output, status = result
        output = [line.rstrip() for line in output]
        while output and not output[-1]:
            output.pop()
        refused = status == 2 and not any(line.startswith("socle: ") for line in shown)
        if status not in (0, 1, 2) or refused:
            raise CannotRun(f"exit code {status}: {' / '.join(output[:2]) or 'no output'}")
        return output


def is_gap(line):
    return line.strip() in GAPS


def holds(lines, output):
    """True when the lines are the output, with gaps standing for what is left out."""
    parts = [[]]
    for line in lines:
        if is_gap(line):
            parts.append([])
        else:
            parts[-1].append(line.rstrip())
    if len(parts) == 1:
        return parts[0] == output
    first, *middle, last = parts
    if output[:len(first)] != first or len(first) + len(last) > len(output):
        return False
    start, end = len(first), len(output) - len(last)
    for part in middle:
        start = next((at + len(part) for at in range(start, end - len(part) + 1) if output[at:at + len(part)] == part), None)
        if start is None:
            return False
    return output[end:] == last


def likeness(line, other):
    """0 (nothing in common) to 1, mostly by words, because figures and widths change. Blank lines hold no place."""
    line, other = line.strip(), other.strip()
    if not line or not other:
        return 0.05 if line == other else 0.0
    if line == other:
        return 1.0
    words, others = (collections.Counter(re.findall(r"[^\W\d_]+", text.lower()) or re.sub(r"[\d\s]+", "", text)[:1]) for text in (line, other))
    common, either = sum((words & others).values()), sum((words | others).values())
    if not either or common / either < 0.3:
        return 0.0
    return 0.6 * common / either + 0.4 * difflib.SequenceMatcher(None, line, other, autojunk=False).ratio()


def refreshed(lines, output):
    """The lines with the output's text, gaps where they were; None when a part between gaps is found nowhere.

    The best alignment of both in order: a gap takes any number of output's lines for nothing, elsewhere a line too many or too few
    costs, and what a line is matched with counts by its likeness."""
    if not any(is_gap(line) for line in lines):
        return output
    best = [[None] * (len(output) + 1) for _ in range(len(lines) + 1)]  # (score, step that led here)
    best[0][0] = (0.0, None)
    for i in range(len(lines) + 1):
        gap_before, here = i > 0 and is_gap(lines[i - 1]), best[i]
        for j in range(len(output) + 1):
            ways = [here[j]] if here[j] else []
            if i and best[i - 1][j]:
                ways.append((best[i - 1][j][0] - (0.0 if gap_before or not lines[i - 1].strip() else 0.2), "lost"))
            if j and here[j - 1]:
                ways.append((here[j - 1][0] - (0.0 if gap_before else 0.3 if output[j - 1].strip() else 0.1), "gap" if gap_before else "new"))
            if i and j and not gap_before and best[i - 1][j - 1] and (like := likeness(lines[i - 1], output[j - 1])) > 0:
                ways.append((best[i - 1][j - 1][0] + like, "match"))
            here[j] = max(ways, key=lambda way: way[0]) if ways else None
    result, i, j = [], len(lines), len(output)
    lost = matched = 0  # lines of the part between two gaps
    while i or j:
        step = best[i][j][1]
        if step == "lost" and is_gap(lines[i - 1]):
            if lost and not matched:
                return None
            result.append(lines[i - 1])
            lost = matched = 0
        elif step == "lost":
            lost += bool(lines[i - 1].strip())
        elif step == "match":
            matched += bool(lines[i - 1].strip())
        if step in ("match", "new"):
            result.append(output[j - 1])
        i -= step in ("match", "lost")
        j -= step in ("match", "new", "gap")
    return None if lost and not matched else result[::-1]


class Refresh:
    """One run over all pages: what was run, and what was wrong."""

    def __init__(self, socle, check):
        self.socle, self.check = socle, check
        self.run = self.outdated = self.failed = 0

    def say(self, page, message):
        print(f"{page.relative_to(ROOT)}: {message}", flush=True)

    def fail(self, page, message):
        self.failed += 1
        self.say(page, message)

    def command(self, folder, page, written, lines):
        """The lines that shall stand after the command."""
        command = "\n".join(written).removeprefix("$ ")
        self.run += 1
        try:
            output = folder.output_of(command, lines)
        except CannotRun as why:
            self.fail(page, f"cannot be run: {command}: {why}")
            return lines
        if holds(lines, output):
            return lines
        new = None if self.check else refreshed(lines, output)
        if new is None or not holds(new, output):
            self.outdated += 1
            self.say(page, f"outdated{'' if self.check else ', and what it shows is nowhere in the output'}: {command}")
            wrong = next((line for line in lines if not is_gap(line) and line.strip() and line.rstrip() not in output), None)
            print(f"  shows: {wrong}" if wrong is not None else "  lines are missing, or are not next to each other in the output")
            if wrong is not None and (near := difflib.get_close_matches(wrong, output, 1, 0.5)):
                print(f"  now:   {near[0]}")
            return lines
        self.say(page, f"refreshed: {command}")
        return new

    def page(self, path, groups):
        text = path.read_text(encoding="utf-8")
        page = parse(text)
        for problem in page.problems:
            self.fail(path, problem)
        with tempfile.TemporaryDirectory(prefix="socle-docs-") as name:
            folder = Folder(name, self.socle, page.files)
            blocks = [[line for written, shown in block.commands for line in (*written, *self.command(folder, path, written, shown))] for block in page.blocks]
        for block, lines in reversed(list(zip(page.blocks, blocks))):
            page.lines[block.first:block.last] = lines
        changed = "\n".join(page.lines)
        if path.parent == ROOT:
            changed = self.accuracy(path, changed, groups)
        if changed != text and not self.check:
            path.write_text(changed, encoding="utf-8", newline="\n")

    def accuracy(self, path, text, groups):
        """The text with its accuracy table as measured now."""
        labels = [match[1] for match in ROW.finditer(text)]
        named = [GROUPS.get(label) for label in labels]
        if set(named) != set(GROUPS.values()) or len(named) != len(set(named)):
            self.fail(path, f"the accuracy table needs one row for each group ({', '.join(sorted(set(GROUPS.values())))}), has {', '.join(labels) or 'none'}")
            return text
        new = ROW.sub(lambda match: accuracy_row(match[1], groups[GROUPS[match[1]]]), text)
        if new != text and self.check:
            self.outdated += 1
            self.say(path, "outdated: accuracy table")
        elif new != text:
            self.say(path, "refreshed: accuracy table")
        return new


def accuracy_row(label, g):
    return (f"| {label} | {g['cases']} | {100 * g['mean_absolute_error']:.1f} % | {100 * g['median_absolute_error']:.1f} % | {100 * g['signed_error']:+.1f} % "
            f"| {100 * g['share_inside_range']:.0f} % | {100 * g['worst_error']:+.1f} %, {g['worst_case']} |")


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    sys.stdout.reconfigure(encoding="utf-8")  # pages hold Chinese, whatever the locale
    socle = pathlib.Path(arguments[0]).resolve()
    if not os.access(socle, os.X_OK):
        sys.exit(f"{socle} is not a program; build it first")
    board = subprocess.run([socle, "validate", "training", "--json"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    groups = {g["group"]: g for g in json.loads(board.stdout)["step_time"]}
    refresh = Refresh(socle, "--check" in sys.argv[1:])
    for path in pages():
        refresh.page(path, groups)
    if refresh.outdated and refresh.check:
        print("to write the pages anew: python3 tools/refresh_docs.py build/socle")
    print(f"{refresh.run} commands run, {refresh.outdated} outdated, {refresh.failed} could not be run")
    sys.exit(1 if refresh.outdated or refresh.failed or not refresh.run else 0)


if __name__ == "__main__":
    main()
