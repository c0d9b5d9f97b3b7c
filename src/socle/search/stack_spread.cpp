#include "socle/search/stack_spread.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::search {

using workload::Layout;

train::StepRange StackSpread::range() const {
  train::StepRange range{.low = chosen().low / chosen().step, .high = chosen().high / chosen().step};
  for (const StackStep& stack : stacks) {
    range.low = std::min(range.low, stack.low / chosen().step);
    range.high = std::max(range.high, stack.high / chosen().step);
  }
  return range;
}

StackSpread StackSpread::scaled_to(Seconds step) const {
  StackSpread scaled = *this;
  const double factor = step / chosen().step;
  for (StackStep& stack : scaled.stacks) {
    stack.step *= factor;
    stack.low *= factor;
    stack.high *= factor;
  }
  return scaled;
}

std::string stack_sentence(const StackSpread& spread) {
  const StackStep& middle = spread.chosen();
  if (spread.stacks.size() == 1) return fmt::format("{}, the only plausible stack", middle.name);
  std::string text = fmt::format("{}, the middle of {} plausible stacks", middle.name, spread.stacks.size());
  const auto instead = [&](std::size_t i) {
    if (i == spread.middle) return;
    const StackStep& other = spread.stacks[i];
    text += fmt::format("; with {} instead: {} ({:+.0f} %)", other.name, format_seconds(other.step),
                        100.0 * (other.step / middle.step - 1.0));
  };
  instead(0);
  instead(spread.stacks.size() - 1);
  return text;
}

machine::Machine on_stack(const machine::Machine& machine, catalog::Stack stack) {
  machine::MachineSpec spec = machine.spec();
  spec.stack = std::move(stack);
  return machine::Machine(std::move(spec), machine.kernels());
}

machine::Machine on_middle(const machine::Machine& machine, const std::vector<catalog::Stack>& plausible,
                           const StackSpread& spread) {
  const auto found = std::find_if(plausible.begin(), plausible.end(),
                                  [&](const catalog::Stack& stack) { return stack.slug == spread.chosen().slug; });
  SOCLE_CHECK(found != plausible.end(), "the middle is one of the plausible stacks");
  catalog::Stack stack = *found;
  const train::StepRange range = spread.range();
  stack.range_low = range.low;
  stack.range_high = range.high;
  return on_stack(machine, std::move(stack));
}

namespace {

bool can_run(const catalog::Stack& stack, const Layout& layout) {
  const auto ranks = [&](const std::string& axis) {
    if (axis == "tp") return layout.tensor_parallel;
    if (axis == "pp") return layout.pipeline_parallel;
    return axis == "cp" ? layout.context_parallel : layout.expert_parallel;
  };
  return std::all_of(stack.lacks.begin(), stack.lacks.end(), [&](const std::string& axis) { return ranks(axis) == 1; });
}

Layout with_overlaps_of(const catalog::Stack& stack, const workload::PartialLayout& given, Layout layout) {
  layout.overlap_grad_reduce = given.overlap_grad_reduce.value_or(stack.overlap_grad_reduce);
  layout.overlap_param_gather = given.overlap_param_gather.value_or(stack.overlap_param_gather);
  const auto kept = [&](bool own, bool found, const char* overlap) {
    return own || (found && stack.switches(overlap));
  };
  layout.overlap_tensor_parallel = given.overlap_tensor_parallel.value_or(
      kept(stack.overlap_tensor_parallel, layout.overlap_tensor_parallel, "tensor_parallel"));
  layout.overlap_expert_parallel = given.overlap_expert_parallel.value_or(
      kept(stack.overlap_expert_parallel, layout.overlap_expert_parallel, "expert_parallel"));
  return layout;
}

}  // namespace

StackSpread spread_of_stacks(const model::Transformer& model, const workload::TrainingJob& job,
                             const workload::PartialLayout& given, const Layout& layout,
                             const machine::Machine& machine, const std::vector<catalog::Stack>& plausible) {
  StackSpread spread;
  for (const catalog::Stack& stack : plausible) {
    if (!can_run(stack, layout)) continue;
    const machine::Machine other = on_stack(machine, stack);
    const auto step =
        train::estimate_step(model, job, with_overlaps_of(stack, given, layout), other, train::Fidelity::kReplay);
    if (!step) continue;
    const train::StepRange range = train::step_range(*step, other);
    spread.stacks.push_back({.slug = stack.slug,
                             .name = stack.name,
                             .step = step->step_time,
                             .low = step->step_time * range.low,
                             .high = step->step_time * range.high});
  }
  std::sort(spread.stacks.begin(), spread.stacks.end(),
            [](const StackStep& a, const StackStep& b) { return std::tie(a.step, a.slug) < std::tie(b.step, b.slug); });
  if (!spread.stacks.empty()) spread.middle = (spread.stacks.size() - 1) / 2;
  for (std::size_t i = 0; i < spread.stacks.size(); ++i) {
    if (spread.stacks[i].slug == machine.stack().slug) spread.middle = i;
  }
  return spread;
}

