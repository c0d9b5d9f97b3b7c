#include "socle/answer/serve/serve_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/serve/fit.hpp"
#include "socle/answer/serve/mixed_fleet.hpp"
#include "socle/answer/serve/plan_mix.hpp"
#include "socle/base/check.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"

namespace socle::answer {
namespace {

using setup::ServeSimulationSetup;
using workload::ServingLayout;

constexpr int kChipsMost = 64;                     // of one replica
constexpr std::int64_t kRequestsOfASearch = 2000;  // played at each load while capacities are searched

bool routed(const model::Transformer& model) {
  return std::any_of(model.kinds.begin(), model.kinds.end(),
                     [](const model::Layer& layer) { return layer.feed_forward.experts > 0; });
}

/// tp within a node; models with experts also spread them, under tensor or under data-parallel attention.
std::vector<ServingLayout> layouts_of(const ServeSimulationSetup& setup) {
  const setup::ServeSetup& serve = setup.serve;
  std::vector<ServingLayout> all;
  const auto add = [&](ServingLayout layout) {
    const bool asked = (!serve.tensor_parallel || *serve.tensor_parallel == layout.tensor_parallel) &&
                       (!serve.data_parallel || *serve.data_parallel == layout.data_parallel) &&
                       (!serve.expert_parallel || *serve.expert_parallel == layout.expert_parallel);
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

/// A configuration under work.
struct Work {
  PlanEntry entry;
  setup::ServeSetup serve;
  std::optional<setup::Deployment> deployment;
};

struct Limits {
  int sequences, tokens;
};

std::vector<Limits> limits_of(const ServeSimulationSetup& setup, const ServePlanOptions& options) {
  std::vector<Limits> all{{setup.serve.max_num_seqs, setup.serve.max_num_batched_tokens}};
  if (!options.search_limits) return all;
  for (const int sequences : {64, 128, 256, 512}) {
    for (const int tokens : {2048, 8192}) {
      const bool own = sequences == all.front().sequences && tokens == all.front().tokens;
      if (!own && sequences <= tokens) all.push_back({sequences, tokens});
    }
  }
  return all;
}

std::vector<Work> works_of(const std::vector<ServeSimulationSetup>& candidates, const ServePlanOptions& options) {
  std::vector<Work> works;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const ServeSimulationSetup& setup = candidates[i];
    const std::vector<model::ServingFormats> formats =
        options.formats.empty() ? std::vector<model::ServingFormats>{setup.serve.formats} : options.formats;
    for (const model::ServingFormats& format : formats) {
      for (const ServingLayout& layout : layouts_of(setup)) {
        for (const Limits& limit : limits_of(setup, options)) {
          Work work{.entry = {}, .serve = setup.serve, .deployment = {}};
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

/// Cost of a number of chips in the goal's unit.
double cost_of(const ServeSimulationSetup& setup, const ServePlanOptions& options, int chips) {
  if (options.goal == PlanGoal::kPrice) return setup.rent_per_chip_hour->amount * chips;
  if (options.goal == PlanGoal::kPower) return setup.serve.chip.tdp->value() * chips;
  return chips;
}

void set_replicas(PlanEntry& entry, const ServeSimulationSetup& setup, const ServePlanOptions& options,
                  double capacity) {
  const double rate = setup.requests.offered_rate;
  const double needed = capacity > 0 ? std::ceil(rate / capacity - 1e-9) : 1e9;
  entry.replicas = static_cast<int>(std::clamp(needed, 1.0, 1e6)) + options.spare_replicas;
  entry.chips = entry.replicas * entry.layout.chips();
  entry.cost = cost_of(setup, options, entry.chips);
}

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

// No replica is faster than its prompts alone, in steps as large as they may be, nor than its decodes alone, in batches
// as large as its limits and cache allow: prompts and decodes of one step share no more than the smaller of both.
double throughput_bound(Alone& alone, const ServeSimulationSetup& setup, const Work& work) {
  const double input = std::max(1.0, setup.requests.input.mean), output = std::max(1.0, setup.requests.output.mean);
  const serve::LaneLimits& limits = work.deployment->replica.limits;
  const auto cached = static_cast<double>(limits.blocks) * limits.block_tokens;
  const double batch = std::clamp(cached / (input + output / 2), 1.0, static_cast<double>(limits.max_sequences));
  const double prompts = alone.prompt(limits.max_step_tokens) * input / limits.max_step_tokens;
  const auto sequences = static_cast<std::int64_t>(std::ceil(batch));
  const double per_step = limits.step_sixteenths / 16.0;
  const double decodes = alone.decode(sequences, input / 2) * (output - 1) / per_step / static_cast<double>(sequences);
  // Cached prefixes spare prompts, all of them at best.
  const double slowest = limits.prefix_caching ? decodes : std::max(prompts, decodes);
  return work.deployment->replica.lanes * work.deployment->batches / std::max(slowest, 1e-12);
}

/// Which objective a request of half the mean length breaks when it is alone; empty: none.
std::string broken_alone(Alone& alone, const ServeSimulationSetup& setup, const Work& work,
                         const Objectives& objectives) {
  if (!objectives.classes.empty()) return {};  // their objectives and lengths differ: runs judge
  const double input = std::max(1.0, setup.requests.input.mean / 2);
  const double first = alone.prompt(static_cast<std::int64_t>(input)) + work.deployment->timing.request.value();
  if (objectives.ttft && first > objectives.ttft->value() && !work.deployment->replica.limits.prefix_caching)
    return fmt::format("TTFT alone {:.0f} ms", first * 1e3);
  const double token = alone.decode(1, input) * 16.0 / work.deployment->replica.limits.step_sixteenths;
  if (objectives.tpot && token > objectives.tpot->value()) return fmt::format("TPOT alone {:.1f} ms", token * 1e3);
  return {};
}

/// Machines and kernels of a candidate's chip, and what every thread may share.
struct Ground {
  const ServeSimulationSetup& setup;
  machine::Machine machine;
  const kernel::ServingKernels& kernels;
};

class Planner {
 public:
  Planner(const machine::MachineBuilder& machines, ServePlanResult& result, Progress* progress)
      : result_(result), progress_(progress) {
    for (const ServeSimulationSetup& setup : result.candidates) {
      const std::string& chip = setup.serve.chip.slug;
      grounds_.push_back(
          {setup,
           machines.build({.chip = chip, .chips_per_node = setup.serve.chips_per_node, .nic_per_chip = {}},
                          catalog::Stack{}),
           machines.serving_kernels(chip)});
    }
  }

  /// Fits the model and bounds the throughput.
  void prepare(Work& work) const {
    const Ground& ground = grounds_[work.entry.candidate];
    PlanEntry& entry = work.entry;
    const FitRow row = fit_row(work.serve, entry.layout);
    if (!row.fits || !row.memory || row.memory->blocks <= 0) {
      entry.why = !row.problem.empty() ? row.problem
                                       : fmt::format("lacks {:.1f} GiB a chip", row.missing.value() / 1073741824.0);
      return;
    }
    ServeSimulationSetup setup = ground.setup;
    setup.serve = work.serve;
    work.deployment = setup::deploy(setup, entry.layout, *row.memory);
    const serve::StepCosts costs(work.deployment->served, ground.machine, ground.kernels);
    serve::StepModel timer(costs, work.deployment->timing);
    Alone alone(timer, work.deployment->replica.lanes);
    entry.bound = throughput_bound(alone, ground.setup, work);
    set_replicas(entry, ground.setup, result_.options, entry.bound);
    entry.why = broken_alone(alone, ground.setup, work, result_.objectives);
    entry.verdict = entry.why.empty() ? PlanVerdict::kBound : PlanVerdict::kTooSlow;
  }

  /// Finds what a replica carries. Returns the runs that it took.
  int measure(Work& work) const {
    const Ground& ground = grounds_[work.entry.candidate];
    PlanEntry& entry = work.entry;
    const serve::StepCosts costs(work.deployment->served, ground.machine, ground.kernels);
    ServeBench bench(ground.setup, *work.deployment, costs, result_.objectives);
    const double rate = ground.setup.requests.offered_rate;
    const double start = std::min(entry.bound, rate) / rate / 2;
    const auto capacity = bench.capacity(start, {.requests = kRequestsOfASearch}, progress_);
    entry.capacity = std::min(entry.bound, capacity.value_or(start * 1024) * rate);
    entry.verdict = entry.capacity > 0 ? PlanVerdict::kHolds : PlanVerdict::kNever;
    if (entry.capacity > 0) set_replicas(entry, ground.setup, result_.options, entry.capacity);
    return bench.runs();
  }

  /// The whole traffic on all replicas behind the router; one more while the objectives do not hold there, because
  /// bursts fall unevenly, up to half as many again.
  ServeFigures proven(Work& work, int& runs) const {
    const Ground& ground = grounds_[work.entry.candidate];
    PlanEntry& entry = work.entry;
    const serve::StepCosts costs(work.deployment->served, ground.machine, ground.kernels);
    ServeBench bench(ground.setup, *work.deployment, costs, result_.objectives);
    const int spare = result_.options.spare_replicas, most = (entry.replicas - spare) * 3 / 2 + 1;
    while (true) {
      ServeFigures figures = bench.run({.replicas = entry.replicas - spare}, progress_);
      ++runs;
      if (result_.objectives.hold(figures) || entry.replicas - spare >= most) return figures;
      ++entry.replicas;
      entry.chips = entry.replicas * entry.layout.chips();
      entry.cost = cost_of(ground.setup, result_.options, entry.chips);
    }
  }

  /// The mix under the whole traffic. Requires: the works of its parts are deployed.
  ServeFigures mixed(const std::vector<Work>& works, const PlanMix& mix) const {
    std::vector<MixedReplicas> kinds;
    for (const PlanMix::Part& part : mix.parts) {
      const Work& work = works[part.entry];
      const Ground& ground = grounds_[work.entry.candidate];
      kinds.push_back({.deployment = &*work.deployment,
                       .costs = {work.deployment->served, ground.machine, ground.kernels},
                       .replicas = part.replicas - result_.options.spare_replicas,
                       .weight = work.entry.capacity / works[mix.parts.front().entry].entry.capacity});
    }
    return run_mixed(grounds_.front().setup.requests, kinds, result_.objectives, progress_);
  }

 private:
  ServePlanResult& result_;
  Progress* progress_;
  std::vector<Ground> grounds_;
};

auto order_of(const PlanEntry& e) {
  const bool holds = e.verdict == PlanVerdict::kBest || e.verdict == PlanVerdict::kHolds;
  const int group = holds ? 0 : e.verdict == PlanVerdict::kBound ? 1 : e.verdict == PlanVerdict::kDoesNotFit ? 3 : 2;
  return std::tuple(group, e.cost, -e.capacity, e.candidate, e.layout.chips(), e.layout.tensor_parallel,
                    e.layout.data_parallel, e.max_num_seqs, e.max_num_batched_tokens);
}

// Configurations in the order of the least that they can cost; rounds of a few at once, so that the answer does not
// depend on the number of threads. Passes over what can cost no less than the best that was found: of all, or of its
// own chip where chips are mixed.
int search(const Planner& planner, std::vector<Work>& works, const ServePlanOptions& options, Progress* progress) {
  constexpr std::size_t kRound = 8;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < works.size(); ++i) {
    if (works[i].entry.verdict == PlanVerdict::kBound) open.push_back(i);
  }
  std::stable_sort(open.begin(), open.end(),
                   [&](std::size_t a, std::size_t b) { return works[a].entry.cost < works[b].entry.cost; });
  if (progress) progress->begin("searching capacities", std::max<std::size_t>(1, open.size()));
  std::map<std::size_t, double> bests;
  const auto best_of = [&](std::size_t work) -> double& {
    const std::size_t group = options.stock.empty() ? 0 : works[work].entry.candidate;
    return bests.try_emplace(group, std::numeric_limits<double>::infinity()).first->second;
  };
  int runs = 0;
  for (std::size_t at = 0; at < open.size(); at += kRound) {
    std::vector<std::size_t> round;
    for (std::size_t i = at; i < std::min(open.size(), at + kRound); ++i) {
      if (works[open[i]].entry.cost < best_of(open[i])) round.push_back(open[i]);
    }
    std::vector<int> took(round.size());
    parallel_for(round.size(), options.threads, [&](std::size_t i) { took[i] = planner.measure(works[round[i]]); });
    for (std::size_t i = 0; i < round.size(); ++i) {
      runs += took[i];
      double& best = best_of(round[i]);
      if (works[round[i]].entry.verdict == PlanVerdict::kHolds) best = std::min(best, works[round[i]].entry.cost);
    }
    advance(progress, std::min(open.size(), at + kRound) - at);
  }
  return runs;
}

/// The mix of lowest cost that carries the rate, and then keeps the objectives: a twentieth more is asked of it while
/// it does not, up to half as much again. Requires: works in the order of the answer.
std::optional<PlanMix> find_mix(const Planner& planner, const std::vector<Work>& works, const ServePlanResult& result,
                                int& runs) {
  constexpr int kOfEach = 3;  // configurations of one chip
  const ServePlanOptions& options = result.options;
  std::vector<MixOption> kinds;
  std::vector<std::size_t> entries;
  std::map<std::size_t, int> taken;
  for (std::size_t i = 0; i < works.size(); ++i) {
    const PlanEntry& e = works[i].entry;
    if (e.verdict != PlanVerdict::kHolds || taken[e.candidate]++ >= kOfEach) continue;
    const int chips = e.layout.chips();
    kinds.push_back({.stock = e.candidate,
                     .chips = chips,
                     .capacity = e.capacity,
                     .cost = cost_of(result.candidates[e.candidate], options, chips)});
    entries.push_back(i);
  }
  std::optional<PlanMix> found;
  for (double rate = result.rate; rate < 1.5 * result.rate; rate *= 1.05) {
    const auto mix = cheapest_mix(kinds, options.stock, rate, options.spare_replicas);
    if (!mix) return found;
    found.emplace();
    found->cost = mix->cost;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (mix->replicas[i] > 0) found->parts.push_back({entries[i], mix->replicas[i]});
      found->chips += mix->replicas[i] * kinds[i].chips;
    }
    found->figures = planner.mixed(works, *found);
    ++runs;
    if (result.objectives.hold(found->figures)) return found;
  }
  return found;
}

void check_goal(const ServePlanResult& result) {
  Problems problems;
  for (const ServeSimulationSetup& setup : result.candidates) {
    if (result.options.goal == PlanGoal::kPrice && !setup.rent_per_chip_hour)
      problems.add({{},
                    0,
                    0,
                    "rent",
                    fmt::format("the rent of {} is not stated; write it, or plan for chips", setup.serve.chip.name)});
    if (result.options.goal == PlanGoal::kPower && !setup.serve.chip.tdp)
      problems.add(
          {{}, 0, 0, "goal", fmt::format("the power of {} is not public; plan for chips", setup.serve.chip.name)});
  }
  problems.throw_if_any();
}

}  // namespace

ServePlanResult serve_plan(const machine::MachineBuilder& machines, std::vector<ServeSimulationSetup> candidates,
                           const ServePlanOptions& options, Progress* progress) {
  SOCLE_CHECK(!candidates.empty(), "a plan has candidates");
  ServePlanResult result;
  result.candidates = std::move(candidates);
  result.options = options;
  const setup::RequestsSetup& requests = result.candidates.front().requests;
  result.objectives = objectives_of(requests);
  result.rate = requests.offered_rate;
  check_goal(result);
  const Planner planner(machines, result, progress);
  std::vector<Work> works = works_of(result.candidates, options);
  if (progress) progress->begin("fitting configurations", std::max<std::size_t>(1, works.size()));
  parallel_for(
      works.size(), options.threads, [&](std::size_t i) { planner.prepare(works[i]); }, progress);
  result.simulations = search(planner, works, options, progress);
  std::stable_sort(works.begin(), works.end(),
                   [](const Work& a, const Work& b) { return order_of(a.entry) < order_of(b.entry); });
  if (!options.stock.empty()) {
    result.mix = find_mix(planner, works, result, result.simulations);
  } else if (!works.empty() && works.front().entry.verdict == PlanVerdict::kHolds) {
    works.front().entry.verdict = PlanVerdict::kBest;
    result.best = planner.proven(works.front(), result.simulations);
  }
  for (Work& work : works) result.entries.push_back(std::move(work.entry));
  result.unit = options.goal == PlanGoal::kPrice
                    ? fmt::format("{}/h", currency_name(result.candidates.front().rent_per_chip_hour->currency))
                : options.goal == PlanGoal::kPower ? "W"
                                                   : "chips";
  return result;
}

}  // namespace socle::answer
