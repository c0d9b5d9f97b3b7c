#include "socle/search/layout_search.hpp"

#include <algorithm>

#include "socle/base/parallel_for.hpp"
#include "socle/search/fitting_sets.hpp"
#include "socle/search/indivisible.hpp"
#include "socle/search/layer_group.hpp"
#include "socle/train/schedules/schedules.hpp"

namespace socle::search {

using workload::Layout;
using workload::Recompute;
using workload::Schedule;
using workload::Sharding;

workload::Layout complete_layout(const workload::PartialLayout& given, const machine::Machine& machine, int chips,
                                 bool lora) {
  const catalog::Stack& stack = machine.stack();
  Layout layout;
  layout.tensor_parallel = given.tensor_parallel.value_or(1);
  layout.pipeline_parallel = given.pipeline_parallel.value_or(1);
  layout.virtual_pipeline = given.virtual_pipeline.value_or(1);
  layout.context_parallel = given.context_parallel.value_or(1);
  layout.expert_parallel = given.expert_parallel.value_or(1);
  layout.expert_tensor_parallel = given.expert_tensor_parallel.value_or(1);
  layout.context_exchange = given.context_exchange.value_or(workload::ContextExchange::kRing);
  layout.dispatcher = given.dispatcher;
  const int inner = layout.tensor_parallel * layout.pipeline_parallel * layout.context_parallel;
  layout.data_parallel = given.data_parallel.value_or(std::max(1, chips / std::max(1, inner)));
  layout.microbatch = given.microbatch.value_or(1);
  layout.sequence_parallel = given.sequence_parallel.value_or(layout.tensor_parallel > 1);
  layout.schedule = given.schedule.value_or(layout.virtual_pipeline > 1 ? Schedule::kInterleaved : Schedule::kOneFOneB);
  layout.recompute = given.recompute.value_or(Recompute::kNone);
  layout.recompute_modules = given.recompute_modules.value_or(workload::ModuleSet{});
  layout.recompute_layers = given.recompute_layers.value_or(0);
  layout.recompute_every = given.recompute_every.value_or(0);
  const bool shards = stack.distributed_optimizer && !lora && layout.data_parallel * layout.context_parallel > 1;
  layout.sharding = given.sharding.value_or(shards ? Sharding::kZero1 : Sharding::kNone);
  layout.shard_size = given.shard_size.value_or(0);
  layout.reshard_after_forward = given.reshard_after_forward.value_or(layout.reshards_by_default());
  layout.defer_grad_reduce = given.defer_grad_reduce.value_or(false);
  layout.offload_optimizer = given.offload_optimizer.value_or(false);
  layout.overlap_grad_reduce = given.overlap_grad_reduce.value_or(stack.overlap_grad_reduce);
  layout.overlap_param_gather = given.overlap_param_gather.value_or(stack.overlap_param_gather);
  layout.overlap_tensor_parallel = given.overlap_tensor_parallel.value_or(stack.overlap_tensor_parallel);
  layout.overlap_expert_parallel = given.overlap_expert_parallel.value_or(stack.overlap_expert_parallel);
  return layout;
}

namespace {

struct Candidate {
  Seconds time{};
  std::uint64_t order = 0;
  Layout layout;
  bool operator<(const Candidate& other) const { return time != other.time ? time < other.time : order < other.order; }
};

// The best few, kept sorted.
class Leaders {
 public:
  explicit Leaders(std::size_t most) : most_(most) {}
  void offer(const Candidate& candidate) {
    if (full() && !(candidate < list_.back())) return;
    list_.insert(std::upper_bound(list_.begin(), list_.end(), candidate), candidate);
    if (list_.size() > most_) list_.pop_back();
  }
  bool full() const { return list_.size() == most_; }
  /// A layout slower than this cannot enter.
  Seconds threshold() const { return full() ? list_.back().time : Seconds{1e300}; }
  const std::vector<Candidate>& list() const { return list_; }

