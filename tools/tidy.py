#!/usr/bin/env python3
"""Checks what the compiler does not: folder direction, file and function length, banned words, wrapped third-party
headers, documented registries. Usage: tidy.py [ROOT]. Prints every finding and exits 1 if there is one."""
import os
import re
import sys

# A folder may include itself and whatever its entry names; entries are closed transitively below.
MAY_INCLUDE = {
    "base": [], "catalog": ["base"], "model": ["base"], "workload": ["base", "model"],
    "graph": ["model", "workload"], "kernel": ["graph", "catalog"], "memory": ["graph", "model", "workload"],
    "net": ["catalog"], "comm": ["net", "graph", "catalog"],
    "machine": ["kernel", "memory", "comm"],
    "train": ["machine"], "serve": ["machine"],
    "reliability": ["catalog", "workload"], "cost": ["catalog", "workload"],
    "search": ["train", "serve", "reliability", "cost"],
    "migrate": ["search"], "invest": ["search"],
    "scenario": ["base", "catalog", "model", "workload"],
    "setup": ["scenario", "search", "migrate", "invest"],
    "answer": ["setup"],
    "report": ["answer"],
    "api": ["report"],
}
WRAPPED = {  # third-party header: the only files that may include it
    "toml++/": ["src/socle/base/toml_reader.cpp"],
    "nlohmann/": ["src/socle/base/json.cpp"],
    "CLI/": ["src/cli/args.cpp"],
}
BANNED = [
    (re.compile(r"\bstd::rand\b|\bsrand\("), "use RandomStream instead of std::rand"),
    (re.compile(r"(?<![\w.>])(?:std::)?exit\("), "return a status instead of calling exit"),
    (re.compile(r"std::(?:mt19937|random_device|uniform_\w+_distribution|normal_distribution)"),
     "use RandomStream instead of std:: random numbers"),
]
DISCOURAGED = re.compile(r"\b(?:std::)?shared_ptr\b")
FILE_LINES_MAX = 400
LINE_WIDTH_MAX = 120
FOLDER_SHARE_MAX = 0.15  # of the code below src/socle
FUNCTION_LINES_WARN = 70
FUNCTION_LINES_MAX = 100
SOURCES = ("src", "tests", "bench", "fuzz")


def closure(folder):
    allowed, queue = {folder}, [folder]
    while queue:
        for inner in MAY_INCLUDE[queue.pop()]:
            if inner not in allowed:
                allowed.add(inner)
                queue.append(inner)
    return allowed


def code_lines(text):
    """The text with comments and literals blanked, line by line."""
    pattern = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*.*?\*/', re.S)
    blank = lambda match: '""' + "\n" * match.group(0).count("\n")
    return pattern.sub(blank, text).split("\n")


def check_includes(path, text, report):
    parts = path.split("/")
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if not match:
            continue
        header = match.group(1)
        for prefix, owners in WRAPPED.items():
            if header.startswith(prefix) and path not in owners:
                report(path, number, f"{prefix} may be included in {', '.join(owners)} only")
        target = header.split("/")[1] if header.startswith("socle/") else None
        if target is None:
            continue
        if parts[:2] == ["src", "socle"] and len(parts) > 3:
            folder = parts[2]
            if folder not in MAY_INCLUDE:
                report(path, 1, f"folder {folder} is not in the table of layers")
            elif target not in closure(folder):
                report(path, number, f"{folder}/ may not include {target}/")
        elif parts[0] == "src" and target != "api":
            report(path, number, f"a face includes socle/api/ only, not {target}/")


def first_line(lines, last):
    """Index of the line on which a signature that ends on line `last` begins: where its parentheses balance."""
    first, open_ones = last, lines[last].count(")") - lines[last].count("(")
    while open_ones > 0 and first > 0:
        first -= 1
        open_ones += lines[first].count(")") - lines[first].count("(")
    member = re.compile(r"^\s*(?:: )?\w+\(.*\),$")  # of a constructor's list, which ends in the line found
    while first > 0 and not lines[first].lstrip().startswith(": ") and member.match(lines[first - 1]):
        first -= 1
    return first


