#!/usr/bin/env python3
"""Writes catalog/compat/onnx-schemas.csv: make_onnx_schemas.py [OUT.csv]

One row for each version of each operator: what its inputs and outputs are, as type variables, for the inference of
element types. Asks the Python packages onnx (standard operators, bodies of functions) and onnxruntime (its own
operators); both must be importable. Columns:

  inputs, outputs  formals in order: a type variable (T), or a type where only one is allowed (int64); "?" optional,
                   "*" any number of them
  body             operators that the function's body uses, as Op@since; empty: no function
"""
import csv
import sys

import onnx
from onnx import TypeProto, helper
from onnxruntime.capi import onnxruntime_pybind11_state as runtime

COLUMNS = ["domain", "op", "since", "inputs", "outputs", "body"]
SKIPPED = {"com.ms.internal.nhwc", "com.microsoft.nchwc"}  # made by the runtime, never written in a file
PREFERRED = ["tensor(float)", "tensor(int64)", "tensor(bool)", "tensor(int32)", "tensor(uint8)", "tensor(string)"]


def short(name):
    """tensor(float) is float; what is no tensor stays as it is."""
    return name[7:-1] if name.startswith("tensor(") else name


def formals(parameters, allowed, types_of, option_of):
    texts = []
    for parameter in parameters:
        types = allowed.get(types_of(parameter))
        text = short(types_of(parameter)) if types is None else types_of(parameter)
        if types is not None and len(types) == 1:
            text = short(types[0])
        option = str(option_of(parameter))
        texts.append(text + ("?" if "Optional" in option else "*" if "Variadic" in option else ""))
    return " ".join(texts)


def type_proto(name):
    proto = TypeProto()
    if name.startswith("seq("):
        proto.sequence_type.elem_type.CopyFrom(type_proto(name[4:-1]))
    if name.startswith("tensor("):
        proto.tensor_type.elem_type = getattr(onnx.TensorProto, name[7:-1].upper())
    return proto


def body_of(schema):
    if schema.has_function:
        return schema.function_body
    if not schema.has_context_dependent_function:
        return None
    allowed = {c.type_param_str: list(c.allowed_type_strs) for c in schema.type_constraints}
    inputs = [p for p in schema.inputs if "Optional" not in str(p.option)]
    names, types = [], []
    for index, parameter in enumerate(inputs):
        choice = allowed.get(parameter.type_str, [parameter.type_str])
        types.append(next((t for t in PREFERRED if t in choice), choice[0]))
        names.append(f"i{index}")
    attributes = {}
    for name, attribute in schema.attributes.items():
        if attribute.required:
            kind = str(attribute.type)
            attributes[name] = 1 if kind.endswith("INT") else 1.0 if kind.endswith("FLOAT") else [1]
    if schema.name == "SequenceMap":
        attributes["body"] = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "body",
                                               [helper.make_tensor_value_info("x", 1, None)],
                                               [helper.make_tensor_value_info("y", 1, None)])
    node = helper.make_node(schema.name, names, [f"o{i}" for i in range(max(1, schema.min_output))],
                            domain=schema.domain, **attributes)
    try:
        made = schema.get_context_dependent_function(node.SerializeToString(),
                                                     [type_proto(t).SerializeToString() for t in types])
    except Exception:  # a body that depends on what is not known here
        return None
    function = onnx.FunctionProto()
    function.ParseFromString(made)
    return function


def body_text(schema, versions):
    body = body_of(schema)
    if body is None:
        return ""
    opset = {entry.domain: entry.version for entry in body.opset_import}
    used = set()

    def walk(nodes):
        for node in nodes:
            limit = opset.get(node.domain, schema.since_version)
            since = max((v for v in versions.get((node.domain, node.op_type), []) if v <= limit), default=limit)
            if node.op_type != "Constant":
                used.add(f"{node.op_type}@{since}")
            for attribute in node.attribute:
                walk(attribute.g.node)
    walk(body.node)
    return " ".join(sorted(used))


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else "catalog/compat/onnx-schemas.csv"
    standard = onnx.defs.get_all_schemas_with_history()
    versions = {}
    for schema in standard:
        versions.setdefault((schema.domain, schema.name), []).append(schema.since_version)
    rows = {}
    for schema in runtime.get_all_operator_schema():
        if schema.domain in SKIPPED:
            continue
        allowed = {c.type_param_str: list(c.allowed_type_strs) for c in schema.type_constraints}
        sides = [formals(side, allowed, lambda p: p.typeStr, lambda p: p.option)
                 for side in (schema.inputs, schema.outputs)]
        rows[schema.domain, schema.name, schema.since_version] = sides + [""]
    for schema in standard:
        allowed = {c.type_param_str: list(c.allowed_type_strs) for c in schema.type_constraints}
        sides = [formals(side, allowed, lambda p: p.type_str, lambda p: p.option)
                 for side in (schema.inputs, schema.outputs)]
        rows[schema.domain, schema.name, schema.since_version] = sides + [body_text(schema, versions)]
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for (domain, op, since), row in sorted(rows.items()):
            writer.writerow([domain or "ai.onnx", op, since] + row)
    print(f"{out}: {len(rows)} rows of onnx {onnx.__version__} and the operators of the runtime")


if __name__ == "__main__":
    main()
