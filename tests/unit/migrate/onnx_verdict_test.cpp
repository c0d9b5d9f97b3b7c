#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/migrate/onnx/read_model.hpp"
#include "socle/migrate/onnx/verdict.hpp"
#include "support/onnx_writer.hpp"

namespace socle::migrate::onnx {
namespace {

using namespace socle::test;

// The schemas that these tests need, as the standard has them.
constexpr const char* kSchemas =
    "domain,op,since,inputs,outputs,body\n"
    "ai.onnx,Relu,1,T,T,\nai.onnx,Relu,6,T,T,\nai.onnx,Relu,13,T,T,\nai.onnx,Relu,14,T,T,\n"
    "ai.onnx,Sin,7,T,T,\nai.onnx,Cos,7,T,T,\nai.onnx,Constant,1,,T,\n"
    "ai.onnx,LSTM,7,T T T,T?,\nai.onnx,If,1,bool,V*,\n"
    "ai.onnx,Silu,13,T,T,Sin@7 Relu@13\nai.onnx,Outer,13,T,T,Silu@13\n";

constexpr const char* kBackends =
    "backend,name,platforms,match,absent,fallback,inlines,casts,subgraphs,gives_up,opset_min,opset_max,ir_max,dated,"
    "evidence,source,meaning\n"
    "cpu,CPU,cpu,kernel,unsupported,,yes,float16,yes,,1,20,9,2026-11,E3,s,m\n"
    "graph,Graph,npu,opset,unsupported,cpu,yes,,yes,,1,,,2026-03,E2,s,m\n"
    "names,Names,,name,unsupported,cpu,yes,,no,3,1,,,,E2,s,m\n"
    "matrix,Matrix,,name,unknown,,no,,yes,,9,13,,2024-06,E1,s,m\n";

constexpr const char* kHead = "backend,domain,op,from,to,types,unless,status,note\n";

/// Facts, and what they say of a model.
struct Case {
  explicit Case(const std::string& rows, const std::string& own = {})
      : schemas(parse_csv(kSchemas, "schemas.csv")),
        facts(parse_csv(kBackends, "backends.csv"), {parse_csv(kHead + rows, "rows.csv")}, own_of(own)) {}

  OnnxVerdict judged(const std::string& bytes, const char* backend) {
    const Model read = read_model({"m.onnx", bytes});
    found = require(read, "m.onnx", schemas, facts.watched(), {});
    return judge(facts, schemas, read, found, *facts.find(backend));
  }

  const CsvTable* own_of(const std::string& text) {
    if (text.empty()) return nullptr;
    own = parse_csv(text, "own.csv");
    return &own;
  }