 private:
  std::size_t most_;
  std::vector<Candidate> list_;
};

struct Task {
  const model::Transformer& model;
  const workload::TrainingJob& job;
  const workload::PartialLayout& given;
  const machine::Machine& machine;
  const LayoutSpace& space;
  int chips;
  Bytes limit;
  bool wide;
  train::ProgramMemo& programs;
};

struct GroupResult {
  Leaders leaders;
  SearchCounts counts;
  std::map<std::string, std::uint64_t> reasons;
};

// Without chunks stages may differ by a layer; chunks must be even, up to the embedding's and the loss's place.
bool chunks_fit(int layers, int stages, int chunks) {
  const int positions = stages * chunks;
  if (chunks == 1) return stages <= layers;
  return positions <= layers + 2 &&
         (layers % positions == 0 || (layers + 1) % positions == 0 || (layers + 2) % positions == 0);
}

Layout sharded(const Task& task, Layout layout, const ShardingChoice& choice) {
  const bool shards = choice.sharding == Sharding::kZero3;
  layout.sharding = choice.sharding;
  layout.reshard_after_forward =
      !shards || (choice.reshard_after_forward &&
                  (layout.pipeline_parallel == 1 || task.given.reshard_after_forward.value_or(false)));
  layout.defer_grad_reduce = shards && task.given.defer_grad_reduce.value_or(false);
  return layout;
}

// A switch that hides the experts' exchange under another microbatch needs one, chunks where there is a pipeline, and
// passes that full recompute does not tie together. Source: Megatron-LM's checks of its arguments (recall).
bool hides_exchange_by_switch(const Task& task, const Layout& layout) {
  return layout.overlap_expert_parallel && !task.wide && !task.given.overlap_expert_parallel &&
         !task.machine.stack().overlap_expert_parallel;
}

// Sharding that shards nothing, and ZeRO-3 with a pipeline, unless it was asked for.
bool skipped(const Task& task, const Layout& layout) {
  if (task.given.sharding) return false;
  const bool pointless = layout.sharding != Sharding::kNone && layout.data_parallel * layout.context_parallel == 1;
  return pointless || (layout.sharding == Sharding::kZero3 && layout.pipeline_parallel > 1);
}

// In the wide space an overlap of traffic that is not there is no layout of its own.
bool idle_overlap(const Task& task, const Layout& layout, bool grad, bool gather) {
  const bool gathers = layout.sharding == Sharding::kZero1 || layout.sharding == Sharding::kZero2;
  return task.wide && ((grad && layout.data_parallel * layout.context_parallel == 1) || (gather && !gathers));
}

std::uint64_t distinct_overlaps(const Task& task, const Layout& layout) {
  std::uint64_t count = 0;
  for (const bool grad : task.space.grad_overlap) {
    for (const bool gather : task.space.gather_overlap) count += !idle_overlap(task, layout, grad, gather);
  }
  return count;
}

// Layouts below one recompute recipe that are not skipped and differ in what they do. Only the wide space has others.
std::uint64_t distinct_layouts(const Task& task, Layout layout) {
  std::uint64_t count = 0;
  for (const ShardingChoice& sharding : task.space.sharding) {
    layout = sharded(task, layout, sharding);
    if (skipped(task, layout)) continue;
    std::uint64_t switches = 0;
    for (const StepSwitches& s : task.space.switches) switches += !without_effect(layout, s);
    count += switches * distinct_overlaps(task, layout);
  }
  return count;
}

// Both overlap switches of one layout that may fit, by the closed form. Does it fit?
bool visit_overlaps(const Task& task, const LayerGroup& group, Layout layout, Seconds threshold, std::uint64_t& order,
                    GroupResult& result) {
  bool fits = false;
  for (const bool grad : task.space.grad_overlap) {
    for (const bool gather : task.space.gather_overlap) {
      ++order;
      if (idle_overlap(task, layout, grad, gather)) {
        ++result.counts.cut_divisibility;
        continue;
      }
      layout.overlap_grad_reduce = grad;
      layout.overlap_param_gather = gather;
      ++result.counts.estimated;
      const train::StepResult step =
          train::assemble_step(task.model, task.job, layout, task.machine, group.costs, train::Fidelity::kClosedForm,
                               std::min(threshold, result.leaders.threshold()), &task.programs);
      if (step.stages[static_cast<std::size_t>(step.fullest_stage)].total() > task.limit) {
        ++result.reasons["memory"];
        continue;
      }
      fits = true;
      if (const auto why = train::ordering_problem(step, layout)) {
        ++result.reasons[why->reason];
      } else if (step.step_time < threshold) {
        result.leaders.offer({step.step_time, order, layout});
      }
    }
  }
  return fits;
}

// Sharding and switches of one way to recompute: bounds on memory first, then the closed form.
void visit_shardings(const Task& task, const LayerGroup& group, const Layout& layout, Bytes held, Seconds threshold,
                     std::uint64_t& order, FittingSets& fitting, GroupResult& result) {
  const std::uint64_t overlaps = task.space.grad_overlap.size() * task.space.gather_overlap.size();
  std::size_t place = 0;
  for (const ShardingChoice& sharding : task.space.sharding) {
    const Layout shares = sharded(task, layout, sharding);
    const bool skip = skipped(task, shares);
    for (const StepSwitches& switches : task.space.switches) {
      const std::size_t here = place++;
      if (skip || without_effect(shares, switches)) {
        result.counts.cut_divisibility += overlaps;
        continue;
      }
      const Layout switched = with_switches(shares, switches, task.model.layers());
      if (fitting.needless(here, switched)) {
        result.counts.cut_bound += overlaps;
        continue;
      }
      if (surely_too_large(group, task.job, switched, task.machine, held, task.limit)) {
        const std::uint64_t distinct = distinct_overlaps(task, switched);
        result.counts.cut_memory += distinct;
        result.counts.cut_divisibility += overlaps - distinct;
        result.reasons["memory"] += distinct;
        continue;
      }
      if (visit_overlaps(task, group, switched, threshold, order, result)) fitting.fits(here, switched);
    }
  }
}

// Recompute, sharding and switches of one (pp, vpp, dp).
void visit_recipes(const Task& task, const LayerGroup& group, Layout layout, Seconds threshold, std::uint64_t base,
                   GroupResult& result) {
  std::uint64_t order = base;
  const std::uint64_t overlaps = task.space.grad_overlap.size() * task.space.gather_overlap.size();
  const std::uint64_t below = overlaps * task.space.switches.size() * task.space.sharding.size();
  FittingSets fitting(task.space.switches.size() * task.space.sharding.size());
  for (std::size_t i = 0; i < task.space.recompute.size(); ++i) {
    const RecomputeSums& sums = group.recompute[i];
    layout = with_recompute(layout, task.space.recompute[i], task.given, task.model.layers());
    result.counts.considered += below;
    if (layout.recompute == workload::Recompute::kFull && hides_exchange_by_switch(task, layout)) {
      result.counts.cut_divisibility += below;
      order += below;
      continue;
    }
    if (time_floor(group, task.job, layout, sums.time) >= std::min(threshold, result.leaders.threshold())) {
      const std::uint64_t distinct = task.wide ? distinct_layouts(task, layout) : below;
      result.counts.cut_bound += distinct;
      result.counts.cut_divisibility += below - distinct;
      continue;
    }
    visit_shardings(task, group, layout, sums.held, threshold, order, fitting, result);
  }
}

std::uint64_t recipes(const LayoutSpace& space) {
  return space.recompute.size() * space.sharding.size() * space.switches.size() * space.grad_overlap.size() *
         space.gather_overlap.size();
}

void visit_pipeline(const Task& task, const LayerGroup& group, Layout layout, Seconds threshold, std::uint64_t base,
                    GroupResult& result) {
  const std::uint64_t all = recipes(task.space);
  const int ranks = task.chips / (layout.tensor_parallel * layout.context_parallel);
  std::uint64_t order = base;
  const bool switched = hides_exchange_by_switch(task, layout);
  for (const int pipeline : task.space.pipeline) {
    layout.pipeline_parallel = pipeline;
    layout.data_parallel = ranks / pipeline;
    const bool divides = ranks % pipeline == 0 &&
                         (!task.given.data_parallel || *task.given.data_parallel == layout.data_parallel) &&
                         task.job.global_batch % (std::int64_t{layout.data_parallel} * layout.microbatch) == 0 &&
                         (layout.data_parallel * layout.tensor_parallel * layout.context_parallel) %
                                 (layout.expert_parallel * layout.expert_tensor_parallel) ==
                             0;
    for (const int chunks : task.space.virtual_pipeline) {
      order += all;
      layout.virtual_pipeline = chunks;
      const int microbatches = divides ? task.job.global_batch / (layout.data_parallel * layout.microbatch) : 0;
      const bool interleaves = chunks > 1;
      const bool legal =
          divides && chunks_fit(task.model.layers(), pipeline, chunks) &&
          (!interleaves || (pipeline > 1 && microbatches % pipeline == 0)) &&
          (!switched || (microbatches > 1 && (interleaves || pipeline == 1))) &&
          (!interleaves || task.space.schedules.empty() || task.space.schedules.front() == Schedule::kInterleaved);
      if (!legal && !(divides && task.given.virtual_pipeline)) {
        result.counts.considered += all;
        result.counts.cut_divisibility += all;
        continue;
      }
      layout.schedule = !task.space.schedules.empty() ? task.space.schedules.front()
                        : interleaves                 ? Schedule::kInterleaved
                                                      : Schedule::kOneFOneB;
      if (const auto why = train::layout_problem(task.model, task.job, layout)) {
        result.counts.considered += all;
        result.counts.cut_divisibility += all;
        ++result.reasons[why->reason];
        continue;
      }
      visit_recipes(task, group, layout, threshold, order, result);
    }
  }
}

GroupResult visit_group(const Task& task, const LayerGroup& group, Seconds threshold, std::uint64_t base,
                        std::size_t keep) {
  GroupResult result{.leaders = Leaders(keep), .counts = {}, .reasons = {}};
  const std::uint64_t all = recipes(task.space) * task.space.pipeline.size() * task.space.virtual_pipeline.size();
  // The wide space counts exactly what divides, so that grids compare.
  if (group.floor >= threshold && !task.wide) {
    result.counts.considered = result.counts.cut_bound = all;
    return result;
  }
  visit_pipeline(task, group, group.layout, threshold, base, result);
  return result;
}

void add_counts(const SearchCounts& from, SearchCounts& to) {
  to.considered += from.considered;
  to.cut_divisibility += from.cut_divisibility;
  to.cut_memory += from.cut_memory;
  to.cut_bound += from.cut_bound;
  to.estimated += from.estimated;
}

}  // namespace

Feasible<SearchResult> search_layouts(const model::Transformer& model, const workload::TrainingJob& job,
                                      const workload::PartialLayout& given, const machine::Machine& machine, int chips,
                                      const SearchOptions& options) {
  if (auto why = indivisible(model, job, given, chips)) return *why;
  const LayoutSpace space = layout_space(model, job, given, machine, chips, options);
  train::ProgramMemo own;
  const Bytes limit = machine.memory() * (1.0 - options.memory_headroom);
  const Task task{
      model, job, given, machine, space, chips, limit, options.wide, options.programs ? *options.programs : own};
  SearchResult result;
  const std::uint64_t per_group = recipes(space) * space.pipeline.size() * space.virtual_pipeline.size();

  // Costs of every group, then the most promising first: the floor of a group bounds all its layouts.
  const std::vector<Layout> layouts = layer_layouts(space, given, chips);
  std::vector<std::optional<LayerGroup>> made(layouts.size());
  std::vector<std::string> refused(layouts.size());
  if (options.progress) options.progress->begin("searching layouts", 2 * layouts.size());
  parallel_for(
      layouts.size(), options.threads,
      [&](std::size_t i) {
        auto group = layer_group(model, job, layouts[i], machine, chips, space, given);
        if (group)
          made[i] = *group;
        else
          refused[i] = group.why().reason;
      },
      options.progress);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (made[i]) {
      order.push_back(i);
    } else {
      result.counts.considered += per_group;
      result.counts.cut_divisibility += per_group;
      ++result.reasons[refused[i]];
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return made[a]->floor < made[b]->floor; });

