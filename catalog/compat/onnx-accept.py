#!/usr/bin/env python3
"""Does a model give the same outputs on the target as on a CPU? Written by `socle migrate onnx --golden`.

  accept.py golden [--model MODEL.onnx]                     runs ONNX Runtime on a CPU and stores the outputs here
  accept.py check --provider NAME [--model MODEL.onnx]      runs on the target and compares: CANNExecutionProvider, ...

Exit codes: 0 the same within the tolerances of manifest.json, 1 different, 2 it could not be run. Needs Python 3.8, numpy
and onnxruntime (the target's own build of it for `check`); nothing else, and no network.
"""
import argparse
import json
import os
import sys

try:
    import numpy
    import onnxruntime
except ImportError as problem:
    print(f"accept.py: {problem}; it needs numpy and onnxruntime where it is run", file=sys.stderr)
    sys.exit(2)

HERE = os.path.dirname(os.path.abspath(__file__))


def stop(message):
    print("accept.py: " + message, file=sys.stderr)
    sys.exit(2)


def fnv1a(data):
    value = 14695981039346656037
    for byte in data:
        value = ((value ^ byte) * 1099511628211) & 0xffffffffffffffff
    return f"{value:016x}"


def model_path(manifest, stated):
    path = stated or manifest["model"]
    if not os.path.isfile(path):
        stop(f"{path} is missing; name the model by --model")
    with open(path, "rb") as file:
        head = fnv1a(file.read(manifest["hashed_bytes"]))
    if head != manifest["fnv1a64"] or os.path.getsize(path) != manifest["bytes"]:
        stop(f"{path} is not the model that this pack was made for")
    return path


def run(manifest, path, providers):
    missing = [p for p in providers if p not in onnxruntime.get_available_providers()]
    if missing:
        stop(f"this build of onnxruntime has no {missing[0]}; it has {', '.join(onnxruntime.get_available_providers())}")
    try:
        session = onnxruntime.InferenceSession(path, providers=providers)
        inputs = {i["name"]: numpy.load(os.path.join(HERE, i["file"])) for i in manifest["inputs"]}
        names = [o.name for o in session.get_outputs()]
        return dict(zip(names, session.run(names, inputs))), session.get_providers()
    except Exception as problem:  # every runtime has errors of its own
        stop(f"the model does not run on {providers[0]}: {problem}")


def tolerance(manifest, array):
    name = {"float32": "float", "float64": "double"}.get(str(array.dtype), str(array.dtype))
    by_type = {t["type"]: t for t in manifest["tolerances"]}
    return by_type.get(name, by_type["other"])


def golden(manifest, path):
    outputs, _ = run(manifest, path, ["CPUExecutionProvider"])
    stored = []
    for index, (name, array) in enumerate(outputs.items()):
        if not isinstance(array, numpy.ndarray):
            stop(f"the output {name} is no tensor; it is not compared")
        numpy.save(os.path.join(HERE, f"golden_{index}.npy"), array, allow_pickle=False)
        stored.append({"name": name, "file": f"golden_{index}.npy", "type": str(array.dtype), "shape": list(array.shape)})
    with open(os.path.join(HERE, "golden.json"), "w", encoding="utf-8") as file:
        json.dump({"onnxruntime": onnxruntime.__version__, "provider": "CPUExecutionProvider", "outputs": stored}, file,
                  indent=2)
    print(f"{len(stored)} outputs stored, by onnxruntime {onnxruntime.__version__} on a CPU")
    return 0


def compare(manifest, name, want, have):
    if want.shape != have.shape or want.dtype != have.dtype:
        print(f"{name}: {have.dtype} {list(have.shape)} instead of {want.dtype} {list(want.shape)}: different")
        return False
    limit = tolerance(manifest, want)
    if want.dtype.kind not in "fiub" or want.size == 0:
        same = bool(numpy.array_equal(want, have))
        print(f"{name}: {want.size} values: {'the same' if same else 'different'}")
        return same
    a, b = have.astype("float64"), want.astype("float64")
    both = (numpy.isnan(a) & numpy.isnan(b)) | (a == b)
    with numpy.errstate(invalid="ignore"):
        error = numpy.where(both, 0.0, numpy.abs(a - b))
    error = numpy.where(numpy.isnan(error), numpy.inf, error)
    bad = error > limit["absolute"] + limit["relative"] * numpy.where(numpy.isfinite(b), numpy.abs(b), 0.0)
    print(f"{name}: {want.size} values, largest difference {error.max():.3g}, {int(bad.sum())} beyond "
          f"{limit['absolute']:g} + {limit['relative']:g} of the value: {'different' if bad.any() else 'the same'}")
    return not bad.any()


def check(manifest, path, provider):
    place = os.path.join(HERE, "golden.json")
    if not os.path.isfile(place):
        stop("golden.json is missing; run `accept.py golden` first, on a machine with a CPU")
    with open(place, encoding="utf-8") as file:
        stored = json.load(file)
    providers = [provider] if provider == "CPUExecutionProvider" else [provider, "CPUExecutionProvider"]
    outputs, used = run(manifest, path, providers)
    if used[0] != provider:
        stop(f"onnxruntime fell back to {used[0]}: {provider} does not work on this machine")
    same = True
    for output in stored["outputs"]:
        if output["name"] not in outputs:
            stop(f"the model has no output {output['name']}")
        same &= compare(manifest, output["name"], numpy.load(os.path.join(HERE, output["file"])), outputs[output["name"]])
    print(f"{provider}: {'accepted' if same else 'different'}, against onnxruntime {stored['onnxruntime']} on a CPU")
    return 0 if same else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["golden", "check"])
    parser.add_argument("--provider", default=None)
    parser.add_argument("--model", default=None)
    asked = parser.parse_args()
    with open(os.path.join(HERE, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    path = model_path(manifest, asked.model)
    if asked.task == "golden":
        return golden(manifest, path)
    if not asked.provider:
        stop("--provider is missing; this build has " + ", ".join(onnxruntime.get_available_providers()))
    return check(manifest, path, asked.provider)


if __name__ == "__main__":
    sys.exit(main())
