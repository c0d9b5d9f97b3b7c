#include "socle/search/layout_space.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "socle/train/layer_recompute.hpp"

namespace socle::search {

using workload::Layout;
using workload::Recompute;
using workload::Sharding;

namespace {

constexpr int kRankTokens = 1024;  // of a sequence, the least on a rank under context parallel (MLPerf runs have it)

std::vector<int> divisors(int value, int most) {
  std::vector<int> list;
  for (int d = 1; d <= std::min(value, most); ++d) {
    if (value % d == 0) list.push_back(d);
  }
  return list;
}

std::vector<int> powers_of_two(int most) {
  std::vector<int> list;
  for (int p = 1; p <= most; p *= 2) list.push_back(p);
  return list;
}

template <typename T>
std::vector<T> given_or(const std::optional<T>& given, std::vector<T> all) {
  return given ? std::vector<T>{*given} : std::move(all);
}

std::vector<bool> switch_values(const std::optional<bool>& given, bool habit, bool all) {
  if (given) return {*given};
  return all ? std::vector<bool>{false, true} : std::vector<bool>{habit};
}

int experts_of(const model::Transformer& model) {
  int experts = 0;
  for (const model::Layer& layer : model.kinds) experts = std::max(experts, layer.feed_forward.experts);
  return experts;
}

// What the stack has, its own first. HybridEP and DeepEP move the same bytes: one of them stands for both.
std::vector<std::optional<workload::Dispatcher>> dispatchers_of(const catalog::Stack& stack, int experts) {
  using workload::Dispatcher;
  std::vector<std::optional<Dispatcher>> list{std::nullopt};
  const auto likeness = [](Dispatcher d) { return d == Dispatcher::kHybridEp ? Dispatcher::kDeepEp : d; };
  const Dispatcher own = workload::dispatcher_of(stack.dispatchers.front());
  for (std::size_t i = 1; experts > 0 && i < stack.dispatchers.size(); ++i) {
    const Dispatcher other = workload::dispatcher_of(stack.dispatchers[i]);
    const auto alike = [&](const std::optional<Dispatcher>& d) { return likeness(d.value_or(own)) == likeness(other); };
    if (std::none_of(list.begin(), list.end(), alike)) list.emplace_back(other);
  }
  return list;
}

}  // namespace

Layout with_switches(Layout layout, const StepSwitches& switches, int layers) {
  using workload::Axis;
  layout.offload_optimizer = switches.offload_optimizer;
  layout.offload_weights = switches.offload_weights;
  layout.offload_layers = switches.offload_activations ? layers : 0;
  layout.scatter_messages = switches.scatter_messages;
  if (switches.pipeline_inside_data)
    layout.placement = {Axis::kTensor, Axis::kContext, Axis::kExpert, Axis::kPipeline, Axis::kData};
  return layout;
}

Layout with_recompute(Layout layout, const RecomputeChoice& choice, const workload::PartialLayout& given, int layers) {
  const bool full = choice.recompute == Recompute::kFull;
  layout.recompute = choice.recompute;
  layout.recompute_modules = choice.modules;
  layout.recompute_layers = given.recompute_layers.value_or(
      choice.share > 0 ? std::max(1, layers / layout.pipeline_parallel / choice.share) : 0);
  layout.recompute_every = full ? given.recompute_every.value_or(0) : 0;
  return layout;
}

bool without_effect(const Layout& layout, const StepSwitches& switches) {
  const bool scatters = layout.tensor_parallel > 1 && layout.pipeline_parallel > 1 && !layout.sequence_parallel;
  const bool places =
      layout.pipeline_parallel > 1 && layout.data_parallel > 1 && layout.context_parallel * layout.expert_parallel == 1;
  return (switches.scatter_messages && !scatters) || (switches.pipeline_inside_data && !places);
}

namespace {

std::vector<StepSwitches> step_switches(const workload::PartialLayout& given, const SearchOptions& options) {
  const std::vector<bool> wide = options.wide ? std::vector<bool>{false, true} : std::vector<bool>{false};
  std::vector<StepSwitches> list;
  for (const bool optimizer : switch_values(given.offload_optimizer, false, options.all_overlaps || options.wide)) {
    for (const bool weights : wide) {
      for (const bool activations : wide) {
        for (const bool scatter : wide) {
          for (const bool inside : wide) list.push_back({optimizer, weights, activations, scatter, inside});
        }
      }
    }
  }
  return list;
}

// Sets of named modules, a set behind its subsets. The whole expert block holds its activation and shared experts; a
// fused attention core would run again for its log-sum-exp alone, and an unfused one is the usual selective recompute.
std::vector<workload::ModuleSet> module_sets(const model::Transformer& model) {
  using workload::ModuleSet;
  const ModuleSet there = train::recomputable_modules(model).without(workload::RecomputeModule::kCoreAttention);
  std::vector<ModuleSet> sets;
  for (unsigned number = 1; number < 1U << workload::kRecomputeModules; ++number) {
    const ModuleSet set = ModuleSet::numbered(number);
    if (there.holds(set) && train::acting_modules(set) == set) sets.push_back(set);
  }
  return sets;
}

std::vector<RecomputeChoice> recompute_choices(const model::Transformer& model, const workload::PartialLayout& given,
                                               const catalog::Stack& stack, bool wide) {
  std::vector<Recompute> kinds{Recompute::kNone, Recompute::kSelective};
  if (stack.op_selective && !wide) kinds.push_back(Recompute::kOpSelective);
  kinds.push_back(Recompute::kFull);
  std::vector<RecomputeChoice> choices;
  for (const Recompute kind : given_or(given.recompute, kinds)) {
    choices.push_back({.recompute = kind});
    if (kind == Recompute::kSelective && given.recompute_modules) {
      choices.back().modules = *given.recompute_modules;
    } else if (kind == Recompute::kSelective && !given.recompute && stack.recompute_modules && !wide) {
      for (const workload::ModuleSet set : module_sets(model)) choices.push_back({.recompute = kind, .modules = set});
    }
    // Full recompute of every layer, or of half of them.
    const bool said = given.recompute_layers || given.recompute_every;
    if (kind == Recompute::kFull && !said) choices.push_back({.recompute = kind, .share = 2});
  }
  return choices;
}

// Every size that divides, as Calculon's grid has it, instead of those that are usual.
void widen(const model::Transformer& model, const workload::TrainingJob& job, const workload::PartialLayout& given,
           int chips, LayoutSpace& space) {
  int heads = 0;
  for (const model::Layer& layer : model.kinds) heads = std::gcd(heads, layer.mixer.heads);
  space.tensor = given_or(given.tensor_parallel, divisors(heads > 0 ? std::gcd(chips, heads) : chips, chips));
  space.virtual_pipeline = given_or(given.virtual_pipeline, divisors(model.layers(), model.layers()));
  space.microbatch = given_or(given.microbatch, powers_of_two(job.global_batch));
  space.keep_gathered = {false, true};
}

}  // namespace

LayoutSpace layout_space(const model::Transformer& model, const workload::TrainingJob& job,
                         const workload::PartialLayout& given, const machine::Machine& machine, int chips,
                         const SearchOptions& options) {
  const catalog::Stack& stack = machine.stack();
  const int experts = experts_of(model);
  const bool all = options.all_overlaps || options.wide;
  LayoutSpace space;
  space.tensor =
      given_or(given.tensor_parallel, divisors(chips, 2 * std::max(8, std::min(machine.spec().scale_up_domain, 32))));
  space.context =
      given_or(given.context_parallel, powers_of_two(std::min(chips, std::max(1, job.sequence_length / kRankTokens))));
  space.expert =
      given_or(given.expert_parallel, experts > 0 ? divisors(experts, std::min(chips, 512)) : std::vector<int>{1});
  space.pipeline = given_or(given.pipeline_parallel, divisors(chips, model.layers()));
  space.virtual_pipeline = given_or(given.virtual_pipeline, divisors(std::max(1, model.layers()), 16));
  if (!given.virtual_pipeline) {
    for (const int more : divisors(model.layers() + 2, 16)) space.virtual_pipeline.push_back(more);
    std::sort(space.virtual_pipeline.begin(), space.virtual_pipeline.end());
    space.virtual_pipeline.erase(std::unique(space.virtual_pipeline.begin(), space.virtual_pipeline.end()),
                                 space.virtual_pipeline.end());
  }
  space.microbatch = given_or(given.microbatch, powers_of_two(all ? 64 : 16));
  space.sequence = given.sequence_parallel ? std::vector<bool>{*given.sequence_parallel}
                   : all                   ? std::vector<bool>{true, false}
                                           : std::vector<bool>{true};
  // What the stack has is tried; hiding traffic of tensor parallel has no price, so that it is on.
  space.tensor_overlap = switch_values(given.overlap_tensor_parallel,
                                       stack.overlap_tensor_parallel || stack.switches("tensor_parallel"), all);
  space.expert_overlap = switch_values(given.overlap_expert_parallel, stack.overlap_expert_parallel,
                                       (all || stack.switches("expert_parallel")) && experts > 0);
  space.grad_overlap = switch_values(given.overlap_grad_reduce, stack.overlap_grad_reduce, all);
  space.gather_overlap = switch_values(given.overlap_param_gather, stack.overlap_param_gather, all);
  space.dispatchers = dispatchers_of(stack, experts);
  if (given.dispatcher) space.dispatchers = {given.dispatcher};
  space.switches = step_switches(given, options);
  space.keep_gathered = {false};
  space.recompute = recompute_choices(model, given, stack, options.wide);
  for (const Sharding sharding : given_or(given.sharding, {Sharding::kNone, Sharding::kZero1, Sharding::kZero3})) {
    const bool shards = sharding == Sharding::kZero3;
    const bool both = shards && stack.reshard_switch && !options.wide && !given.reshard_after_forward;
    space.sharding.push_back({sharding, !shards || given.reshard_after_forward.value_or(true)});
    if (both) space.sharding.push_back({sharding, false});
  }
  if (given.schedule) space.schedules = {*given.schedule};
  if (options.wide) widen(model, job, given, chips, space);
  return space;
}

namespace {

// One layout for each value of the switches that change a layer's cost; switches of what is not there stay off.
void add_overlaps(const LayoutSpace& space, Layout layout, std::vector<Layout>& layouts) {
  for (const bool keep_gathered : space.keep_gathered) {
    if (keep_gathered && !layout.sequence_parallel) continue;
    for (const bool tensor_overlap : space.tensor_overlap) {
      if (tensor_overlap && layout.tensor_parallel == 1 && space.tensor_overlap.size() > 1) continue;
      for (const bool expert_overlap : space.expert_overlap) {
        if (expert_overlap && layout.expert_parallel == 1 && space.expert_overlap.size() > 1) continue;
        for (const std::optional<workload::Dispatcher>& dispatcher : space.dispatchers) {
          if (dispatcher && layout.expert_parallel == 1 && space.dispatchers.size() > 1) continue;
          layout.keep_gathered = keep_gathered;
          layout.overlap_tensor_parallel = tensor_overlap;
          layout.overlap_expert_parallel = expert_overlap;
          layout.dispatcher = dispatcher;
          layouts.push_back(layout);
        }
      }
    }
  }
}

}  // namespace

std::vector<Layout> layer_layouts(const LayoutSpace& space, const workload::PartialLayout& given, int chips) {
  std::vector<Layout> layouts;
  Layout layout;
  layout.expert_tensor_parallel = given.expert_tensor_parallel.value_or(1);
  layout.context_exchange = given.context_exchange.value_or(workload::ContextExchange::kRing);
  layout.shard_size = given.shard_size.value_or(0);
  layout.recompute_layers = given.recompute_layers.value_or(0);
  for (const int tensor : space.tensor) {
    for (const int context : space.context) {
      if (chips % (std::int64_t{tensor} * context) != 0) continue;
      for (const int expert : space.expert) {
        for (const int microbatch : space.microbatch) {
          for (const bool sequence : space.sequence) {
            if (!sequence && tensor == 1 && space.sequence.size() > 1) continue;
            layout.tensor_parallel = tensor;
            layout.context_parallel = context;
            layout.expert_parallel = expert;
            layout.microbatch = microbatch;
            layout.sequence_parallel = sequence && tensor > 1;
            add_overlaps(space, layout, layouts);
          }
        }
      }
    }
  }
  return layouts;
}

}  // namespace socle::search
