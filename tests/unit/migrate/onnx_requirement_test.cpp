#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/migrate/onnx/read_model.hpp"
#include "socle/migrate/onnx/requirement.hpp"
#include "support/onnx_writer.hpp"

namespace socle::migrate::onnx {
namespace {

using namespace socle::test;

const SchemaTable& schemas() {
  static const catalog::Catalog catalog;
  static const SchemaTable table(parse_csv(catalog.text_of("compat/onnx-schemas.csv"), "schemas.csv"));
  return table;
}

Requirement asked(const std::string& bytes, const ExternalSize& size = {}) {
  const Model read = read_model({"m.onnx", bytes});
  return require(read, "m.onnx", schemas(), {"layout"}, size);
}

const OpUse& use(const Requirement& found, const std::string& op) {
  for (const OpUse& one : found.uses)
    if (one.name.op == op) return one;
  throw std::runtime_error("no " + op);
}

TEST(OnnxSchema, FindsTheVersionInForce) {
  // Relu has versions 1, 6, 13 and 14.
  EXPECT_EQ(schemas().find({"ai.onnx", "Relu"}, 5)->since, 1);
  EXPECT_EQ(schemas().find({"ai.onnx", "Relu"}, 12)->since, 6);
  EXPECT_EQ(schemas().find({"ai.onnx", "Relu"}, 13)->since, 13);
  EXPECT_EQ(schemas().find({"ai.onnx", "Relu"}, 99)->since, 14);
  EXPECT_EQ(schemas().find({"ai.onnx", "Gelu"}, 19), nullptr) << "it came with 20";
  EXPECT_EQ(schemas().find({"acme", "Relu"}, 1), nullptr);
}

TEST(OnnxTypes, FollowVariablesCastsAndConstants) {
  const Wire half = Wire().text(1, "value").message(5, weights("t", kFloat16, {1}, 2)).number(20, 4);
  const Requirement found = asked(model(
      graph({.nodes = {node("Constant", {}, {"c"}, {half}), node("Cast", {"x"}, {"h"}, {int_attribute("to", kFloat16)}),
                       node("Add", {"h", "c"}, {"s"}), node("Shape", {"s"}, {"n"}), node("Neg", {"n"}, {"m"}),
                       node("Acos", {"unheard"}, {"z"})},
             .inputs = {value("x", kDouble)}}),
      13));
  EXPECT_EQ(use(found, "Cast").inputs.at(0), "double");
  EXPECT_EQ(use(found, "Add").inputs, (std::vector<TypeName>{"float16", "float16"}));
  EXPECT_EQ(use(found, "Shape").inputs.at(0), "float16");
  EXPECT_EQ(use(found, "Neg").inputs.at(0), "int64");
  EXPECT_EQ(use(found, "Acos").inputs.at(0), "") << "unknown stays unknown";
  EXPECT_EQ(found.constants, 1u);
  EXPECT_EQ(found.nodes, 5u) << "a constant is folded";
  EXPECT_EQ(found.hazard(OnnxHazard::kFloat64).places, 1u);
}

TEST(OnnxTypes, FollowQuantisationAndSequences) {
  const Requirement found = asked(
      model(graph({.nodes = {node("QuantizeLinear", {"x", "s"}, {"q"}), node("DequantizeLinear", {"q", "s"}, {"d"}),
                             node("SequenceConstruct", {"d", "d"}, {"l"}), node("SequenceAt", {"l", "i"}, {"e"}),
                             node("Relu", {"e"}, {"r"})},
                   .inputs = {value("x", kFloat), value("s", kFloat), value("i", kInt64)}}),
            13));
  EXPECT_EQ(use(found, "DequantizeLinear").inputs.at(0), "uint8") << "without a zero point";
  EXPECT_EQ(use(found, "SequenceAt").inputs.at(0), "seq(tensor(float))");
  EXPECT_EQ(use(found, "Relu").inputs.at(0), "float");
  EXPECT_EQ(found.quantise_pairs, 2u);
  EXPECT_GT(found.hazard(OnnxHazard::kSequences).places, 0u);
}

TEST(OnnxWalk, GoesIntoBodies) {
  const Wire body = graph({.nodes = {node("Sin", {"x"}, {"inner"})}, .outputs = {Wire().text(1, "inner")}});
  const Wire branches =
      node("If", {"c"}, {"y"}, {graph_attribute("then_branch", body), graph_attribute("else_branch", body)});
  const Requirement found = asked(model(
      graph({.nodes = {branches, node("Cos", {"y"}, {"z"})}, .inputs = {value("x", kFloat), value("c", kBool)}}), 13));
  EXPECT_EQ(use(found, "Sin").nodes, 2u) << "a body is a graph of its own";
  EXPECT_EQ(use(found, "Sin").inputs.at(0), "float") << "it sees the graph around it";
  EXPECT_TRUE(use(found, "Sin").inside);
  EXPECT_EQ(use(found, "Cos").inputs.at(0), "float") << "what a branch gives is what If gives";
  EXPECT_EQ(found.hazard(OnnxHazard::kControlFlow).places, 1u);
}

TEST(OnnxWalk, ReplacesFunctionsByTheirBodies) {
  // twice(x) = half(half(x)), half(x) = x * x: two calls of twice are four Mul nodes.
  const std::vector<Wire> functions{
      function("acme", "half", {"a"}, {"b"}, {node("Mul", {"a", "a"}, {"b"})}, 14),
      function("acme", "twice", {"a"}, {"b"},
               {node("half", {"a"}, {"t"}, {}, "acme"), node("half", {"t"}, {"b"}, {}, "acme")}, 14)};
  const Wire calls = graph({.nodes = {node("twice", {"x"}, {"y"}, {}, "acme"), node("twice", {"y"}, {"z"}, {}, "acme")},
                            .inputs = {value("x", kFloat)}});
  const Requirement found = asked(model(calls, 13, functions, {import_of("acme", 1)}));
  ASSERT_EQ(found.uses.size(), 1u);
  EXPECT_EQ(found.uses[0].nodes, 4u);
  EXPECT_EQ(found.uses[0].since, 14) << "the function imports its own opset";
  EXPECT_EQ(found.uses[0].inputs.at(1), "float");
}

TEST(OnnxWalk, RefusesFunctionsThatGrowWithoutEnd) {
  const auto said = [](const std::vector<Wire>& functions) -> std::string {
    try {
      asked(model(graph({.nodes = {node("f0", {"x"}, {"y"}, {}, "acme")}}), 13, functions, {import_of("acme", 1)}));
    } catch (const InputError& error) { return error.what(); }
    return {};
  };
  EXPECT_NE(said({function("acme", "f0", {"a"}, {"b"}, {node("f1", {"a"}, {"b"}, {}, "acme")}, 13),
                  function("acme", "f1", {"a"}, {"b"}, {node("f0", {"a"}, {"b"}, {}, "acme")}, 13)})
                .find("in a circle"),
            std::string::npos);
  std::vector<Wire> chain;
  for (int i = 0; i < 80; ++i)
    chain.push_back(function("acme", "f" + std::to_string(i), {"a"}, {"b"},
                             {node("f" + std::to_string(i + 1), {"a"}, {"b"}, {}, "acme")}, 13));
  EXPECT_NE(said(chain).find("more than 64 deep"), std::string::npos);
}

TEST(OnnxWalk, CountsABillionCallsWithoutWalkingThem) {
  // Each of 30 functions calls the next twice: 2^30 nodes, 60 walked.
  std::vector<Wire> functions;
  for (int i = 0; i < 30; ++i) {
    const std::string next = i == 29 ? "Relu" : "f" + std::to_string(i + 1);
    const std::string domain = i == 29 ? "" : "acme";
    functions.push_back(function("acme", "f" + std::to_string(i), {"a"}, {"b"},
                                 {node(next, {"a"}, {"t"}, {}, domain), node(next, {"t"}, {"b"}, {}, domain)}, 13));
  }
  const Requirement found =
      asked(model(graph({.nodes = {node("f0", {"x"}, {"y"}, {}, "acme")}, .inputs = {value("x", kFloat)}}), 13,
                  functions, {import_of("acme", 1)}));
  EXPECT_EQ(found.nodes, std::uint64_t{1} << 30);
}

TEST(OnnxExternal, ReportsPathsThatLeadOutAndDataThatIsNotThere) {
  const auto problems = [](const std::vector<std::pair<std::string, std::string>>& place) {
    return asked(model(graph({.initializers = {external_weights("w", {4}, place)}}), 13),
                 [](const std::string& path) -> std::optional<std::uint64_t> {
                   return path == "w.bin" || path == "a/w.bin" ? std::optional<std::uint64_t>(24) : std::nullopt;
                 })
        .problems;
  };
  // 4 floats are 16 bytes; the file has 24.
  EXPECT_TRUE(problems({{"location", "w.bin"}, {"offset", "8"}, {"length", "16"}}).empty());
  EXPECT_TRUE(problems({{"location", "a/w.bin"}}).empty());
  EXPECT_EQ(problems({{"location", "w.bin"}, {"offset", "9"}}).size(), 1u);
  EXPECT_EQ(problems({{"location", "w.bin"}, {"offset", "4000000000000000000"}}).size(), 1u);
  EXPECT_EQ(problems({{"location", "gone.bin"}}).size(), 1u);
  for (const char* path : {"../w.bin", "/etc/passwd", "a/../../w.bin", "a\\w.bin", "c:w.bin", ""})
    EXPECT_NE(problems({{"location", path}}).at(0).find("outside"), std::string::npos) << path;
}

TEST(OnnxInputs, LeaveOutWhatTheModelInitialises) {
  const Requirement found = asked(model(graph({.inputs = {value("x", kFloat, {"n", "4"}), value("w", kFloat, {"2"})},
                                               .initializers = {weights("w", kFloat, {2}, 8)}}),
                                        13));
  ASSERT_EQ(found.inputs.size(), 1u);
  EXPECT_EQ(found.inputs[0].shape_text(), "n x 4");
  EXPECT_TRUE(found.inputs[0].dynamic());
  EXPECT_EQ(found.weights.at("float"), 8u);
}

}  // namespace
}  // namespace socle::migrate::onnx
