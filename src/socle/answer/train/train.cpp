#include "socle/answer/train/train.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "socle/answer/train/figures.hpp"
#include "socle/answer/train/flow.hpp"
#include "socle/answer/train/nearest_change.hpp"
#include "socle/answer/train/sensitivity.hpp"
#include "socle/answer/train/waterfall.hpp"
#include "socle/search/fitting.hpp"

namespace socle::answer {
namespace {

using workload::Layout;

/// A layout with its step, and how it was found; or why there is none.
struct Found {
  Layout layout;
  train::StepResult step;
  std::optional<SearchOutcome> search;
  std::optional<search::StackSpread> stacks{};  ///< where no stack is stated
};

bool decides_all(const workload::PartialLayout& given, const model::Transformer& model) {
  const bool has_experts = std::any_of(model.kinds.begin(), model.kinds.end(),
                                       [](const model::Layer& l) { return l.feed_forward.experts > 0; });
  const bool interleaved = given.schedule == workload::Schedule::kInterleaved;
  return given.tensor_parallel && given.pipeline_parallel && given.context_parallel && given.data_parallel &&
         given.microbatch && given.schedule && given.recompute && given.sharding &&
         (given.virtual_pipeline || !interleaved) && (given.expert_parallel || !has_experts);
}

// Sizes whose products exceed what there is, told before any product is taken in integers.
std::optional<Infeasible> oversized(const setup::TrainSetup& setup) {
  const workload::PartialLayout& given = setup.layout;
  const auto size = [](const std::optional<int>& value) { return static_cast<double>(value.value_or(1)); };
  const double chips = size(given.tensor_parallel) * size(given.pipeline_parallel) * size(given.context_parallel) *
                       size(given.data_parallel);
  if (chips > setup.cluster.chips) {
    return Infeasible{
        "chips", fmt::format("tp * pp * cp * dp = {:.0f}, but the cluster has {} chips", chips, setup.cluster.chips),
        "use smaller sizes, or leave dp out"};
  }
  const double sequences = size(given.microbatch) * size(given.data_parallel);
  if (sequences > setup.job.global_batch) {
    return Infeasible{
        "batch", fmt::format("microbatch * dp = {:.0f} exceeds global_batch = {}", sequences, setup.job.global_batch),
        fmt::format("use microbatch * dp <= {}, or a larger global batch", setup.job.global_batch)};
  }
  const double positions = size(given.pipeline_parallel) * size(given.virtual_pipeline);
  if (positions > setup.model.layers() + 2) {
    return Infeasible{"pp-layers",
                      fmt::format("pp * vpp = {:.0f}, but the model has {} layers", positions, setup.model.layers()),
                      fmt::format("use pp * vpp <= {}", setup.model.layers())};
  }
  if (size(given.expert_parallel) * size(given.expert_tensor_parallel) > setup.cluster.chips) {
    return Infeasible{"ep-ranks", fmt::format("ep * etp exceeds the {} chips", setup.cluster.chips),
                      "use smaller ep or etp"};
  }
  return std::nullopt;
}

search::Misfit misfit_of(const setup::TrainSetup& setup, const workload::PartialLayout& given) {
  search::Misfit misfit{.model = setup.model,
                        .job = setup.job,
                        .given = given,
                        .machine = setup.machine,
                        .chips = setup.cluster.chips,
                        .chips_per_node = setup.machine.spec().chips_per_node,
                        .chips_may_change = !setup.flow};
  if (setup.memory_headroom) misfit.memory_headroom = *setup.memory_headroom;
  return misfit;
}

std::optional<search::StackSpread> spread_in(const setup::TrainSetup& setup, const machine::Machine& machine,
                                             const Layout& layout) {
  search::StackSpread spread =
      search::spread_of_stacks(setup.model, setup.job, setup.layout, layout, machine, setup.plausible);
  if (spread.stacks.empty()) return std::nullopt;
  return spread;
}

/// Over a flow network, which is the machine's own, the answer stays on the middle of a plain layout, and what other
/// stacks would do to it is told in proportion, by closed forms.
std::optional<search::StackSpread> spread_beside_flow(const setup::TrainSetup& setup, const machine::Machine& closed,
                                                      const Found& found) {
  const auto spread = spread_in(setup, closed, found.layout);
  if (!spread || spread->chosen().slug != closed.stack().slug) return std::nullopt;
  return spread->scaled_to(found.step.step_time);
}

Feasible<Found> evaluate(setup::TrainSetup& setup, unsigned threads, Progress& progress) {
  Layout layout = search::complete_layout(setup.layout, setup.machine, setup.cluster.chips, setup.job.lora);
  if (layout.chips() != setup.cluster.chips) {
    return Infeasible{
        "chips",
        fmt::format("tp * pp * cp * dp = {}, but the cluster has {} chips", layout.chips(), setup.cluster.chips),
        fmt::format("use dp = {}, or leave dp out",
                    std::max(1, setup.cluster.chips / std::max(1, layout.chips() / layout.data_parallel)))};
  }
  std::optional<search::StackSpread> stacks;
  if (!setup.plausible.empty() && !setup.flow) stacks = spread_in(setup, setup.machine, layout);
  if (stacks) {
    setup.machine = search::on_middle(setup.machine, setup.plausible, *stacks);
    layout = search::complete_layout(setup.layout, setup.machine, setup.cluster.chips, setup.job.lora);
  }
  const auto step = train::estimate_step(setup.model, setup.job, layout, setup.machine, train::Fidelity::kReplay);
  if (!step) return step.why();
  if (auto why = train::memory_problem(*step, setup.machine, setup.headroom())) {
    if (auto change = answer::nearest_fitting_change(setup, layout)) {
      why->remedy = *change;
      return *why;
    }
    // No change at the same number of chips, so more of them in the same layout, with more copies.
    workload::PartialLayout given = setup.layout;
    given.data_parallel.reset();
    if (const auto chips = search::smallest_fitting_chips(misfit_of(setup, given), threads, &progress))
      why->remedy = fmt::format("{} chips with more dp fit, the smallest number of whole nodes found", *chips);
    return *why;
  }
  return Found{layout, *step, {}, std::move(stacks)};
}

Infeasible with_remedy(const setup::TrainSetup& setup, Infeasible why, unsigned threads, Progress& progress) {
  std::string change = search::smallest_change(misfit_of(setup, setup.layout), threads, &progress);
  if (!change.empty()) why.remedy = std::move(change);
  return why;
}

Found first_of(const search::SearchResult& result) {
  SOCLE_CHECK(!result.best.empty(), "a feasible search has a best layout");
  const search::RankedLayout& first = result.best.front();
  return {
      first.layout, first.step,
      SearchOutcome{.counts = result.counts, .reasons = result.reasons, .proven = result.proven, .best = result.best}};
}

Feasible<Found> look_for(setup::TrainSetup& setup, unsigned threads, Progress& progress) {
  search::SearchOptions options{.threads = threads, .progress = &progress};
  if (setup.memory_headroom) options.memory_headroom = *setup.memory_headroom;
  if (setup.plausible.empty() || setup.flow) {
    const auto result =
        search::search_layouts(setup.model, setup.job, setup.layout, setup.machine, setup.cluster.chips, options);
    return result ? Feasible<Found>(first_of(*result)) : with_remedy(setup, result.why(), threads, progress);
  }
  auto result = search::search_on_middle(setup.model, setup.job, setup.layout, setup.machine, setup.plausible,
                                         setup.cluster.chips, options);
  if (!result) return with_remedy(setup, result.why(), threads, progress);
  search::SpreadSearch searched = std::move(result).take();
  setup.machine = std::move(searched.machine);
  Found found = first_of(searched.found);
  if (!searched.spread.stacks.empty()) found.stacks = std::move(searched.spread);
  return found;
}

Feasible<Found> find_layout(setup::TrainSetup& setup, unsigned threads, Progress& progress) {
  if (auto why = oversized(setup)) return *why;
  return decides_all(setup.layout, setup.model) ? evaluate(setup, threads, progress)
                                                : look_for(setup, threads, progress);
}

LimitVerdict judge(const setup::RunLimits& set, const TrainCase& run) {
  const search::RunFigures figures = search::run_figures(run.job, run.step, set.holding);
  return {search::broken_limits(set.limits, figures), search::unjudged_limits(set.limits, figures)};
}

}  // namespace

Feasible<TrainResult> train(setup::TrainSetup setup, const TrainOptions& options, Progress& progress) {
  std::unique_ptr<FlowRun> flow;
  std::optional<machine::Machine> closed;  // the machine before its network is simulated
  if (setup.flow) {
    if (!setup.plausible.empty()) closed = search::on_stack(setup.machine, setup.machine.stack());
    progress.begin("simulating the messages of a step", 1);
    flow = std::make_unique<FlowRun>(setup, progress);
  }
  const Feasible<Found> found = find_layout(setup, options.threads, progress);
  if (!found) return found.why();
  std::optional<FlowOutcome> network;
  std::optional<search::StackSpread> stacks = found->stacks;
  if (closed) stacks = spread_beside_flow(setup, *closed, *found);
  if (flow) network = flow->outcome(found->layout, found->step);
  TrainResult result{.run = {.model = std::move(setup.model),
                             .job = setup.job,
                             .precision = setup.precision,
                             .layout = found->layout,
                             .machine = std::move(setup.machine),
                             .stacks = std::move(stacks),
                             .step = found->step,
                             .cluster = std::move(setup.cluster),
                             .assumptions = std::move(setup.assumptions),
                             .doubts = std::move(setup.doubts)},
                     .figures = {},
                     .waterfall = {},
                     .search = found->search,
                     .swings = {},
                     .limits = {},
                     .network = std::move(network)};
  if (setup.limits) {
    result.limits = judge(*setup.limits, result.run);
    if (setup.limits->assumption) result.run.assumptions.push_back(*setup.limits->assumption);
  }
  if (result.run.stacks) {
    result.run.assumptions.push_back(
        fmt::format("The software stack is not stated: {}; the range covers every plausible one (--stack NAME narrows "
                    "it).",
                    result.run.machine.stack().name));
  }
  result.figures = train_figures(result.run);
  result.waterfall = waterfall(result.run);
  if (options.explain) result.swings = sensitivity(result.run, options.threads, progress);
  return result;
}

}  // namespace socle::answer
