#!/usr/bin/env python3
"""Writes the reference of commands from their own help: make_reference.py BUILD_SOCLE OUT [--check]

BUILD_SOCLE is the built program, OUT the Markdown file (docs/reference/commands.md). With --check nothing is written; the exit status
is 1 when OUT differs from what the program says."""
import re
import subprocess
import sys

HEAD = """# Commands

This page is written by `tools/make_reference.py` from the program's own help. Do not edit it; change the help and run

```
make reference
```

What the commands are for, by task and with output: [the guides](../guide/README.md).
"""


def help_of(program, *words):
    result = subprocess.run([program, *words, "--help-all"], capture_output=True, encoding="utf-8", check=False)
    if result.returncode != 0:
        raise SystemExit(f"{program} {' '.join(words)} --help-all ends with {result.returncode}: {result.stderr.strip()}")
    lines = [line.rstrip() for line in result.stdout.strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def commands(overview):
    """Names of the subcommands, in the order of the overview."""
    section = overview.split("\nCommands\n", 1)[1].split("\n\n", 1)[0]
    return [line.split()[0] for line in section.split("\n") if re.match(r"  \S", line)]


def pages(program, words):
    """One heading a command, questions of a command below it."""
    text = help_of(program, *words)
    parts = [f"\n{'#' * (2 + max(0, len(words) - 1))} socle {' '.join(words)}".rstrip() + f"\n\n```\n{text}\n```\n"]
    if "\nCommands\n" in text:
        for name in commands(text):
            parts += pages(program, (*words, name))
    return parts


def reference(program):
    return HEAD + "".join(pages(program, ()))


def main():
    words = [word for word in sys.argv[1:] if word != "--check"]
    if len(words) != 2:
        raise SystemExit(__doc__)
    program, path = words
    text = reference(program)
    if "--check" not in sys.argv[1:]:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    try:
        with open(path, encoding="utf-8") as file:
            same = file.read() == text
    except FileNotFoundError:
        same = False
    if not same:
        print(f"{path} is not what the program says; run: python3 tools/make_reference.py {program} {path}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
