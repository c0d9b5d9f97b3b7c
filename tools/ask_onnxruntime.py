#!/usr/bin/env python3
"""Writes catalog/compat/onnx-ort-cpu.csv: what ONNX Runtime on a CPU says of itself. ask_onnxruntime.py [OUT.csv]

Asks the installed package, never a model of anybody's:
  1. its registry of kernels: operator, range of versions, element types (types that were registered one by one are
     joined only where the joined row says no more than they do);
  2. models of one node, made here, for each version of each operator that has no kernel of a type but is a function in
     the standard: does it load, with which type?
  3. models of one node with an integer attribute set to 0 or 1 instead of its default: of which value does it say that it has no support?
Needs the packages onnx and onnxruntime.
"""
import csv
import re
import sys

import onnx
import onnxruntime
from onnx import helper
from onnxruntime.capi import onnxruntime_pybind11_state as runtime

COLUMNS = ["backend", "domain", "op", "from", "to", "types", "unless", "status", "note"]
NO_END = 2**31 - 1
INTERNAL = {"com.ms.internal.nhwc", "com.microsoft.nchwc"}
FIRST = ["tensor(float)", "tensor(int64)", "tensor(int32)", "tensor(bool)", "tensor(uint8)", "tensor(string)"]
GRAPHS = {"If", "Loop", "Scan", "SequenceMap"}


def short(name):
    return name[7:-1] if name.startswith("tensor(") else name


def joined(sets):
    """Sets of types, of the same variables, that differ in one variable become one set, until none does."""
    sets = [dict(s) for s in sets]
    again = True
    while again:
        again = False
        for i in range(len(sets)):
            for j in range(len(sets) - 1, i, -1):
                differ = [v for v in sets[i] if sets[i][v] != sets[j][v]]
                if len(differ) <= 1:
                    for variable in differ:
                        sets[i][variable] = sets[i][variable] | sets[j][variable]
                    del sets[j]
                    again = True
    return sets


def kernels(schemas):
    found = {}
    for kernel in runtime.get_all_opkernel_def():
        if kernel.provider != "CPUExecutionProvider" or kernel.domain in INTERNAL:
            continue
        types = {}
        for variable, names in kernel.type_constraints.items():
            types[formal_number(schemas, kernel, variable)] = frozenset(map(short, names))
        found.setdefault((kernel.domain, kernel.op_name, tuple(kernel.version_range)), []).append(types)
    return {key: [s for group in by_variables(sets) for s in joined(group)] for key, sets in found.items()}


def by_variables(sets):
    groups = {}
    for types in sets:
        groups.setdefault(tuple(sorted(types)), []).append(types)
    return groups.values()


def formal_number(schemas, kernel, variable):
    """A constraint by the name of an input is written by its number: #1."""
    for since, schema in schemas.get((kernel.domain, kernel.op_name), {}).items():
        if kernel.version_range[0] <= since <= kernel.version_range[1]:
            if variable in {c.type_param_str for c in schema.type_constraints}:
                return variable
            names = [p.name for p in schema.inputs]
            if variable in names:
                return f"#{names.index(variable)}"
    return variable


class Probe:
    """Models of one node."""

    def __init__(self):
        self.options = onnxruntime.SessionOptions()
        self.options.log_severity_level = 4
        self.options.intra_op_num_threads = 1

    def error(self, model):
        try:
            onnxruntime.InferenceSession(model.SerializeToString(), self.options, providers=["CPUExecutionProvider"])
            return ""
        except Exception as problem:
            return str(problem)

    def node_model(self, schema, variable_type, changed=None, opset=None, ir=None):
        allowed = {c.type_param_str: list(c.allowed_type_strs) for c in schema.type_constraints}
        inputs, values = [], []
        for index, parameter in enumerate(schema.inputs):
            if "Single" not in str(parameter.option) and index >= schema.min_input:
                continue
            name = variable_type.get(parameter.type_str) or next(
                (t for t in FIRST if t in allowed.get(parameter.type_str, [parameter.type_str])),
                allowed.get(parameter.type_str, [parameter.type_str])[0])
            if not name.startswith("tensor("):
                return None
            element = getattr(onnx.TensorProto, name[7:-1].upper())
            inputs.append(f"i{index}")
            values.append(helper.make_tensor_value_info(f"i{index}", element, None))
        attributes = dict(changed or {})
        for name, attribute in schema.attributes.items():
            if attribute.required and name not in attributes:
                kind = str(attribute.type).split(".")[-1]
                if kind not in ("INT", "FLOAT", "INTS", "FLOATS"):
                    return None
                attributes[name] = {"INT": 1, "FLOAT": 1.0, "INTS": [1], "FLOATS": [1.0]}[kind]
        outputs = [f"o{i}" for i in range(max(1, schema.min_output))]
        node = helper.make_node(schema.name, inputs, outputs, domain=schema.domain, **attributes)
        graph = helper.make_graph([node], "one", values, [onnx.ValueInfoProto(name=o) for o in outputs])
        version = opset or schema.since_version
        return helper.make_model(graph, opset_imports=[helper.make_opsetid(schema.domain, version)], ir_version=ir or 8)