def check_functions(path, lines, report, warn):
    """A function's body starts at a line that ends in ') {' or the like, outside other functions."""
    start = re.compile(r"^[^#].*\)\s*(?:const)?\s*(?:noexcept)?\s*(?:->\s*[\w:<>&* ]+)?\s*\{\s*$")
    control = re.compile(r"^\s*(?:if|for|while|switch|else|catch|do|namespace|class|struct|enum)\b|^\s*\}")
    open_at, indent = None, ""
    for number, line in enumerate(lines, 1):
        if open_at is None:
            if start.match(line):
                first = first_line(lines, number - 1)
                if control.match(lines[first]):
                    continue
                open_at, indent = first + 1, re.match(r"\s*", lines[first]).group(0)
                if lines[first].lstrip().startswith(":"):  # members of a constructor, four blanks further in
                    indent = indent[4:]
        elif re.fullmatch(indent + r"\}[);,]*", line.rstrip()):
            length = number - open_at + 1
            if length > FUNCTION_LINES_MAX:
                report(path, open_at, f"function of {length} lines; at most {FUNCTION_LINES_MAX}")
            elif length > FUNCTION_LINES_WARN:
                warn(path, open_at, f"function of {length} lines; aim at {FUNCTION_LINES_WARN}")
            open_at = None
    if open_at is not None:
        report(path, open_at, "no line ends the function that begins here, so its length is not checked (make format)")


def check_words(path, lines, report, warn):
    for number, line in enumerate(lines, 1):
        for pattern, message in BANNED:
            if pattern.search(line):
                report(path, number, message)
        if DISCOURAGED.search(line):
            warn(path, number, "make ownership visible instead of sharing it")
        if path.endswith(".hpp") and re.search(r"\busing namespace\b", line):
            report(path, number, "no using namespace in a header")
        if re.search(r"catch\s*\(\s*\.\.\.\s*\)", line) and not path.startswith("tests/"):
            body = "\n".join(lines[number - 1:number + 8])
            if not re.search(r"\bthrow\b|current_exception|\breturn\b", body):
                report(path, number, "catch (...) swallows the error")


def check_registry(path, text, report):
    """Each entry of a .def list is NAME(function, "name", "one line of help")."""
    for entry in re.finditer(r"^\s*[A-Z_]+\(.*?\)\s*$", text, re.MULTILINE | re.DOTALL):
        if not re.search(r'"[^"]{8,}"\s*\)\s*$', entry.group()):
            number = text.count("\n", 0, entry.end())
            report(path, number, "a registry entry ends in a text of help")


def check_shares(counts, report):
    """No room of the house is so large that the others are annexes."""
    total = sum(counts.values())
    for folder, count in sorted(counts.items()):
        if count > FOLDER_SHARE_MAX * total:
            report(f"src/socle/{folder}", 1, f"holds {count / total:.1%} of the code; at most {FOLDER_SHARE_MAX:.0%}")


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    findings, warnings, counts = [], [], {}
    report = lambda path, line, message: findings.append(f"{path}:{line}: {message}")
    warn = lambda path, line, message: warnings.append(f"{path}:{line}: {message}")
    for top in SOURCES:
        for folder, _, names in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
                if not path.endswith((".cpp", ".hpp", ".def")):
                    continue
                with open(os.path.join(root, path), encoding="utf-8") as file:
                    text = file.read()
                if path.endswith(".def"):
                    check_registry(path, text, report)
                    continue
                lines = code_lines(text)
                for number, line in enumerate(text.split("\n"), 1):
                    if len(line) > LINE_WIDTH_MAX:
                        report(path, number, f"line of {len(line)} characters; at most {LINE_WIDTH_MAX} (make format)")
                count = text.count("\n")
                if path.startswith("src/socle/"):
                    counts[path.split("/")[2]] = counts.get(path.split("/")[2], 0) + count
                if count > FILE_LINES_MAX:
                    report(path, 1, f"file of {count} lines; at most {FILE_LINES_MAX}")
                if path.endswith(".hpp") and "#pragma once" not in text:
                    report(path, 1, "a header starts with #pragma once")
                check_includes(path, text, report)
                check_functions(path, lines, report, warn)
                check_words(path, lines, report, warn)
    check_shares(counts, report)
    if not counts:
        findings.append(f"{root}: nothing below src/socle; name the root of the project")
    for line in warnings:
        print("warning: " + line)
    for line in findings:
        print(line)
    print(f"tidy: {len(findings)} findings, {len(warnings)} warnings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
