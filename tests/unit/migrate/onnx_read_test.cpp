#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/migrate/onnx/read_model.hpp"
#include "support/onnx_writer.hpp"

namespace socle::migrate::onnx {
namespace {

using namespace socle::test;

std::string problem_of(const std::string& bytes) {
  try {
    read_model({"m.onnx", bytes});
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(OnnxRead, KeepsWhatTheFileSays) {
  const std::string bytes =
      model(graph({.nodes = {node("Conv", {"x", "w", ""}, {"y"}, {int_attribute("group", 2)}, "", "first")},
                   .inputs = {value("x", kFloat, {"batch", "3", "?"})},
                   .outputs = {value("y", kFloat16)},
                   .initializers = {weights("w", kFloat, {2, 3}, 24)}}),
            13);
  const Model read = read_model({"m.onnx", bytes});
  EXPECT_EQ(read.ir_version, 8);
  EXPECT_EQ(read.producer, "test");
  ASSERT_EQ(read.nodes.size(), 1u);
  EXPECT_EQ(read.nodes[0].op, "Conv");
  EXPECT_EQ(read.nodes[0].domain, "ai.onnx");
  EXPECT_EQ(read.nodes[0].name, "first");
  EXPECT_EQ(read.nodes[0].inputs.count, 3u) << "a left out input keeps its place";
  EXPECT_EQ(read.attributes.at(read.nodes[0].attributes.first).number, 2);
  ASSERT_EQ(read.tensors.size(), 1u);
  EXPECT_EQ(read.tensors[0].bytes, 24u);
  const Value& x = read.values.at(read.graphs[0].inputs.first);
  EXPECT_EQ(x.type, "float");
  ASSERT_EQ(x.dimensions.count, 3u);
  EXPECT_EQ(read.dimensions[x.dimensions.first].name, "batch");
  EXPECT_EQ(read.dimensions[x.dimensions.first + 1].size, 3);
  EXPECT_LT(read.dimensions[x.dimensions.first + 2].size, 0);
  EXPECT_EQ(read.opsets.at(0).version, 13);
}

TEST(OnnxRead, NamesTypesThatAreNoTensors) {
  const Wire element = tensor_type(kFloat, {});
  const auto typed = [](const Wire& type) {
    const std::string bytes = model(graph({.inputs = {Wire().text(1, "x").message(2, type)}}), 13);
    return read_model({"m.onnx", bytes}).values.at(0).type;
  };
  EXPECT_EQ(typed(Wire().message(4, Wire().message(1, element))), "seq(tensor(float))");
  EXPECT_EQ(typed(Wire().message(9, Wire().message(1, element))), "optional(tensor(float))");
  EXPECT_EQ(typed(Wire().message(5, Wire().number(1, kInt64).message(2, element))), "map(int64,tensor(float))");
  EXPECT_EQ(typed(Wire().message(8, Wire().number(1, kFloat))), "sparse_tensor(float)");
}

TEST(OnnxRead, RefusesEachDamageWithItsByte) {
  struct Case {
    std::string bytes, message;
  };
  const Wire whole = graph({.nodes = {node("Relu", {"x"}, {"y"})}});
  Wire deep = graph({});
  for (int i = 0; i < 70; ++i)
    deep = graph({.nodes = {node("If", {"c"}, {"y"}, {graph_attribute("then_branch", deep)})}});
  Wire type = tensor_type(kFloat, {});
  for (int i = 0; i < 20; ++i) type = Wire().message(4, Wire().message(1, type));
  const std::vector<Case> cases{
      {"", "holds no graph"},
      {"GARBAGE", "byte 0"},
      {model(whole, 13).substr(0, 20), "of which"},  // cut off
      {Wire().varint(7 << 3 | 2).varint(std::uint64_t{1} << 63).bytes(), "9223372036854775808 bytes"},
      {Wire().varint(1 << 3).bytes() + std::string(10, '\xff') + "\x01", "more than 64 bits"},
      {Wire().varint(1 << 3 | 3).bytes(), "wire type 3"},  // a group
      {Wire().varint(0).varint(1).bytes(), "field 0"},
      {Wire().number(7, 1).bytes(), "is a number here"},  // a graph that is a number
      {Wire().text(1, "8").bytes(), "is no number here"},
      {Wire().message(7, whole).message(7, whole).bytes(), "a second graph"},
      {model(graph({.nodes = {Wire().text(1, "x")}}), 13), "names no operator"},
      {model(graph({.nodes = {node("Relu", {}, {}, {Wire().number(3, 1)})}}), 13), "an attribute has no name"},
      {model(graph({.inputs = {Wire().text(3, "doc")}}), 13), "has no name"},
      {model(graph({.initializers = {weights("w", kFloat, {2, 3}, 20)}}), 13), "holds 20 bytes"},
      {model(graph({.initializers = {weights("w", kFloat, {-2}, 0)}}), 13), "a dimension of -2"},
      {model(graph({.initializers = {weights("w", kFloat, {std::int64_t{1} << 62, 8}, 0)}}), 13),
       "its shape cannot be"},
      {model(graph({.initializers = {external_weights("w", {2}, {{"location", "a"}, {"offset", "-4"}})}}), 13),
       "no offset or length"},
      {model(deep, 13), "more than 64 deep"},
      {model(graph({.inputs = {Wire().text(1, "x").message(2, type)}}), 13), "more than 16 deep"},
  };
  for (const Case& one : cases) {
    const std::string said = problem_of(one.bytes);
    EXPECT_NE(said.find(one.message), std::string::npos) << said << " instead of " << one.message;
    EXPECT_EQ(said.find("m.onnx"), 0u) << said;
  }
}

TEST(OnnxRead, TakesPackedNumbersAndSkipsWhatItDoesNotKnow) {
  const Wire packed =
      Wire().text(1, Wire().varint(2).varint(3).bytes()).number(2, kFloat).text(8, "w").text(9, std::string(24, '\0'));
  const std::string bytes =
      model(graph({.initializers = {packed}}).text(99, "later"), 13) + Wire().text(500, "x").bytes();
  EXPECT_EQ(read_model({"m.onnx", bytes}).tensors.at(0).bytes, 24u);
}

TEST(OnnxRead, CountsPackedWeightsOfFourBits) {
  constexpr std::int64_t kInt4 = 22;  // 5 elements of 4 bits take 3 bytes
  const std::string bytes = model(graph({.initializers = {weights("w", kInt4, {5}, 3)}}), 21);
  EXPECT_EQ(read_model({"m.onnx", bytes}).tensors.at(0).bytes, 3u);
}

}  // namespace
}  // namespace socle::migrate::onnx
