#include "socle/answer/serve/plan_work.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace socle::answer {
namespace {

using setup::ServeSimulationSetup;
using workload::ServingLayout;

constexpr int kChipsMost = 64;  // of one replica

bool routed(const model::Transformer& model) {
  return std::any_of(model.kinds.begin(), model.kinds.end(),
                     [](const model::Layer& layer) { return layer.feed_forward.experts > 0; });
}

/// tp within a node; models with experts also spread them, under tensor or under data-parallel attention.
std::vector<ServingLayout> layouts_of(const ServeSimulationSetup& setup, PlanSide side) {
  const setup::ServeSetup& serve = setup.serve;
  const std::optional<setup::PrefillSetup>& prefill = setup.prefill;
  const bool prompts = side == PlanSide::kPrefill && prefill;
  std::vector<ServingLayout> all;
  const auto add = [&](ServingLayout layout) {
    const auto& tp = prompts && prefill->tensor_parallel ? prefill->tensor_parallel : serve.tensor_parallel;
    const auto& dp = prompts && prefill->data_parallel ? prefill->data_parallel : serve.data_parallel;
    const auto& ep = prompts && prefill->expert_parallel ? prefill->expert_parallel : serve.expert_parallel;
    const bool asked = (!tp || *tp == layout.tensor_parallel) && (!dp || *dp == layout.data_parallel) &&
                       (!ep || *ep == layout.expert_parallel);
    if (asked && layout.chips() <= std::min(kChipsMost, serve.chips.value_or(kChipsMost))) all.push_back(layout);
  };
  const bool experts = routed(serve.model);
  const int pp = serve.pipeline_parallel.value_or(1);
  for (int tp = 1; tp <= std::max(1, serve.chips_per_node); tp *= 2) {
    add({.tensor_parallel = tp, .pipeline_parallel = pp});
    if (experts && tp > 1) add({.tensor_parallel = tp, .pipeline_parallel = pp, .expert_parallel = tp});
  }
  for (int ranks = 2; experts && ranks <= kChipsMost; ranks *= 2) {
    for (int dp = 2; dp <= ranks; dp *= 2) {
      if (ranks / dp <= serve.chips_per_node)
        add({.tensor_parallel = ranks / dp, .pipeline_parallel = pp, .data_parallel = dp, .expert_parallel = ranks});
    }
  }
  return all;
}

struct Limits {
  int sequences, tokens;
};

std::vector<Limits> limits_of(const ServeSimulationSetup& setup, const ServePlanOptions& options, PlanSide side) {
  std::vector<Limits> all{{setup.serve.max_num_seqs, setup.serve.max_num_batched_tokens}};
  if (!options.search_limits) return all;
  const Limits own = all.front();
  const auto add = [&](int sequences, int tokens) {
    if (sequences <= tokens && (sequences != own.sequences || tokens != own.tokens)) all.push_back({sequences, tokens});
  };
  if (side == PlanSide::kPrefill) {
    for (const int tokens : {2048, 8192, 16384}) add(std::min(own.sequences, tokens), tokens);
    return all;
  }
  for (const int sequences : {64, 128, 256, 512}) {
    if (side == PlanSide::kDecode) {
      add(sequences, std::max(own.tokens, sequences));
      continue;
    }
    for (const int tokens : {2048, 8192}) add(sequences, tokens);
  }
  return all;
}

}  // namespace

std::vector<PlanWork> plan_works(const std::vector<ServeSimulationSetup>& candidates, const ServePlanOptions& options,
                                 PlanSide side) {
  std::vector<PlanWork> works;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const ServeSimulationSetup& setup = candidates[i];
    const std::vector<model::ServingFormats> formats =
        options.formats.empty() ? std::vector<model::ServingFormats>{setup.serve.formats} : options.formats;
    for (const model::ServingFormats& format : formats) {
      for (const ServingLayout& layout : layouts_of(setup, side)) {
        for (const Limits& limit : limits_of(setup, options, side)) {
          PlanWork work{.entry = {}, .serve = setup.serve, .deployment = {}};
          work.entry.candidate = i;
          work.entry.layout = layout;
          work.entry.formats = format;
          work.entry.max_num_seqs = work.serve.max_num_seqs = limit.sequences;
          work.entry.max_num_batched_tokens = work.serve.max_num_batched_tokens = limit.tokens;
          work.serve.formats = format;
          works.push_back(std::move(work));
        }
      }
    }
  }
  return works;
}

