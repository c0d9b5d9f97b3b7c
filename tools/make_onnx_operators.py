#!/usr/bin/env python3
"""Writes catalog/compat/onnx-operators.csv out of tables of operators: make_onnx_operators.py FOLDER [OUT.csv]

FOLDER holds onnx_ops.csv (one operator a row, one backend a column) and onnx_kernel_types.csv (element types of kernels).
ONNX Runtime on a CPU is not taken from them: tools/ask_onnxruntime.py asks the runtime itself. Status words:

  supported    a kernel is registered for these versions and types; or the vendor's matrix says so without a limit
  partial      the backend's source has the name, so that it is attempted: limits of types and attributes appear later;
               or the vendor's matrix names a limit
  unsupported  the vendor's matrix says no; what a backend with a whole list leaves out is unsupported without a row

Columns: backend, domain, op, from and to (versions; an empty end is open), types (variable=type|type; * is the first
input), unless (attribute=value that does not work), status, note.
"""
import csv
import os
import re
import sys

COLUMNS = ["backend", "domain", "op", "from", "to", "types", "unless", "status", "note"]
INTERNAL = {"com.ms.internal.nhwc", "com.microsoft.dml"}  # made by the runtime, never written in a file
KERNELS = {"ort_cuda": "ort_cuda", "ort_dml": "ort_dml", "cann_single": "ort_cann_single", "xnnpack": "ort_xnnpack",
           "webgpu": "ort_web_webgpu", "ort_musa": "ort_musa"}
NAMES = {"cann_graph": "ort_cann_graph", "migraphx_ep": "ort_migraphx", "qnn": "ort_qnn", "webnn": "ort_webnn"}
MATRICES = {"migraphx": ("migraphx", "migraphx_types", "migraphx_limits"),
            "tensorrt": ("tensorrt", "tensorrt_types", "tensorrt_limits")}
FORMALS = {"shape": "#1", "indices": "#1", "axis": "#1"}  # constraints by the name of an input
TYPES = {"FP64": ["double"], "FP32": ["float"], "FP16": ["float16"], "BF16": ["bfloat16"], "BOOL": ["bool"],
         "INF64": ["int64"], "FP8": ["float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz"]}


def ranges(text):
    """Every form of the tables: 13+  [6, 12]  10  1-5  11-12,13+"""
    found = []
    for first, last, begin, end, start, alone in re.findall(
            r"\[(\d+), (\d+)\]|(\d+)-(\d+)|(\d+)\+|(\d+)", text):
        if first:
            found.append((first, last))
        elif begin:
            found.append((begin, end))
        else:
            found.append((start, "") if start else (alone, alone))
    return found


def kernel_type(text):
    text = text.strip() + ")" * (text.count("(") - text.count(")"))
    return re.sub(r"\((\w+)\)", r"(tensor(\1))", text)


def kernel_types(text):
    parts = []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        variable, types = (s.strip() for s in part.split("=", 1))
        if "map(" not in types:
            parts.append(f"{FORMALS.get(variable, variable)}=" + "|".join(kernel_type(t) for t in types.split(", ")))
    return ";".join(parts)


def matrix_types(text):
    names = []
    for word in filter(None, (w.strip() for w in text.split(","))):
        if word.lower() == "any":
            return ""
        names += TYPES.get(word, [word.lower()])
    return "*=" + "|".join(names) if names else ""


def facts(row, types):
    place = [row["domain"], row["op"]]
    for backend, column in KERNELS.items():
        typed = types.get((backend, *place)) if row[column] else None
        if typed:
            yield from ([backend, *place, first, last, constraint, "", "supported", ""]
                        for text, constraint in typed for first, last in ranges(text))
        else:
            for first, last in ranges(row[column]):
                yield [backend, *place, first, last, "", "", "supported", ""]
    for backend, column in NAMES.items():
        if row[column]:
            first = row[column].rstrip("+") if row[column] != "y" else "1"
            yield [backend, *place, first, "", "", "", "partial", "a name that is attempted"]
    if row["ort_openvino"]:
        yield ["openvino", *place, 1, "", "", "", "partial",
               "a name that is attempted on " + row["ort_openvino"].replace(";", ", ")]
    if row["ort_coreml"] or row["ort_coreml_mlprogram"]:
        program = row["ort_coreml_mlprogram"]
        yield ["coreml", *place, 1, "", "", "", "supported" if program else "partial",
               "" if program else "not in the documented list of ML Program"]
    for backend, (column, type_column, limit_column) in MATRICES.items():
        if row[column] == "y":
            limit = row[limit_column].replace("`", "").strip()
            yield [backend, *place, 1, "", matrix_types(row[type_column]), "", "partial" if limit else "supported",
                   limit]
        elif row[column] == "n":
            yield [backend, *place, 1, "", "", "", "unsupported", row[limit_column].replace("`", "").strip()]


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    out = sys.argv[2] if len(sys.argv) > 2 else "catalog/compat/onnx-operators.csv"
    types = {}
    for row in read(sys.argv[1], "onnx_kernel_types.csv"):
        types.setdefault((row["backend"], row["domain"], row["op"]), []).append(
            (row["opset_range"], kernel_types(row["type_constraints"])))
    found = []
    for row in read(sys.argv[1], "onnx_ops.csv"):
        if row["domain"] not in INTERNAL and not row["op"].startswith(("kDynamic", "kMS", "kOnnx")):
            found += facts(row, types)
    found.sort(key=lambda r: (r[0], r[1], r[2], int(r[3]), r[5]))
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(found)
    print(f"{out}: {len(found)} rows")


if __name__ == "__main__":
    main()