def of_kernels(kernels_of, schema, variable):
    """Types that a kernel of this version takes for the variable."""
    types = set()
    for (domain, op, (first, last)), sets in kernels_of.items():
        if (domain, op) == (schema.domain, schema.name) and first <= schema.since_version <= last:
            if first == schema.since_version or last != NO_END:
                for one in sets:
                    types |= one.get(variable, set())
    return types


def sequence_map(schema, sequence):
    """The one function of the standard that has a body of the caller's: here it hands each element on."""
    element = getattr(onnx.TensorProto, sequence[11:-2].upper())
    body = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "body",
                             [helper.make_tensor_value_info("x", element, None)],
                             [helper.make_tensor_value_info("y", element, None)])
    node = helper.make_node(schema.name, ["s"], ["t"], body=body)
    graph = helper.make_graph([node], "one", [helper.make_tensor_sequence_value_info("s", element, None)],
                              [helper.make_tensor_sequence_value_info("t", element, None)])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", schema.since_version)], ir_version=8)


def functions(probe, found, rows):
    for schema in onnx.defs.get_all_schemas_with_history():
        if not (schema.has_function or schema.has_context_dependent_function) or not schema.inputs:
            continue
        first = schema.inputs[0].type_str
        types = next((list(c.allowed_type_strs) for c in schema.type_constraints if c.type_param_str == first), [first])
        loads = []
        for name in sorted(types):
            model = sequence_map(schema, name) if schema.name == "SequenceMap" else probe.node_model(schema, {first: name})
            if model is not None and not probe.error(model):
                loads.append(short(name))
        loads = [t for t in loads if t not in of_kernels(found, schema, first)]
        if loads:
            same = "#0" if first not in {c.type_param_str for c in schema.type_constraints} else first
            rows.append(["ort_cpu", schema.domain or "ai.onnx", schema.name, schema.since_version, schema.since_version,
                         f"{same}=" + "|".join(loads), "", "supported", "loads as a function or behind casts"])


def base_attributes(probe, schema):
    """None where no model of one node loads; attributes without a default are set to 1 where the runtime wants them."""
    wanted = {n: 1 for n, a in schema.attributes.items() if str(a.type).endswith("INT") and a.default_value.type == 0}
    for attributes in ({}, wanted):
        model = probe.node_model(schema, {}, attributes)
        if model is not None and not probe.error(model):
            return attributes
    return None


def refused_values(probe, rows):
    """(operator, attribute, value) of which the runtime itself says that it has no support, while it takes the default."""
    refused = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        if schema.name in GRAPHS or schema.deprecated:
            continue
        base = base_attributes(probe, schema)
        if base is None:
            continue
        for name, attribute in schema.attributes.items():
            if not str(attribute.type).endswith("INT") or attribute.required or attribute.default_value.type == 0:
                continue
            for value in (0, 1):
                if value == attribute.default_value.i:
                    continue
                error = probe.error(probe.node_model(schema, {}, {**base, name: value}))
                if "Exception during initialization" in error and re.search("not (supported|implemented)", error):
                    refused.setdefault((schema.domain, schema.name, name, value), []).append(schema.since_version)
    for (domain, op, name, value), versions in sorted(refused.items()):
        rows.append(["ort_cpu", domain or "ai.onnx", op, min(versions), "", "", f"{name}={value}", "unsupported",
                     "refused when the session is made"])


def limits(probe):
    identity = {s.since_version: s for s in onnx.defs.get_all_schemas_with_history() if s.name == "Identity"}[1]
    opset = max(n for n in range(1, 41) if not probe.error(probe.node_model(identity, {}, opset=n)))
    ir = max(n for n in range(3, 41) if not probe.error(probe.node_model(identity, {}, opset=9, ir=n)))
    return opset, ir


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else "catalog/compat/onnx-ort-cpu.csv"
    schemas = {}
    for schema in runtime.get_all_operator_schema():
        schemas.setdefault((schema.domain, schema.name), {})[schema.since_version] = schema
    found = kernels(schemas)
    rows = []
    for (domain, op, (first, last)), sets in found.items():
        for types in sets:
            text = ";".join(f"{v}=" + "|".join(sorted(t)) for v, t in sorted(types.items()))
            rows.append(["ort_cpu", domain or "ai.onnx", op, first, "" if last == NO_END else last, text, "",
                         "supported", ""])
    probe = Probe()
    functions(probe, found, rows)
    refused_values(probe, rows)
    rows.sort(key=lambda r: (r[1], r[2], r[3], str(r[4]), r[5], r[6]))
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    opset, ir = limits(probe)
    print(f"{out}: {len(rows)} rows of onnxruntime {onnxruntime.__version__}; it loads opset up to {opset}, IR up to {ir}")


if __name__ == "__main__":
    main()
