#!/usr/bin/env python3
"""Holds the JSON that the program prints against docs/reference/schema/: check_json.py SOCLE

Runs with --json every example (its first line), every command of README*.md and docs/ that takes it (in the order of
its page, with the files that the page shows), and the lines of check_json_cases.py; a command of a page that is refused
(exit code 2) prints no document. Fails when a document does not keep to its schema, and when what the schema allows
occurs in no document: a member that may be absent, its absence, each of several types of a member, an element of each
list. Needs Python's jsonschema.
"""
import collections
import concurrent.futures
import json
import pathlib
import re
import shlex
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    sys.exit(f"{sys.executable} lacks the package jsonschema: apt-get install python3-jsonschema, or pip install jsonschema")

import check_json_cases
import refresh_docs

ROOT = refresh_docs.ROOT
SCHEMAS = ROOT / "docs" / "reference" / "schema"
COMMANDS = ("train", "plan", "compare", "fabric", "catalog", "validate", "check", "risk", "migrate")
OUTSIDE = re.compile(r"\"[^\"]*\"|'[^']*'|[|;&<>]")
WRITES = re.compile(r"--(out|svg|chart|flows|links|trace|timeline|rows)\b")
# Lists that every section has.
ALWAYS_EMPTY = {f"{shape}.doubtful.[] as string" for shape in ("model", "named", "found", "rule", "stack", "engine")}
IS = {"string": str, "number": (int, float), "integer": (int, float), "boolean": bool, "null": type(None),
      "object": dict, "array": list}


def is_of(value, word):
    return isinstance(value, IS[word]) and (word == "boolean" or not isinstance(value, bool))


def refuse_constant(word):
    raise ValueError(f"{word} is not JSON")


class Schema:
    """One schema, and which of its members and types were met."""

    def __init__(self, path):
        self.body = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(self.body)
        self.name, self.shapes = self.body["title"], self.body.get("$defs", {})
        self.forms = self.body.get("oneOf", [self.body])
        self.judges = [jsonschema.Draft202012Validator({**form, "$defs": self.shapes}) for form in self.forms]
        self.met, self.unmet, self.broken = set(), set(), False
        for form in self.forms:
            self.expect(form, form["title"])
        for name, shape in self.shapes.items():
            self.expect(shape, name)

    def problems(self, document):
        """What is wrong with the document, by the form that it is nearest to; notes what it has."""
        errors = [list(judge.iter_errors(document)) for judge in self.judges]
        nearest = min(range(len(errors)), key=lambda i: len(errors[i]))
        if not errors[nearest]:
            self.note(self.forms[nearest], document, self.forms[nearest]["title"])
        self.broken = self.broken or bool(errors[nearest])
        return [f"{'.'.join(map(str, error.absolute_path)) or 'document'}: {error.message[:200]}"
                for error in errors[nearest]]

    def parts(self, schema):
        """The alternatives of a member: (word, schema of what is inside or None, name of the shape or None)."""
        if "anyOf" in schema:
            return [part for choice in schema["anyOf"] for part in self.parts(choice)]
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            return [("object", self.shapes[name], name)]
        words = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return [(word, schema if word in ("object", "array") else None, None) for word in words]

    def inside(self, schema):
        """Members of an object or array: (key, schema, may be absent)."""
        if schema["type"] == "array":
            return [("[]", schema["items"], False)]
        if isinstance(schema["additionalProperties"], dict):
            return [("*", schema["additionalProperties"], False)]
        return [(key, member, key not in schema["required"]) for key, member in schema["properties"].items()]

    def expect(self, schema, path):
        for key, member, optional in self.inside(schema):
            below = f"{path}.{key}"
            if optional:
                self.unmet |= {below, f"{below} left out"}
            parts = self.parts(member)
            for word, within, shape in parts:
                if len(parts) > 1 or key in ("[]", "*"):
                    self.unmet.add(f"{below} as {word}")
                if within and not shape:
                    self.expect(within, below)

    def note(self, schema, value, path):
        for key, member, _ in self.inside(schema):
            below = f"{path}.{key}"
            if key not in ("[]", "*") and key not in value:
                self.met.add(f"{below} left out")
            values = value if key == "[]" else value.values() if key == "*" else [value[key]] if key in value else []
            for one in values:
                self.met.add(below)
                for word, within, shape in self.parts(member):
                    if is_of(one, word):
                        self.met.add(f"{below} as {word}")
                        if within:
                            self.note(within, one, shape or below)


