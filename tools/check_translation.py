#!/usr/bin/env python3
"""Checks that the Chinese pages say what the English ones say, as far as a program can see. Usage: check_translation.py [ROOT].

Pairs: README.md and README.zh-CN.md, docs/glossary.md and docs/glossary.zh-CN.md,
docs/reference/models.md and docs/reference/models.zh-CN.md, docs/guide/X.md and docs/guide/zh-CN/X.md. Both pages
of a pair must exist, link to each other and have the same headings (number and levels, in order); section by section they must hold the
same commands (lines "$ ..." in fenced blocks), the same files of the page's own ("`path`:" above a fenced block), the same number of
fenced blocks, and tables of the same number of rows. Outputs may be cut differently. Prints every difference and exits 1 if there is one.
"""
import dataclasses
import difflib
import os
import pathlib
import re
import sys

FENCE = re.compile(r"^ *(`{3,}|~{3,})")
HEADING = re.compile(r"^(#{1,6}) +(.*)$")
FILE = re.compile(r"^`([^`]+)`[:：]$")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)[^)]*\)")


@dataclasses.dataclass
class Section:
    """What stands below one heading, up to the next of any level; the first one has level 0 and holds what precedes all headings."""
    level: int
    title: str
    line: int
    commands: list  # of (text, line)
    files: list     # of (path, line)
    blocks: list    # of (first line of text, line)
    tables: list    # of (rows below the head, line)


def read(path):
    """The page's sections, and the pages that it links to."""
    sections, links = [Section(0, "the top", 1, [], [], [], [])], set()
    fence, above, table = None, "", 0
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        here, mark = sections[-1], FENCE.match(line)
        if fence is not None:
            if mark and mark[1].startswith(fence):
                fence = None
            elif line.startswith("$ "):
                here.commands.append((line[2:].strip(), number))
            continue
        if not line.startswith("|"):
            table = 0
        if mark:
            fence = mark[1]
            here.blocks.append((line.strip(), number))
            if named := FILE.match(above):
                here.files.append((named[1], number))
        elif heading := HEADING.match(line):
            sections.append(Section(len(heading[1]), heading[2], number, [], [], [], []))
        elif line.startswith("|"):
            table += 1
            if table == 1:
                here.tables.append((0, number))
            elif table > 2:
                here.tables[-1] = (table - 2, here.tables[-1][1])
        links.update(os.path.normpath(path.parent / target) for target in LINK.findall(line) if "://" not in target)
        above = line if line.strip() else above
    return sections, links


class Pair:
    """Compares one English page with its Chinese page."""

    def __init__(self, root, english, chinese):
        self.root, self.english, self.chinese = root, english, chinese
        self.problems = []

    def name(self, path, line=None):
        return f"{path.relative_to(self.root)}" + (f":{line}" if line else "")

    def problem(self, path, line, message):
        self.problems.append(f"{self.name(path, line)}: {message}")

    def check(self):
        for path, other in ((self.english, self.chinese), (self.chinese, self.english)):
            if not path.exists():
                self.problem(path, None, f"is missing; {self.name(other)} has no counterpart")
        if self.problems:
            return self.problems
        english, english_links = read(self.english)
        chinese, chinese_links = read(self.chinese)
        if os.path.normpath(self.chinese) not in english_links:
            self.problem(self.english, None, f"does not link to {self.name(self.chinese)}")
        if os.path.normpath(self.english) not in chinese_links:
            self.problem(self.chinese, None, f"does not link to {self.name(self.english)}")
        if [section.level for section in english] != [section.level for section in chinese]:
            self.headings(english, chinese)
        else:
            for ours, theirs in zip(english, chinese):
                self.section(ours, theirs)
        return self.problems

    def headings(self, english, chinese):
        """Where the pages first part: sections are told apart by level and content, since titles are of two languages."""
        marks = [[(s.level, len(s.blocks), len(s.tables), *(text for text, _ in s.commands)) for s in sections] for sections in (english, chinese)]
        for what, i, i_end, j, j_end in difflib.SequenceMatcher(None, *marks, autojunk=False).get_opcodes():
            if what != "equal":
                ours, theirs = (", ".join(f"'{'#' * s.level} {s.title}'" for s in part) or "no heading" for part in (english[i:i_end], chinese[j:j_end]))
                place = chinese[min(j, len(chinese) - 1)].line
                self.problem(self.chinese, place, f"{theirs} where {self.name(self.english, english[min(i, len(english) - 1)].line)} has {ours}; "
                                                  f"{len(chinese) - 1} headings, not {len(english) - 1}")
                return

    def section(self, ours, theirs):
        self.listed("command", ours, theirs, ours.commands, theirs.commands)
        self.listed("file", ours, theirs, ours.files, theirs.files)
        if len(ours.blocks) != len(theirs.blocks):
            self.problem(self.chinese, theirs.line, f"'{theirs.title}' has {len(theirs.blocks)} fenced blocks, {self.name(self.english, ours.line)} has {len(ours.blocks)}")
        if len(ours.tables) != len(theirs.tables):
            self.problem(self.chinese, theirs.line, f"'{theirs.title}' has {len(theirs.tables)} tables, {self.name(self.english, ours.line)} has {len(ours.tables)}")
        for (rows, line), (their_rows, their_line) in zip(ours.tables, theirs.tables):
            if rows != their_rows:
                self.problem(self.chinese, their_line, f"the table has {their_rows} rows, that of {self.name(self.english, line)} has {rows}")

    def listed(self, what, ours, theirs, our_list, their_list):
        for (text, line), (their_text, their_line) in zip(our_list, their_list):
            if text != their_text:
                self.problem(self.chinese, their_line, f"{what} '{their_text}' stands where {self.name(self.english, line)} has '{text}'")
                return
        for text, line in our_list[len(their_list):]:
            self.problem(self.english, line, f"{what} '{text}' is not in section '{theirs.title}' of {self.name(self.chinese, theirs.line)}")
        for text, line in their_list[len(our_list):]:
            self.problem(self.chinese, line, f"{what} '{text}' is not in section '{ours.title}' of {self.name(self.english, ours.line)}")


def pairs(root):
    yield root / "README.md", root / "README.zh-CN.md"
    yield root / "docs/glossary.md", root / "docs/glossary.zh-CN.md"
    yield root / "docs/reference/models.md", root / "docs/reference/models.zh-CN.md"
    guide, chinese = root / "docs/guide", root / "docs/guide/zh-CN"
    for name in sorted({path.name for folder in (guide, chinese) for path in folder.glob("*.md")}):
        yield guide / name, chinese / name


def main():
    sys.stdout.reconfigure(encoding="utf-8")  # titles are Chinese, whatever the locale
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    listed = list(pairs(root))
    problems = [problem for english, chinese in listed for problem in Pair(root, english, chinese).check()]
    for problem in problems:
        print(problem)
    print(f"{len(listed)} pairs of pages, {len(problems)} differences")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