  // Batches of fixed size: every group of a batch sees the leaders from before it, so counts do not depend on threads.
  constexpr std::size_t kBatch = 16;
  const std::size_t keep = static_cast<std::size_t>(std::max(1, options.keep)) * 2;
  Leaders leaders(keep);
  for (std::size_t first = 0; first < order.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, order.size() - first);
    std::vector<GroupResult> batch(count, GroupResult{Leaders(keep), {}, {}});
    const Seconds threshold = leaders.threshold();
    parallel_for(
        count, options.threads,
        [&](std::size_t i) {
          const std::size_t index = order[first + i];
          batch[i] =
              visit_group(task, *made[index], threshold, static_cast<std::uint64_t>(index) * per_group * 2, keep);
        },
        options.progress);
    for (const GroupResult& group : batch) {
      add_counts(group.counts, result.counts);
      for (const auto& [reason, times] : group.reasons) result.reasons[reason] += times;
      for (const Candidate& candidate : group.leaders.list()) leaders.offer(candidate);
    }
  }
  if (leaders.list().empty()) return nothing_fits(result.reasons, result.counts.considered);
  for (const Candidate& candidate : leaders.list()) {
    auto step = train::estimate_step(model, job, candidate.layout, machine, train::Fidelity::kReplay, &task.programs);
    ++result.counts.replayed;
    if (step) result.best.push_back({candidate.layout, *step});
  }
  std::stable_sort(result.best.begin(), result.best.end(),
                   [](const RankedLayout& a, const RankedLayout& b) { return a.step.step_time < b.step.step_time; });
  if (result.best.size() > static_cast<std::size_t>(options.keep))
    result.best.resize(static_cast<std::size_t>(options.keep));
  result.proven = true;
  return result;
}

}  // namespace socle::search
