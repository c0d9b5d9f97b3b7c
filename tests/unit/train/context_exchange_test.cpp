#include <gtest/gtest.h>

#include "socle/train/layer_cost.hpp"
#include "socle/train/step.hpp"
#include "support/test_machine.hpp"

namespace socle::train {
namespace {

using workload::ContextExchange;
using workload::Layout;

// A layer of Llama 3 8B's width.
model::Transformer llama() {
  model::Transformer m;
  m.hidden = 4096;
  m.vocab = 128256;
  model::Layer layer;
  layer.mixer = {.heads = 32, .kv_heads = 8, .head_dim = 128, .v_head_dim = 128};
  layer.feed_forward = {.ffn = 14336};
  m.kinds = {layer};
  m.kind_of_layer = {0};
  return m;
}

LayerCost cost_of(const machine::Machine& machine, int ranks, ContextExchange how, int sequence = 65536) {
  const model::Transformer m = llama();
  const workload::TrainingJob job{.sequence_length = sequence, .global_batch = 1};
  const Layout layout{.context_parallel = ranks, .context_exchange = how};
  return layer_cost(graph::layer_graph(m, m.kinds[0], job, layout, machine.fusion()), machine, job.recipe, layout);
}

machine::Machine h100() {
  return test::machine_with("h100-sxm", "nemo-dgxc-25.04", [](auto& s) { s.elementwise = 1.0; });
}

TEST(ContextExchange, TheRingMergesAPartialOutputInEachOfItsSteps) {
  const machine::Machine machine = h100();
  const Seconds ring = cost_of(machine, 8, ContextExchange::kRing).forward[Part::kElementwise];
  const Seconds none = cost_of(machine, 8, ContextExchange::kAllGather).forward[Part::kElementwise];
  // Three quarters of 8 x 8,192 rows of 4,096: read and written in fp32, the new part read in 16 bits.
  const Seconds merge = machine.kernels().memory_time(Bytes{0.75 * 65536 * 4096 * 10}).time;
  EXPECT_NEAR((ring - none) / merge, 1.0, 1e-9);
}

TEST(ContextExchange, GatheredKeysShowTheirWholeTraffic) {
  const machine::Machine machine = h100();
  const Bytes keys{65536.0 * 2048 * 2};
  const comm::Footprint group = comm::footprint(8, 1, 8);
  const Seconds gather = machine.network().collective_time(graph::Collective::kAllGather, group, keys);
  const Seconds scatter = machine.network().collective_time(graph::Collective::kReduceScatter, group, keys);
  const LayerCost cost = cost_of(machine, 8, ContextExchange::kAllGather);
  EXPECT_NEAR(cost.forward[Part::kContextComm] / gather, 1.0, 1e-9);
  EXPECT_NEAR(cost.backward[Part::kContextComm] / (gather + scatter), 1.0, 1e-9);
}

TEST(ContextExchange, UlyssesMovesQueriesKeysValuesAndOutputs) {
  const machine::Machine machine = h100();
  const comm::Footprint group = comm::footprint(8, 1, 8);
  const auto exchange = [&](double width) {
    return machine.network().collective_time(graph::Collective::kAllToAll, group, Bytes{65536.0 / 8 * width * 2});
  };
  const LayerCost cost = cost_of(machine, 8, ContextExchange::kUlysses);
  EXPECT_NEAR(cost.forward[Part::kContextComm] / (exchange(4096 + 2048) + exchange(4096)), 1.0, 1e-9);
  EXPECT_EQ(cost.forward[Part::kAttention], cost_of(machine, 8, ContextExchange::kRing).forward[Part::kAttention]);
}

TEST(ContextExchange, UlyssesNeedsHeadsToSpread) {
  const auto problem = [](int ranks, ContextExchange how) {
    return shape_problem(llama(), {.context_parallel = ranks, .context_exchange = how});
  };
  EXPECT_FALSE(problem(32, ContextExchange::kUlysses));
  ASSERT_TRUE(problem(64, ContextExchange::kUlysses));
  EXPECT_EQ(problem(64, ContextExchange::kUlysses)->reason, "cp-heads");
  EXPECT_FALSE(problem(64, ContextExchange::kRing));
}

}  // namespace
}  // namespace socle::train
