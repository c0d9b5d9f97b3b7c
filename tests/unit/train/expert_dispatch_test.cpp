#include <gtest/gtest.h>

#include "socle/train/layer_cost.hpp"
#include "support/test_machine.hpp"

namespace socle::train {
namespace {

using workload::Dispatcher;
using workload::Layout;

// A fine-grained layer: 64 experts of 512, eight for each token.
model::Transformer experts() {
  model::Transformer m;
  m.hidden = 2048;
  m.vocab = 51200;
  model::Layer layer;
  layer.mixer = {.heads = 16, .kv_heads = 16, .head_dim = 128, .v_head_dim = 128};
  layer.feed_forward = {.ffn = 512, .experts = 64, .topk = 8};
  m.kinds = {layer};
  m.kind_of_layer = {0};
  return m;
}

LayerCost cost_of(const machine::Machine& machine, const Layout& layout) {
  const model::Transformer m = experts();
  const workload::TrainingJob job{.sequence_length = 4096, .global_batch = 64};
  return layer_cost(graph::layer_graph(m, m.kinds[0], job, layout, machine.fusion()), machine, job.recipe, layout);
}

Seconds exchange(const machine::Machine& machine, int ranks, Dispatcher dispatcher) {
  return cost_of(machine, {.expert_parallel = ranks, .dispatcher = dispatcher, .data_parallel = ranks})
      .forward[Part::kExpertComm];
}

TEST(Dispatcher, SendsATokenOnceToEachChipInsideANode) {
  const machine::Machine h100 = test::machine_with("h100-sxm", "nemo-dgxc-25.04", [](auto& s) { s.dispatch = 1.0; });
  // 8 draws of 8 chips meet 8 (1 - (7/8)^8) of them; there and back.
  const double met = 8 * (1 - std::pow(7.0 / 8, 8));
  const Bytes copy{4096.0 * 2048 * 2};
  const Seconds once =
      h100.network().collective_time(graph::Collective::kAllToAll, comm::footprint(8, 1, 8), copy * met);
  EXPECT_NEAR(exchange(h100, 8, Dispatcher::kDeepEp) / (once * 2), 1.0, 1e-12);
  EXPECT_EQ(exchange(h100, 8, Dispatcher::kHybridEp), exchange(h100, 8, Dispatcher::kDeepEp));
  EXPECT_LT(exchange(h100, 8, Dispatcher::kDeepEp), exchange(h100, 8, Dispatcher::kAllToAll));
}

TEST(Dispatcher, CrossesTheNetworkOnceForEachNodeThatIsMeant) {
  const machine::Machine h100 = test::machine_with("h100-sxm", "nemo-dgxc-25.04", [](auto& s) { s.dispatch = 1.0; });
  // 8 draws of 4 nodes meet 4 (1 - (3/4)^8) = 3.6 of them against eight copies: the network is what both wait for.
  const double met = 4 * (1 - std::pow(3.0 / 4, 8));
  EXPECT_NEAR(exchange(h100, 32, Dispatcher::kDeepEp) / exchange(h100, 32, Dispatcher::kAllToAll), met / 8, 0.05);
}

TEST(Dispatcher, IsTheStacksUnlessTheLayoutNamesOne) {
  const machine::Machine own = test::machine_with("h100-sxm", "nemo-dgxc-25.04", [](auto& s) {
    s.dispatchers = {"deepep", "alltoall"};
  });
  const auto shown = [&](std::optional<Dispatcher> dispatcher) {
    return cost_of(own, {.expert_parallel = 32, .dispatcher = dispatcher, .data_parallel = 32}).forward.total();
  };
  EXPECT_EQ(shown(std::nullopt), shown(Dispatcher::kDeepEp));
  EXPECT_LT(shown(std::nullopt), shown(Dispatcher::kAllToAll));
}

TEST(Dispatcher, NamesOfTheCatalogueAreThoseOfTheLayout) {
  const catalog::Catalog catalog;
  for (const catalog::Stack& stack : catalog::load_stacks(catalog)) {
    for (const std::string& name : stack.dispatchers)
      EXPECT_EQ(workload::dispatcher_names()[static_cast<std::size_t>(workload::dispatcher_of(name))], name);
  }
}

TEST(Routers, MakeTheDeviceWaitForTheHostOnceInEachForwardPass) {
  const auto with = [](double seconds, double graphs) {
    return cost_of(test::machine_with("h100-sxm", "nemo-dgxc-25.04",
                                      [&](auto& s) {
                                        s.host_routing = Seconds{seconds};
                                        s.graph_share = graphs;
                                      }),
                   {.microbatch = 2});
  };
  EXPECT_NEAR((with(5e-3, 0).forward.total() - with(1e-3, 0).forward.total()).value(), 4e-3, 1e-12);
  EXPECT_NEAR((with(5e-3, 0.75).forward.total() - with(1e-3, 0.75).forward.total()).value(), 1e-3, 1e-12);
  EXPECT_EQ(with(5e-3, 0).backward.total(), with(1e-3, 0).backward.total());
  EXPECT_NEAR((with(5e-3, 0).recompute_full.total() - with(1e-3, 0).recompute_full.total()).value(), 4e-3, 1e-12);
}

}  // namespace
}  // namespace socle::train
