#!/usr/bin/env python3
"""Writes examples/migrate-onnx/text.onnx and the models of fuzz/corpus/onnx: make_onnx_example.py [ROOT]

A small reader of text lines as such models are built: convolutions with hard swish, a pool, two LSTMs' worth of
sequence and a soft maximum over characters; images of any width; opset 11. Its weights are numbers without a meaning.
The corpus has one model of each kind that the reader treats apart: bodies, functions, external data, sequences, and one
that leaves out whatever may be left out. Needs the packages onnx and numpy. Files are small and the same on every run.
"""
import os
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

CHARACTERS = 37


class Builder:
    def __init__(self):
        self.nodes, self.weights = [], []

    def weight(self, *shape):
        """Numbers between -0.25 and 0.25 that depend on their place alone."""
        name = f"w{len(self.weights)}"
        count = int(numpy.prod(shape))
        values = ((numpy.arange(count, dtype=numpy.int64) * 7919 + len(self.weights) * 104729) % 1024 - 512) / 2048.0
        self.weights.append(numpy_helper.from_array(values.astype(numpy.float32).reshape(shape), name))
        return name

    def constant(self, values, kind):
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(numpy.array(values, kind), name))
        return name

    def add(self, op, *inputs, outputs=1, **attributes):
        names = [f"{op.lower()}_{len(self.nodes)}" + (f"_{i}" if i else "") for i in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, name=f"{op}_{len(self.nodes)}", **attributes))
        return names[0]

    def block(self, x, channels_in, channels_out, stride):
        x = self.add("Conv", x, self.weight(channels_out, channels_in, 3, 3), kernel_shape=[3, 3], pads=[1, 1, 1, 1],
                     strides=stride)
        x = self.add("BatchNormalization", x, self.weight(channels_out), self.weight(channels_out),
                     self.weight(channels_out), self.constant([1.0] * channels_out, numpy.float32))
        gate = self.add("HardSigmoid", x, alpha=1 / 6, beta=0.5)
        return self.add("Mul", x, gate)


def write(path, model):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(model.SerializeToString(deterministic=True))
    print(f"{path}: {model.ByteSize()} bytes")


def text_reader():
    b = Builder()
    x = b.block("image", 3, 8, [2, 2])
    x = b.block(x, 8, 16, [2, 1])
    squeeze = b.add("GlobalAveragePool", x)
    gate = b.add("Clip", b.add("Conv", squeeze, b.weight(16, 16, 1, 1), kernel_shape=[1, 1]),
                 b.constant(0.0, numpy.float32), b.constant(1.0, numpy.float32))
    x = b.add("Add", x, b.add("Mul", x, gate))
    x = b.add("MaxPool", x, kernel_shape=[8, 1], strides=[8, 1])
    x = b.add("Squeeze", x, axes=[2])
    x = b.add("Transpose", x, perm=[2, 0, 1])
    x = b.add("LSTM", x, b.weight(2, 64, 16), b.weight(2, 64, 16), b.weight(2, 128), hidden_size=16,
              direction="bidirectional", outputs=3)
    x = b.add("Transpose", x, perm=[2, 0, 1, 3])
    x = b.add("Reshape", x, b.constant([0, 0, 32], numpy.int64))
    x = b.add("Add", b.add("MatMul", x, b.weight(32, CHARACTERS)), b.weight(CHARACTERS))
    b.nodes.append(helper.make_node("Softmax", [x], ["characters"], name="Softmax_last", axis=2))
    graph = helper.make_graph(
        b.nodes, "text", [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 3, 32, "width"])],
        [helper.make_tensor_value_info("characters", TensorProto.FLOAT, ["batch", "time", CHARACTERS])], b.weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], producer_name="socle example",
                              ir_version=6)
    onnx.checker.check_model(model)
    return model


def value(name, kind=TensorProto.FLOAT, shape=(2,)):
    return helper.make_tensor_value_info(name, kind, shape)


def bodies():
    """If in Loop, and a constant of half precision."""
    branch = helper.make_graph([helper.make_node("Cos", ["x"], ["b"])], "branch", [], [value("b")])
    inner = helper.make_node("If", ["go"], ["s"], then_branch=branch, else_branch=branch)
    body = helper.make_graph([inner, helper.make_node("Identity", ["go"], ["on"])], "body",
                             [value("i", TensorProto.INT64, []), value("go", TensorProto.BOOL, []), value("x")],
                             [value("on", TensorProto.BOOL, []), value("s")])
    half = helper.make_node("Constant", [], ["h"], value=numpy_helper.from_array(numpy.ones(2, numpy.float16)))
    nodes = [half, helper.make_node("Cast", ["h"], ["f"], to=TensorProto.FLOAT),
             helper.make_node("Loop", ["n", "", "f"], ["y"], body=body)]
    return helper.make_model(helper.make_graph(nodes, "bodies", [value("n", TensorProto.INT64, [])], [value("y")]),
                             opset_imports=[helper.make_opsetid("", 16)], ir_version=8)


def functions():
    """A function that calls a function, with an attribute handed on."""
    inner = helper.make_function("acme", "Narrow", ["a"], ["b"], [helper.make_node("Cast", ["a"], ["b"])],
                                 [helper.make_opsetid("", 17)], ["kind"])
    inner.node[0].attribute.append(onnx.AttributeProto(name="to", ref_attr_name="kind", type=onnx.AttributeProto.INT))
    outer = helper.make_function("acme", "Twice", ["a"], ["b"],
                                 [helper.make_node("Narrow", ["a"], ["t"], domain="acme", kind=TensorProto.FLOAT16),
                                  helper.make_node("Add", ["t", "t"], ["b"])],
                                 [helper.make_opsetid("", 17), helper.make_opsetid("acme", 1)])
    graph = helper.make_graph([helper.make_node("Twice", ["x"], ["y"], domain="acme")], "f", [value("x")],
                              [value("y", TensorProto.FLOAT16)])
    return helper.make_model(graph, functions=[inner, outer], ir_version=8,
                             opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("acme", 1)])


def external():
    weight = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2], data_location=TensorProto.EXTERNAL)
    for key, text in (("location", "weights.bin"), ("offset", "0"), ("length", "8")):
        weight.external_data.add(key=key, value=text)
    graph = helper.make_graph([helper.make_node("Mul", ["x", "w"], ["y"])], "e", [value("x", shape=["n", None])],
                              [value("y", shape=["n", 2])], [weight])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def odd():
    """A sequence, operators that nobody knows, training, an opset of the future; no producer, types left out."""
    nodes = [helper.make_node("SequenceConstruct", ["x", "x"], ["s"]), helper.make_node("SequenceAt", ["s", "k"], ["e"]),
             helper.make_node("Foo", ["e", "unheard"], ["f"], domain="acme"), helper.make_node("Relu", ["f"], ["y"])]
    untyped = onnx.ValueInfoProto(name="y")
    model = helper.make_model(helper.make_graph(nodes, "o", [value("x"), value("k", TensorProto.INT64, [])], [untyped]),
                              opset_imports=[helper.make_opsetid("", 99), helper.make_opsetid("acme", 1)], ir_version=99)
    model.training_info.add()
    model.ClearField("producer_name")
    return model


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    write(os.path.join(root, "examples/migrate-onnx/text.onnx"), text_reader())
    for make in (bodies, functions, external, odd):
        write(os.path.join(root, f"fuzz/corpus/onnx/{make.__name__}.onnx"), make())


if __name__ == "__main__":
    main()