class Checks:
    def __init__(self, socle):
        self.socle = socle
        self.schemas = {schema.name: schema for schema in map(Schema, sorted(SCHEMAS.glob("*.json")))}
        self.documents = collections.Counter()
        self.refused, self.failures, self.seen = 0, [], set()

    def judge(self, where, command, done, may_refuse):
        try:
            if done.returncode == 2 and may_refuse:
                if done.stdout:
                    raise ValueError("refused, and yet it prints on standard output")
                self.refused += 1
                return
            if done.returncode not in (0, 1):
                raise ValueError(f"exit code {done.returncode}: {done.stderr.strip()[:200]}")
            document = json.loads(done.stdout, parse_constant=refuse_constant)
            schema = self.schemas.get(document.get("schema"))
            problems = schema.problems(document) if schema else [f"no schema of the name {document.get('schema')} in {SCHEMAS.relative_to(ROOT)}: make reference"]
            self.documents[document.get("schema")] += 1
        except ValueError as error:
            problems = [str(error)]
        self.failures += [f"{where}: {command}: {problem}" for problem in problems]

    def known(self, folder, command):
        """True when the same document was judged before; commands that write files are needed again."""
        if " --json" not in command or WRITES.search(command):
            return False
        own = [path.name for path in folder.path.iterdir() if not path.is_symlink() and path != folder.programs]
        key = (command, folder.held() if any(name in command for name in own) else "")
        known = key in self.seen
        self.seen.add(key)
        return known

    def run(self, folder, where, command, may_refuse=False):
        if self.known(folder, command):
            return
        try:
            done = folder.run(command)
        except refresh_docs.CannotRun as why:
            self.failures.append(f"{where}: {command}: {why}")
            return
        if " --json" in command:
            self.judge(where, command, done, may_refuse)

    def page(self, path):
        page = refresh_docs.parse(path.read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory(prefix="socle-json-") as name:
            folder = refresh_docs.Folder(name, self.socle, page.files)
            for block in page.blocks:
                for written, _ in block.commands:
                    command = " ".join(line.rstrip("\\") for line in written).removeprefix("$ ")
                    self.run(folder, path.relative_to(ROOT), with_json(command), True)

    def lines(self, where, lines):
        with tempfile.TemporaryDirectory(prefix="socle-json-") as name:
            folder = refresh_docs.Folder(name, self.socle, check_json_cases.FILES)
            for line in lines:
                self.run(folder, where, line)


def with_json(command):
    """The command with --json, without what its output goes through; other commands as they are."""
    end = next((match.start() for match in OUTSIDE.finditer(command) if len(match[0]) == 1), len(command))
    words = shlex.split(command[:end])
    asks = len(words) > 1 and words[0] in ("socle", "build/socle") and words[1] in COMMANDS and "--help" not in words
    if not asks:
        return command
    return command if "--json" in words else command[:end].rstrip() + " --json"


def examples():
    for path in sorted((ROOT / "examples").glob("*.toml")):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        yield f"{first.removeprefix('# run: ')} --json"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.reconfigure(encoding="utf-8")  # pages hold Chinese, whatever the locale
    checks = Checks(pathlib.Path(sys.argv[1]).resolve())
    cases = [f"{line} --json" for line in check_json_cases.CASES]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        work = [pool.submit(checks.lines, "examples", list(examples()))]
        work += [pool.submit(checks.lines, "check_json_cases.py", cases[start::4]) for start in range(4)]
        work += [pool.submit(checks.page, page) for page in refresh_docs.pages()]
        for each in work:
            each.result()
    for schema in checks.schemas.values():
        unmet = [] if schema.broken else sorted(schema.unmet - schema.met - ALWAYS_EMPTY)
        checks.failures += [f"{schema.name}: {path} occurs in no document; add a line that has it to tools/check_json_cases.py"
                            for path in unmet]
    stale = ALWAYS_EMPTY - set().union(*(schema.unmet - schema.met for schema in checks.schemas.values()))
    checks.failures += [f"{path} is listed as always empty and is not; take it out of ALWAYS_EMPTY" for path in stale]
    print("\n".join(sorted(checks.failures)), end="\n" if checks.failures else "")
    counts = ", ".join(f"{checks.documents[name]} {name}" for name in sorted(checks.documents))
    print(f"{checks.documents.total()} documents ({counts})")
    print(f"{checks.refused} commands refused, {len(checks.failures)} failures")
    sys.exit(1 if checks.failures else 0)


if __name__ == "__main__":
    main()
