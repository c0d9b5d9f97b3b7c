#!/usr/bin/env python3
"""Keeps the program's output in the documentation real.

    tools/refresh_docs.py SOCLE [--check]

Runs every command that opens a fenced block ("$ socle ..." or "$ build/socle ...") of README*.md and docs/, from the root of
the sources, and writes its output into the block. A line "[...]" (or "...") stands for what is left out; between such lines the output is
contiguous. --check changes nothing: the block's lines must occur in the output, in order. Commands that read files which are
not in the repository are left alone. Rows of the accuracy tables of README*.md, found by their first cell, are written from
`socle validate training`. Exits 1 when a block is outdated (--check) or cannot be matched.
"""
import difflib
import json
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```\n\$ ((?:build/)?socle [^\n]*)\n(.*?)^```$", re.M | re.S)
GAPS = ("...", "[...]")
ROW = re.compile(r"^\| ([^|]+) \| \d+ \| [\d.]+ % \| [\d.]+ % \| [-+][\d.]+ % \| \d+ % \| [^|]+ \|$", re.M)
GROUPS = {
    "all": "all", "全部": "all", "A100 80 GB": "chip a100-sxm-80gb", "H100": "chip h100-sxm", "H200": "chip h200-sxm", "B200": "chip b200-sxm",
    "GB200": "chip gb200", "GB300": "chip gb300", "TPU v6e": "chip tpu-v6e", "1 to 8 chips": "scale 1-8 chips", "1 至 8 卡": "scale 1-8 chips",
    "9 to 64 chips": "scale 9-64 chips", "9 至 64 卡": "scale 9-64 chips", "65 to 512 chips": "scale 65-512 chips", "65 至 512 卡": "scale 65-512 chips",
    "more than 512 chips": "scale more than 512 chips", "512 卡以上": "scale more than 512 chips", "Megatron Bridge, 25.09 to 26.08": "source mbridge",
    "Megatron Bridge 25.09 至 26.08": "source mbridge", "one node of A100, small GPTs": "source vtrain", "单机 A100，小 GPT": "source vtrain",
}


def output_of(socle, command):
    """Lines of the command's output, or None when it needs a file that is not here or writes one."""
    words = shlex.split(command)[1:]
    if any(re.search(r"[|>]", word) for word in words) or "--out" in words:
        return None
    for word in words:
        named = re.search(r"\.(toml|csv|log|json)$", word) or word.startswith("my-") or word.endswith("-catalog")
        if named and not (ROOT / word).exists():
            return None
    done = subprocess.run([socle, *words], cwd=ROOT, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()


def in_order(lines, output):
    rest = iter(output)
    return all(line in rest for line in lines if line.strip() not in GAPS and line.strip())


def shape(line):
    """A line without its figures, to find it again after they changed."""
    return re.sub(r"\s+", " ", re.sub(r"[#*]+|[-+]?[\d][\d.,]*", "0", line)).strip()


def chunks(lines):
    part = []
    for line in lines:
        if line.strip() in GAPS:
            yield part
            part = []
        else:
            part.append(line)
    yield part


def refreshed(lines, output):
    """The block with the output's lines, gaps where they were; None when a part is not found."""
    if not any(line.strip() in GAPS for line in lines):
        return output
    gap = next(line for line in lines if line.strip() in GAPS)
    shapes = [shape(line) for line in output]
    result, start = [], 0
    for number, part in enumerate(chunks(lines)):
        if number:
            result.append(gap)
        if not part:
            continue
        matcher = difflib.SequenceMatcher(None, [shape(line) for line in part], shapes[start:], autojunk=False)
        found = [b for b in matcher.get_matching_blocks() if b.size]
        if not found:
            return None
        first = start + found[0].b - found[0].a
        last = start + found[-1].b + found[-1].size + len(part) - found[-1].a - found[-1].size
        first, last = max(first, start), min(last, len(output))
        result += output[first:last]
        start = last
    return result


def accuracy_row(label, groups):
    g = groups[GROUPS[label]]
    return (f"| {label} | {g['cases']} | {100 * g['mean_absolute_error']:.1f} % | {100 * g['median_absolute_error']:.1f} % | {100 * g['signed_error']:+.1f} % "
            f"| {100 * g['share_inside_range']:.0f} % | {100 * g['worst_error']:+.1f} %, {g['worst_case']} |")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    socle, check = str(pathlib.Path(sys.argv[1]).resolve()), "--check" in sys.argv[2:]
    pages = sorted(ROOT.glob("README*.md")) + sorted((ROOT / "docs").rglob("*.md"))
    board = subprocess.run([socle, "validate", "training", "--json"], cwd=ROOT, capture_output=True, text=True, check=True)
    groups = {g["group"]: g for g in json.loads(board.stdout)["step_time"]}
    outputs, bad, seen, left = {}, 0, 0, 0
    for page in pages:
        text = page.read_text()

        def replace(match):
            nonlocal bad, seen, left
            command, lines = match[1], match[2].splitlines()
            key = command.removeprefix("build/")
            if key not in outputs:
                outputs[key] = output_of(socle, key)
            output = outputs[key]
            if output is None:
                left += 1
                return match[0]
            seen += 1
            if in_order(lines, output):
                return match[0]
            new = None if check else refreshed(lines, output)
            if new is None:
                bad += 1
                print(f"{page.relative_to(ROOT)}: outdated output of: {command}")
                return match[0]
            print(f"{page.relative_to(ROOT)}: refreshed: {command}")
            return "```\n$ " + command + "\n" + "\n".join(new) + "\n```"

        changed = BLOCK.sub(replace, text)
        if page.parent == ROOT:
            rows = ROW.sub(lambda match: accuracy_row(match[1], groups), changed)
            if check and rows != changed:
                bad += 1
                print(f"{page.name}: outdated accuracy table")
            changed = changed if check else rows
        if changed != text:
            page.write_text(changed)
    print(f"{seen} blocks run, {left} need files of the user's, {bad} outdated")
    sys.exit(1 if bad or not seen else 0)


if __name__ == "__main__":
    main()
