#include <gtest/gtest.h>

#include "support/test_machine.hpp"

namespace socle::machine {
namespace {

// Every collective takes one second more than inside a domain, every message two seconds.
class SlowNetwork final : public comm::Network {
 public:
  explicit SlowNetwork(const comm::ScaleUp& inside) : inside_(inside) {}
  Seconds collective_time(graph::Collective collective, const comm::Footprint& group, Bytes buffer) const override {
    return inside_.collective_time(collective, {group.per_domain, group.stride}, buffer) + Seconds{1.0};
  }
  Seconds send_time(Bytes, int) const override { return Seconds{2.0}; }

 private:
  const comm::ScaleUp& inside_;
};

TEST(Machine, AsksTheNetworkThatItIsGivenAlsoAfterMoves) {
  Machine machine = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  const comm::Footprint node{.ranks = 8, .per_domain = 8, .domains = 1};
  const Seconds inside = machine.scale_up().collective_time(graph::Collective::kAllReduce, {8, 1}, 1_GB);
  machine = std::move(machine).with_network(std::make_unique<SlowNetwork>(machine.scale_up()));
  const Machine moved = std::move(machine);
  EXPECT_EQ(moved.network().collective_time(graph::Collective::kAllReduce, node, 1_GB), inside + Seconds{1.0});
  EXPECT_EQ(moved.network().send_time(1_GB, 8), Seconds{2.0});
}

TEST(Machine, KeepsItsTimesWhenMoved) {
  Machine machine = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  const comm::Footprint across{.ranks = 64, .per_domain = 8, .domains = 8};
  const Seconds before = machine.network().collective_time(graph::Collective::kAllGather, across, 1_GB);
  Machine other = test::machine_of("a100-sxm-80gb", "megatron-lm-2022");
  other = std::move(machine);
  EXPECT_EQ(other.network().collective_time(graph::Collective::kAllGather, across, 1_GB), before);
  EXPECT_EQ(other.stack().slug, "nemo-dgxc-25.04");
}

}  // namespace
}  // namespace socle::machine