  CsvTable own;
  SchemaTable schemas;
  FactTable facts;
  Requirement found;
};

std::string chain(const std::vector<std::string>& ops, std::int64_t opset, std::int64_t type = kFloat) {
  GraphParts parts{.inputs = {value("v0", type)}};
  for (std::size_t i = 0; i < ops.size(); ++i)
    parts.nodes.push_back(node(ops[i], {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)}));
  return model(graph(parts), opset);
}

TEST(OnnxVerdict, ComparesKernelsWithTheVersionOfTheOperatorNotTheOpset) {
  Case one("cpu,ai.onnx,Relu,6,12,T=float,,supported,\ncpu,ai.onnx,Relu,13,,T=float,,supported,\n");
  EXPECT_EQ(one.judged(chain({"Relu"}, 12), "cpu").supported.nodes, 1u) << "version 6 under opset 12";
  EXPECT_EQ(one.judged(chain({"Relu"}, 13), "cpu").supported.nodes, 1u);
  const OnnxVerdict later = one.judged(chain({"Relu"}, 15), "cpu");
  EXPECT_EQ(later.unsupported.nodes, 1u) << "an open end takes version 13 alone, and 15 has 14";
  EXPECT_EQ(later.uses[0].reason, Reason::kVersion);
  EXPECT_EQ(later.uses[0].converts_to, 13);
}

TEST(OnnxVerdict, ComparesGraphBackendsWithTheOpsetOfTheModel) {
  Case one("graph,ai.onnx,Relu,8,,,,partial,a name\ncpu,ai.onnx,Relu,6,12,,,supported,\n");
  EXPECT_EQ(one.judged(chain({"Relu"}, 8), "graph").partial.nodes, 1u) << "version 6, yet opset 8";
  const OnnxVerdict older = one.judged(chain({"Relu"}, 7), "graph");
  EXPECT_EQ(older.unsupported.nodes, 1u);
  EXPECT_TRUE(older.loads) << "the CPU takes it";
  EXPECT_EQ(one.judged(chain({"Relu"}, 8), "graph").decision, Decision::kGoWithWork) << "attempted is not supported";
}

TEST(OnnxVerdict, LooksAtElementTypesAndCastsHalves) {
  Case one("cpu,ai.onnx,Sin,7,,T=float|double,,supported,\n");
  EXPECT_EQ(one.judged(chain({"Sin"}, 7, kDouble), "cpu").supported.nodes, 1u);
  EXPECT_EQ(one.judged(chain({"Sin"}, 7, kFloat16), "cpu").partial.nodes, 1u) << "as float behind casts";
  const OnnxVerdict whole = one.judged(chain({"Sin"}, 7, kInt32), "cpu");
  EXPECT_EQ(whole.uses[0].reason, Reason::kType);
  EXPECT_FALSE(whole.loads);
  EXPECT_EQ(whole.decision, Decision::kNoGo);
}

TEST(OnnxVerdict, ReplacesAFunctionOfTheStandardByItsBody) {
  Case one("cpu,ai.onnx,Sin,7,,,,supported,\ncpu,ai.onnx,Relu,13,,,,supported,\nmatrix,ai.onnx,Sin,1,,,,supported,\n");
  EXPECT_EQ(one.judged(chain({"Silu"}, 13), "cpu").partial.nodes, 1u);
  EXPECT_EQ(one.judged(chain({"Outer"}, 13), "cpu").partial.nodes, 1u) << "a function of a function";
  EXPECT_EQ(one.judged(chain({"Silu"}, 13), "matrix").unknown.nodes, 1u) << "it does not inline";
}

TEST(OnnxVerdict, HeedsSettingsThatARuntimeRefuses) {
  Case one("cpu,ai.onnx,LSTM,7,,,,supported,\ncpu,ai.onnx,LSTM,7,,,layout=1,unsupported,\n");
  const auto with = [&](std::int64_t layout) {
    return one.judged(model(graph({.nodes = {node("LSTM", {"x"}, {"y"}, {int_attribute("layout", layout)})},
                                   .inputs = {value("x", kFloat)}}),
                            14),
                      "cpu");
  };
  EXPECT_TRUE(with(0).loads);
  EXPECT_EQ(with(1).uses[0].reason, Reason::kSetting);
}

TEST(OnnxVerdict, PutsRowsOfTheUserBeforeThePacks) {
  Case one("cpu,ai.onnx,Sin,7,,T=float,,supported,\n",
           "backend,op,status,types\ncpu,Cos,supported,\ncpu,Sin,unsupported,T=float\n");
  const OnnxVerdict result = one.judged(chain({"Sin", "Cos"}, 7), "cpu");
  EXPECT_EQ(result.supported.nodes, 1u) << "a hole in the pack is filled";
  EXPECT_EQ(result.unsupported.nodes, 1u) << "and an error in it mended";
  EXPECT_EQ(result.evidence, Evidence::kE0);
}

TEST(OnnxVerdict, NeverTakesTheUnknownForYes) {
  Case one("matrix,ai.onnx,Sin,1,,,,supported,\n");
  const OnnxVerdict result = one.judged(chain({"Sin", "Cos"}, 9), "matrix");
  EXPECT_EQ(result.unknown.nodes, 1u);
  EXPECT_DOUBLE_EQ(result.coverage_by_node(), 0.5);
  EXPECT_EQ(one.judged(chain({"Sin"}, 8), "matrix").unknown.nodes, 1u) << "the matrix begins at opset 9";
  EXPECT_EQ(one.judged(chain({"Relu"}, 14), "matrix").uses[0].reason, Reason::kOpset) << "and ends at 13";
}

TEST(OnnxVerdict, LeavesBodiesToTheFallbackWhereABackendTakesNone) {
  Case one("names,ai.onnx,Sin,1,,,,partial,\ncpu,ai.onnx,Sin,7,,,,supported,\ncpu,ai.onnx,If,1,,,,supported,\n");
  const Wire body = graph({.nodes = {node("Sin", {"x"}, {"i"})}, .outputs = {value("i", kFloat)}});
  const OnnxVerdict result = one.judged(
      model(graph({.nodes = {node("If", {"c"}, {"y"},
                                  {graph_attribute("then_branch", body), graph_attribute("else_branch", body)})},
                   .inputs = {value("x", kFloat), value("c", kBool)}}),
            7),
      "names");
  EXPECT_EQ(result.yes().nodes, 0u);
  EXPECT_EQ(result.nowhere.nodes, 0u) << "the CPU takes them";
}

TEST(OnnxVerdict, GivesUpBeyondTheLimitOfTheBackend) {
  Case one("names,ai.onnx,Sin,1,,,,partial,\ncpu,ai.onnx,Cos,7,,,,supported,\n");
  std::vector<std::string> ops(10, "Sin");
  ops.insert(ops.end(), 3, "Cos");
  EXPECT_FALSE(one.judged(chain(ops, 7), "names").gives_up) << "three are allowed";
  ops.emplace_back("Cos");
  const OnnxVerdict result = one.judged(chain(ops, 7), "names");
  EXPECT_TRUE(result.gives_up);
  EXPECT_EQ(result.decision, Decision::kNoGo);
  EXPECT_EQ(result.partition.parts, 0u);
}

TEST(OnnxVerdict, AdvisesTheOpsetThatCoversMore) {
  // Under opset 11 Relu has version 6, which the graph's kernels lack; from 13 on they have it.
  Case one("cpu,ai.onnx,Relu,13,19,,,supported,\ncpu,ai.onnx,Sin,7,,,,supported,\n");
  const OnnxVerdict result = one.judged(chain({"Relu", "Sin", "Relu", "Relu"}, 11), "cpu");
  EXPECT_EQ(result.convert_to, 13);
  EXPECT_EQ(result.convert_gains, 3u);
  EXPECT_EQ(result.decision, Decision::kGoWithWork) << "25 % now, all of it then";
  EXPECT_DOUBLE_EQ(result.hours, kHoursPerConversion);
}

TEST(OnnxVerdict, RefusesWhatIsYoungerThanTheRuntime) {
  Case one("cpu,ai.onnx,Sin,7,,,,supported,\n");
  EXPECT_TRUE(one.judged(chain({"Sin"}, 20), "cpu").loads);
  EXPECT_FALSE(one.judged(chain({"Sin"}, 21), "cpu").loads);
}

TEST(OnnxPartition, CountsHowOftenExecutionChangesSides) {
  Case one("graph,ai.onnx,Sin,1,,,,supported,\ncpu,ai.onnx,Cos,7,,,,supported,\n");
  const auto parts = [&](const std::vector<std::string>& ops) { return one.judged(chain(ops, 8), "graph").partition; };
  EXPECT_EQ(parts({"Sin", "Sin"}).changes, 0u);
  EXPECT_EQ(parts({"Sin", "Cos", "Sin"}).parts, 2u);
  EXPECT_EQ(parts({"Sin", "Cos", "Sin"}).islands, 1u);
  EXPECT_EQ(parts({"Sin", "Cos", "Sin"}).changes, 2u);
  EXPECT_EQ(parts({"Cos", "Sin"}).changes, 1u) << "it may begin on the CPU";
}

TEST(OnnxPartition, StaysOnASideAsLongAsItCan) {
  // Two branches of Sin, Cos side by side, written one after the other: Sin Sin, then Cos Cos.
  Case one("graph,ai.onnx,Sin,1,,,,supported,\ncpu,ai.onnx,Cos,7,,,,supported,\n");
  const OnnxVerdict result = one.judged(model(graph({.nodes = {node("Sin", {"x"}, {"a"}), node("Cos", {"a"}, {"b"}),
                                                               node("Sin", {"x"}, {"c"}), node("Cos", {"c"}, {"d"})},
                                                     .inputs = {value("x", kFloat)}}),
                                              8),
                                        "graph");
  EXPECT_EQ(result.partition.changes, 1u);
}

TEST(OnnxFacts, RefuseRowsThatCannotBeMeant) {
  const auto said = [](const std::string& own) -> std::string {
    try {
      Case one("", own);
    } catch (const InputError& error) { return error.what(); }
    return {};
  };
  EXPECT_NE(said("backend,op,status\nnowhere,Sin,supported\n").find("is no backend; write one of: cpu, graph"),
            std::string::npos);
  EXPECT_NE(said("backend,op,status\ncpu,Sin,yes\n").find("write supported"), std::string::npos);
  EXPECT_NE(said("backend,op,status\ncpu,,supported\n").find("name an operator"), std::string::npos);
  EXPECT_NE(said("backend,op,status,types\ncpu,Sin,supported,float\n").find("states no types"), std::string::npos);
  EXPECT_NE(said("backend,op,status,unless\ncpu,Sin,supported,layout\n").find("names no value"), std::string::npos);
  EXPECT_NE(said("backend,op,status,from\ncpu,Sin,supported,-1\n").find("a version is 1 or more"), std::string::npos);
}

}  // namespace
}  // namespace socle::migrate::onnx
