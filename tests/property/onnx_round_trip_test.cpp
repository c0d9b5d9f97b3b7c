#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/random.hpp"
#include "socle/migrate/onnx/read_model.hpp"
#include "support/onnx_writer.hpp"

namespace socle::migrate::onnx {
namespace {

using namespace socle::test;

constexpr std::uint32_t kSeeds = 200;

/// A random model as it was meant: nodes over the values before them.
struct Meant {
  struct One {
    std::string op, name, domain;
    std::vector<std::string> inputs{}, outputs{};
    std::int64_t group = 0;
  };
  std::vector<One> nodes;
  std::vector<std::vector<std::int64_t>> weights;
  std::int64_t opset = 0;
};

Meant meant(std::uint32_t seed) {
  const RandomStream random(seed, 1);
  std::uint64_t draw = 0;
  const auto below = [&](std::uint64_t bound) { return random.below(bound, 0, draw++); };
  Meant model;
  model.opset = static_cast<std::int64_t>(1 + below(28));
  for (std::uint64_t i = below(5); i-- > 0;) model.weights.push_back({static_cast<std::int64_t>(below(4)), 3});
  static const char* const kOps[] = {"Conv", "Relu", "Add", "\xe7\xae\x97\xe5\xad\x90", "x"};
  for (std::uint64_t i = 0, count = below(20); i < count; ++i) {
    Meant::One one{.op = kOps[below(5)], .name = std::string(below(40), 'n'), .domain = below(3) == 0 ? "acme" : ""};
    for (std::uint64_t in = below(4); in-- > 0;)
      one.inputs.push_back(below(5) == 0 ? "" : "v" + std::to_string(below(i + 1)));
    one.outputs = {"v" + std::to_string(i + 1)};
    one.group = static_cast<std::int64_t>(random.bits(1, draw++));  // the whole range, negative ones too
    model.nodes.push_back(std::move(one));
  }
  return model;
}

std::string written(const Meant& meant) {
  GraphParts parts;
  for (const Meant::One& one : meant.nodes)
    parts.nodes.push_back(
        node(one.op, one.inputs, one.outputs, {int_attribute("group", one.group)}, one.domain, one.name));
  for (std::size_t i = 0; i < meant.weights.size(); ++i)
    parts.initializers.push_back(weights("w" + std::to_string(i), kFloat, meant.weights[i],
                                         static_cast<std::size_t>(4 * meant.weights[i][0] * meant.weights[i][1])));
  return model(graph(parts), meant.opset);
}

TEST(OnnxRoundTrip, ReadsWhatWasWritten) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    const Meant wanted = meant(seed);
    const std::string bytes = written(wanted);
    const Model read = read_model({"m.onnx", bytes});
    ASSERT_EQ(read.nodes.size(), wanted.nodes.size()) << seed;
    for (std::size_t i = 0; i < wanted.nodes.size(); ++i) {
      const Node& node = read.nodes[i];
      const Meant::One& one = wanted.nodes[i];
      EXPECT_EQ(node.op, one.op) << seed;
      EXPECT_EQ(node.name, one.name) << seed;
      EXPECT_EQ(node.domain, one.domain.empty() ? "ai.onnx" : one.domain) << seed;
      ASSERT_EQ(node.inputs.count, one.inputs.size()) << seed;
      for (std::uint32_t in = 0; in < node.inputs.count; ++in)
        EXPECT_EQ(read.names[node.inputs.first + in], one.inputs[in]) << seed;
      EXPECT_EQ(read.attributes.at(node.attributes.first).number, one.group) << seed;
    }
    ASSERT_EQ(read.tensors.size(), wanted.weights.size()) << seed;
    EXPECT_EQ(read.opsets.at(0).version, wanted.opset) << seed;
  }
}

TEST(OnnxRoundTrip, TakesOrRefusesEveryFileThatIsCutOrChanged) {
  // Never a crash, and a cut inside the graph is never taken for a whole file: its length no longer fits.
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    const std::string bytes = written(meant(seed));
    const RandomStream random(seed, 2);
    for (std::uint64_t change = 0; change < 50; ++change) {
      std::string hurt = bytes;
      if (change % 2 == 0) hurt.resize(random.below(hurt.size(), 0, change));
      if (change % 2 == 1) hurt[random.below(hurt.size(), 1, change)] = static_cast<char>(random.below(256, 2, change));
      try {
        read_model({"m.onnx", hurt});
      } catch (const InputError& error) { EXPECT_FALSE(error.problems().empty()); }
    }
  }
}

}  // namespace
}  // namespace socle::migrate::onnx
