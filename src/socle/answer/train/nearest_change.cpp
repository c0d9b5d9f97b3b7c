#include "socle/answer/train/nearest_change.hpp"

#include <vector>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/workload/layout_text.hpp"

namespace socle::answer {
namespace {

using workload::Layout;
using workload::Recompute;
using workload::Sharding;

struct Change {
  std::string name;
  Layout layout;
};

std::vector<Change> single_changes(const Layout& layout) {
  std::vector<Change> changes;
  const auto add = [&](std::string name, auto&& apply) {
    Change change{std::move(name), layout};
    apply(change.layout);
    if (change.layout != layout) changes.push_back(std::move(change));
  };
  if (layout.recompute == Recompute::kNone)
    add("recompute = \"selective\"", [](Layout& l) { l.recompute = Recompute::kSelective; });
  add("recompute = \"full\"", [](Layout& l) {
    l.recompute = Recompute::kFull;
    l.recompute_layers = l.recompute_every = 0;
    l.recompute_modules = {};
  });
  for (const Sharding sharding : {Sharding::kZero1, Sharding::kZero2, Sharding::kZero3}) {
    if (sharding <= layout.sharding) continue;
    add(fmt::format("sharding = \"{}\"", workload::sharding_names()[static_cast<std::size_t>(sharding)]),
        [&](Layout& l) { l.sharding = sharding; });
  }
  if (layout.microbatch % 2 == 0)
    add(fmt::format("microbatch = {}", layout.microbatch / 2), [](Layout& l) { l.microbatch /= 2; });
  if (layout.data_parallel % 2 == 0) {
    const int dp = layout.data_parallel / 2;
    add(fmt::format("tp = {} with dp = {}", layout.tensor_parallel * 2, dp), [&](Layout& l) {
      l.tensor_parallel *= 2;
      l.data_parallel = dp;
      l.sequence_parallel = true;
    });
    add(fmt::format("pp = {} with dp = {}", layout.pipeline_parallel * 2, dp), [&](Layout& l) {
      l.pipeline_parallel *= 2;
      l.data_parallel = dp;
    });
    add(fmt::format("cp = {} with dp = {}", layout.context_parallel * 2, dp), [&](Layout& l) {
      l.context_parallel *= 2;
      l.data_parallel = dp;
    });
  }
  if (!layout.offload_optimizer) add("offload_optimizer = true", [](Layout& l) { l.offload_optimizer = true; });
  return changes;
}

}  // namespace

std::optional<std::string> nearest_fitting_change(const setup::TrainSetup& setup, const Layout& layout) {
  std::optional<std::string> best;
  Seconds fastest{};
  for (const Change& change : single_changes(layout)) {
    const auto step =
        train::estimate_step(setup.model, setup.job, change.layout, setup.machine, train::Fidelity::kClosedForm);
    if (!step || train::memory_problem(*step, setup.machine, setup.headroom())) continue;
    if (best && step->step_time >= fastest) continue;
    fastest = step->step_time;
    best = fmt::format("{} fits: {} on the fullest stage, {} a step", change.name,
                       format_bytes_binary(step->stages[static_cast<std::size_t>(step->fullest_stage)].total()),
                       format_seconds(step->step_time));
  }
  return best;
}

}  // namespace socle::answer