namespace {

constexpr int kProbeChipsMax = 65'536;

struct Probe {
  std::optional<Layout> fits, divides;
};

// The least tp within a domain and pp at which the states fit when sharded, full recompute.
Probe probe_on(const model::Transformer& model, const workload::TrainingJob& job, const machine::Machine& machine,
               int chips) {
  Probe probe;
  for (int pp = 1; pp <= chips && pp <= model.layers(); pp *= 2) {
    for (int tp = 1; tp <= std::min(machine.spec().scale_up_domain, chips / pp); tp *= 2) {
      workload::PartialLayout plain;
      plain.recompute = workload::Recompute::kFull;
      plain.tensor_parallel = tp;
      plain.pipeline_parallel = pp;
      if (pp == 1 && !job.lora) plain.sharding = workload::Sharding::kZero3;
      const Layout layout = complete_layout(plain, machine, chips, job.lora);
      if (layout.chips() != chips || train::layout_problem(model, job, layout)) continue;
      if (!probe.divides) probe.divides = layout;
      const auto step = train::estimate_step(model, job, layout, machine, train::Fidelity::kClosedForm);
      if (!step || train::memory_problem(*step, machine, 0.0)) continue;
      probe.fits = layout;
      return probe;
    }
  }
  return probe;
}

// On the least power of two of chips that holds the job; where none does or divides, on as many as there are.
std::optional<Layout> probe_layout(const model::Transformer& model, const workload::TrainingJob& job,
                                   const machine::Machine& machine, int chips) {
  // Fewer cannot hold 8 bytes a parameter, or the frozen base at one.
  const Bytes least{model::count_parameters(model).total * (job.lora ? 1.0 : 8.0)};
  for (int number = 1; number <= kProbeChipsMax; number *= 2) {
    if (least > machine.memory() * number) continue;
    if (const Probe probe = probe_on(model, job, machine, number); probe.fits) return probe.fits;
  }
  const Probe probe = probe_on(model, job, machine, chips);
  return probe.fits ? probe.fits : probe.divides;
}

// The job without the options that are tried against each other: they choose no stack.
workload::TrainingJob plain_job(workload::TrainingJob job) {
  job.loss = workload::Loss::kFull;
  job.optimizer.reset();
  job.master_weights.reset();
  job.gradient_type.reset();
  job.packed_length = 0;
  return job;
}

StackSpread spread_on_probe(const model::Transformer& model, const workload::TrainingJob& job,
                            const machine::Machine& machine, const std::vector<catalog::Stack>& stacks, int chips) {
  const machine::Machine neutral = on_stack(machine, catalog::Stack{});
  const workload::TrainingJob plain = plain_job(job);
  const auto layout = probe_layout(model, plain, neutral, chips);
  return layout ? spread_of_stacks(model, plain, {}, *layout, neutral, stacks) : StackSpread{};
}

}  // namespace

StackSpread middle_for(const model::Transformer& model, const workload::TrainingJob& job, const Layout& axes,
                       const machine::Machine& machine, const std::vector<catalog::Stack>& plausible, int chips) {
  const auto able = [&](const catalog::Stack& stack) { return can_run(stack, axes); };
  StackSpread all = spread_on_probe(model, job, machine, plausible, chips);
  if (all.stacks.empty()) return all;
  const auto middle = std::find_if(plausible.begin(), plausible.end(),
                                   [&](const catalog::Stack& stack) { return stack.slug == all.chosen().slug; });
  if (able(*middle)) return all;
  std::vector<catalog::Stack> others;
  std::copy_if(plausible.begin(), plausible.end(), std::back_inserter(others), able);
  StackSpread rest = spread_on_probe(model, job, machine, others, chips);
  return rest.stacks.empty() ? all : rest;  // no stack has all axes
}

Feasible<SpreadSearch> search_on_middle(const model::Transformer& model, const workload::TrainingJob& job,
                                        const workload::PartialLayout& given, const machine::Machine& machine,
                                        const std::vector<catalog::Stack>& plausible, int chips,
                                        const SearchOptions& options) {
  constexpr int kSearches = 3;
  machine::Machine current = on_stack(machine, machine.stack());
  for (int turn = 1;; ++turn) {
    auto searched = search_layouts(model, job, given, current, chips, options);
    if (!searched) return searched.why();
    SearchResult found = std::move(searched).take();
    RankedLayout& first = found.best.front();
    const StackSpread middle = middle_for(model, job, first.layout, machine, plausible, chips);
    const bool agreed = middle.stacks.empty() || middle.chosen().slug == current.stack().slug;
    if (!agreed) current = on_middle(current, plausible, middle);
    if (!agreed && turn < kSearches) continue;
    StackSpread spread = spread_of_stacks(model, job, given, first.layout, current, plausible);
    // No stack has all axes of the layout: it keeps the stack that it was found on.
    if (spread.stacks.empty()) return SpreadSearch{std::move(found), std::move(current), std::move(spread)};
    current = on_middle(current, plausible, spread);
    if (agreed) return SpreadSearch{std::move(found), std::move(current), std::move(spread)};
    first.layout = with_overlaps_of(current.stack(), given, first.layout);
    const auto step = train::estimate_step(model, job, first.layout, current, train::Fidelity::kReplay);
    SOCLE_CHECK(step, "a stack that has all axes of a layout runs it");
    first.step = *step;
    found.best.resize(1);  // the others were ranked on another stack
    found.proven = false;
    return SpreadSearch{std::move(found), std::move(current), std::move(spread)};
  }
}

}  // namespace socle::search
