#!/usr/bin/env python3
"""Does `socle migrate onnx` say of models what ONNX Runtime on a CPU does with them?

  compare_onnx.py SOCLE NAME=FOLDER... [--node-tests] [--json OUT.json]

Each FOLDER is a source of models (what a package ships, unpacked). Each model is loaded by the installed onnxruntime in
a process of its own kind (a crash counts as a failure to load) and asked of SOCLE; printed are agreement by source and
every model on which they differ, with what the runtime said and what socle said. Nothing of it goes back into a fact
pack: those are made by tools/ask_onnxruntime.py from models of one node. Models of onnx's tests that stand in several
packages count once per package; "distinct" counts equal files once.

--node-tests adds the node tests that the package onnx makes (it does not ship them as files): operators that are younger
than most models, as a harder sample.

Needs the package onnxruntime. StringNormalizer needs the locale en_US.UTF-8 where it runs: without it the runtime
refuses those models (localedef -i en_US -f UTF-8 FOLDER/en_US.UTF-8; LOCPATH=FOLDER).
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile


def child():
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    for line in sys.stdin:
        path = line.rstrip("\n")
        print(json.dumps([path, None]), flush=True)
        try:
            onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            print(json.dumps([path, ""]), flush=True)
        except Exception as problem:
            print(json.dumps([path, str(problem) or "refused"]), flush=True)


def loads(files):
    """What the runtime says of each file: "" or its error. Goes on behind a file that ends the process."""
    said = {}
    while len(said) < len(files):
        rest = [f for f in files if f not in said]
        run = subprocess.run([sys.executable, __file__, "--child"], input="\n".join(rest) + "\n", capture_output=True,
                             text=True, errors="replace")
        open_file = None
        for line in run.stdout.splitlines():
            path, error = json.loads(line)
            open_file = path if error is None else None
            if error is not None:
                said[path] = error
        if open_file is not None:
            said[open_file] = f"ended with {run.returncode}"
        elif not run.stdout:
            sys.exit(run.stderr or "the runtime could not be started")
    return said


def predictions(socle, folder):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        run = subprocess.run([socle, "migrate", "onnx", folder, "--to", "ort_cpu", "--json"], stdout=out, text=True,
                             stderr=subprocess.PIPE)
        if run.returncode not in (0, 1):
            sys.exit(run.stderr)
        out.seek(0)
        answer = json.load(open(out.name, encoding="utf-8"))
    said = {}
    for model in answer["models"]:
        target = model["targets"][0]
        missing = [f"{u['operator']} {u['version']}: {u['why']}" for u in target["not_plain"]
                   if u["status"] in ("unsupported", "unknown")]
        said[os.path.normpath(model["file"])] = (target["loads"], "; ".join(target["blockers"] + missing)[:160])
    for model in answer["unread"]:
        said[os.path.normpath(model["file"])] = (False, "not read: " + model["why"])
    return said


def node_tests(folder):
    import warnings
    from onnx.backend.test.case.node import collect_testcases
    warnings.simplefilter("ignore")
    for case in collect_testcases(None):
        os.makedirs(os.path.join(folder, case.name), exist_ok=True)
        with open(os.path.join(folder, case.name, "model.onnx"), "wb") as file:
            file.write(case.model.SerializeToString())


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def main():
    if "--child" in sys.argv:
        return child()
    arguments = sys.argv[1:]
    out = None
    if "--json" in arguments:
        at = arguments.index("--json")
        out = arguments[at + 1]
        del arguments[at:at + 2]
    made = tempfile.TemporaryDirectory(prefix="node-tests-")
    if "--node-tests" in arguments:
        arguments.remove("--node-tests")
        node_tests(made.name)
        arguments.append("onnx-node-tests=" + made.name)
    if len(arguments) < 2:
        sys.exit(__doc__.strip())
    socle, sources = arguments[0], [a.split("=", 1) for a in arguments[1:]]
    total, agreed, distinct, rests, table = 0, 0, {}, [], []
    for name, folder in sources:
        files = sorted(os.path.normpath(os.path.join(top, f)) for top, _, names in os.walk(folder) for f in names
                       if f.endswith(".onnx"))
        real, said = loads(files), predictions(socle, folder)
        same = 0
        for path in files:
            yes, why = said.get(path, (False, "not answered"))
            right = yes == (real[path] == "")
            same += right
            distinct[digest(path)] = right
            if not right:
                error = re.sub(r"\s+", " ", real[path])
                rests.append((name, os.path.relpath(path, folder), "loads" if not real[path] else "fails: " + error,
                              "loads" if yes else "fails: " + why))
        failing = sum(real[f] != "" for f in files)
        table.append((name, len(files), failing, same))
        total, agreed = total + len(files), agreed + same
    for name, count, failing, same in table:
        print(f"{name:24} {count:5} models, {failing:4} of which do not load: {same:5} agree, {100 * same / count:.2f} %")
    right = sum(distinct.values())
    print(f"{'all':24} {total:5} models: {agreed} agree, {100 * agreed / total:.2f} %; distinct files {len(distinct)}: "
          f"{right} agree, {100 * right / len(distinct):.2f} %")
    for name, path, real, said in rests:
        print(f"- {name} {path}\n    runtime: {real[:300]}\n    socle:   {said}")
    if out:
        with open(out, "w", encoding="utf-8") as file:
            json.dump({"sources": table, "rests": rests}, file, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