double plan_cost(const ServeSimulationSetup& setup, const ServePlanOptions& options, int chips) {
  if (options.goal == PlanGoal::kPrice) return setup.rent_per_chip_hour->amount * chips;
  if (options.goal == PlanGoal::kPower) return setup.serve.chip.tdp->value() * chips;
  return chips;
}

void size_entry(PlanEntry& entry, const ServeSimulationSetup& setup, const ServePlanOptions& options, double capacity) {
  const double rate = setup.requests.offered_rate;
  const double needed = capacity > 0 ? std::ceil(rate / capacity - 1e-9) : 1e9;
  entry.replicas = static_cast<int>(std::clamp(needed, 1.0, 1e6)) + options.spare_replicas;
  entry.chips = entry.replicas * entry.layout.chips();
  entry.cost = plan_cost(setup, options, entry.chips);
}

namespace {

/// Step times of the whole replica, all lanes alike.
class Alone {
 public:
  Alone(serve::StepModel& timer, int lanes) : timer_(timer), lanes_(static_cast<std::size_t>(lanes)) {}
  double prompt(std::int64_t tokens) {
    const std::vector<serve::Chunk> chunk{{.slot = 1, .tokens = std::max<std::int64_t>(1, tokens)}};
    return time({.chunks = chunk, .ending = 1});
  }
  double decode(std::int64_t sequences, double context) {
    const auto context16 = static_cast<std::int64_t>(16 * std::max(1.0, context)) * sequences;
    return time({.decoding = sequences, .context16 = context16, .growth16 = 16 * sequences});
  }

 private:
  double time(const serve::LaneStep& step) {
    const std::vector<serve::LaneStep> all(lanes_, step);
    return net::to_seconds(timer_.time(all).first).value();
  }
  serve::StepModel& timer_;
  std::size_t lanes_;
};

}  // namespace

double throughput_bound(serve::StepModel& timer, const ServeSimulationSetup& setup, const PlanWork& work,
                        PlanSide side) {
  Alone alone(timer, work.deployment->replica.lanes);
  const double input = std::max(1.0, setup.requests.input.mean), output = std::max(1.0, setup.requests.output.mean);
  const serve::LaneLimits& limits = work.deployment->replica.limits;
  const auto cached = static_cast<double>(limits.blocks) * limits.block_tokens;
  const double batch = std::clamp(cached / (input + output / 2), 1.0, static_cast<double>(limits.max_sequences));
  const double prompts = alone.prompt(limits.max_step_tokens) * input / limits.max_step_tokens;
  const auto sequences = static_cast<std::int64_t>(std::ceil(batch));
  const double per_step = limits.step_sixteenths / 16.0;
  const double decodes = alone.decode(sequences, input / 2) * (output - 1) / per_step / static_cast<double>(sequences);
  // Cached prefixes spare prompts, all of them at best.
  const double computed = limits.prefix_caching ? 0.0 : prompts;
  const double slowest = side == PlanSide::kPrefill  ? computed
                         : side == PlanSide::kDecode ? decodes
                                                     : std::max(computed, decodes);
  return work.deployment->replica.lanes * work.deployment->batches / std::max(slowest, 1e-12);
}

std::string broken_alone(serve::StepModel& timer, const ServeSimulationSetup& setup, const PlanWork& work,
                         const Objectives& objectives, PlanSide side) {
  if (!objectives.classes.empty()) return {};  // their objectives and lengths differ: runs judge
  Alone alone(timer, work.deployment->replica.lanes);
  const bool prompts = side != PlanSide::kDecode, decodes = side != PlanSide::kPrefill;
  const double input = std::max(1.0, setup.requests.input.mean / 2);
  const double first = alone.prompt(static_cast<std::int64_t>(input)) + work.deployment->timing.edge.of(input).value();
  if (prompts && objectives.ttft && first > objectives.ttft->value() && !work.deployment->replica.limits.prefix_caching)
    return fmt::format("TTFT alone {:.0f} ms", first * 1e3);
  const double token = alone.decode(1, input) * 16.0 / work.deployment->replica.limits.step_sixteenths;
  if (decodes && objectives.tpot && token > objectives.tpot->value())
    return fmt::format("TPOT alone {:.1f} ms", token * 1e3);
  return {};
}

}  // namespace socle::answer
