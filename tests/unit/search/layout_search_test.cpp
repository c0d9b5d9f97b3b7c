#include "socle/search/layout_search.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/search/layout_space.hpp"
#include "socle/setup/model_catalog.hpp"
#include "support/test_machine.hpp"

namespace socle::search {
namespace {

using workload::Layout;
using workload::PartialLayout;
using workload::Recompute;
using workload::Schedule;
using workload::Sharding;
using workload::TrainingJob;

const machine::Machine& h100() {
  static const machine::Machine machine = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  return machine;
}

const model::Transformer& model_named(const char* name) {
  static std::map<std::string, model::Transformer> known;
  const auto found = known.find(name);
  return found != known.end() ? found->second
                              : known.emplace(name, setup::load_model(catalog::Catalog(), name)).first->second;
}

// Of the PyTorch family: recompute by operator, and weights that may stay gathered.
const machine::Machine& titan() {
  static const machine::Machine machine = test::machine_of("h100-sxm", "torchtitan-2025");
  return machine;
}

struct Case {
  const char* model;
  int chips;
  int global_batch;
  PartialLayout given;
  const machine::Machine& machine = h100();
};

template <typename Fill>
PartialLayout given(Fill fill) {
  PartialLayout partial;
  fill(partial);
  return partial;
}

std::vector<Case> cases() {
  return {
      {"llama-3-8b", 16, 32, {}},
      {"llama-3-70b", 64, 64, {}},
      {"mixtral-8x7b", 32, 64, {}},
      {"llama-3-70b", 64, 64, given([](PartialLayout& g) { g.tensor_parallel = 8, g.sharding = Sharding::kZero1; })},
      {"llama-3-8b", 32, 64, given([](PartialLayout& g) { g.pipeline_parallel = 4, g.microbatch = 1; })},
      {"llama-3-8b", 16, 32, given([](PartialLayout& g) { g.microbatch = 1; }), titan()},
      // Latent attention and experts, shared ones too: 39 sets of modules.
      {"deepseek-v2-lite", 16, 32, given([](PartialLayout& g) { g.microbatch = 2, g.pipeline_parallel = 1; })}};
}

TrainingJob job(const Case& c) { return {.sequence_length = 8192, .global_batch = c.global_batch}; }

Feasible<SearchResult> search(const Case& c, const SearchOptions& options) {
  return search_layouts(model_named(c.model), job(c), c.given, c.machine, c.chips, options);
}

std::uint64_t recipes(const LayoutSpace& space) {
  return space.recompute.size() * space.sharding.size() * space.switches.size() * space.grad_overlap.size() *
         space.gather_overlap.size();
}

// The best of the whole space by the closed form, one layout after another, without bounds or shared costs.
struct Best {
  Seconds time{1e300};
  std::uint64_t estimated = 0;
};

// Stages may differ by a layer, chunks may not, up to the embedding's and the loss's place.
bool legal(const Case& c, const Layout& layout) {
  const int layers = model_named(c.model).layers(), positions = layout.pipeline_parallel * layout.virtual_pipeline;
  const bool even = layers % positions == 0 || (layers + 1) % positions == 0 || (layers + 2) % positions == 0;
  if (layout.virtual_pipeline == 1 ? layout.pipeline_parallel > layers
                                   : positions > layers + 2 || !even || layout.pipeline_parallel == 1)
    return false;
  if (train::layout_problem(model_named(c.model), job(c), layout)) return false;
  return layout.virtual_pipeline == 1 ||
         c.global_batch / (layout.data_parallel * layout.microbatch) % layout.pipeline_parallel == 0;
}

Best brute_force(const Case& c, const SearchOptions& options) {
  const model::Transformer& model = model_named(c.model);
  const LayoutSpace space = layout_space(model, job(c), c.given, c.machine, c.chips, options);
  Best best;
  for (Layout layout : layer_layouts(space, c.given, c.chips)) {
    const int ranks = c.chips / (layout.tensor_parallel * layout.context_parallel);
    for (const int pp : space.pipeline) {
      if (ranks % pp != 0) continue;
      for (const int vpp : space.virtual_pipeline) {
        const int layers = model.layers();
        layout.pipeline_parallel = pp;
        layout.virtual_pipeline = vpp;
        layout.data_parallel = ranks / pp;
        layout.schedule = vpp > 1 ? Schedule::kInterleaved : Schedule::kOneFOneB;
        if (!legal(c, layout)) continue;
        for (const RecomputeChoice& choice : space.recompute) {
          for (const ShardingChoice& sharding : space.sharding) {
            const bool skipped =
                (sharding.sharding != Sharding::kNone && layout.data_parallel * layout.context_parallel == 1) ||
                (sharding.sharding == Sharding::kZero3 && pp > 1);
            if (skipped && !c.given.sharding) continue;
            layout.recompute = choice.recompute;
            layout.recompute_modules = choice.modules;
            layout.recompute_layers = choice.share > 0 ? std::max(1, layers / pp / choice.share) : 0;
            layout.sharding = sharding.sharding;
            layout.reshard_after_forward = sharding.reshard_after_forward;
            layout.overlap_grad_reduce = space.grad_overlap.front();
            layout.overlap_param_gather = space.gather_overlap.front();
            const auto step = train::estimate_step(model, job(c), layout, c.machine, train::Fidelity::kClosedForm);
            ++best.estimated;
            if (step && !train::memory_problem(*step, c.machine, options.memory_headroom))
              best.time = std::min(best.time, step->step_time);
          }
        }
      }
    }
  }
  return best;
}

TEST(LayoutSearch, FindsWhatTryingEveryLayoutFinds) {
  for (const Case& c : cases()) {
    // Enough to keep the best of the closed form, wherever the replay of the leaders ranks it.
    const SearchOptions options{.keep = 40, .threads = 1};
    const Best best = brute_force(c, options);
    const auto found = search(c, options);
    ASSERT_TRUE(found) << c.model << ": " << found.why().detail;
    EXPECT_TRUE(found->proven);
    ASSERT_GT(best.estimated, 20u) << c.model;
    EXPECT_LT(found->counts.estimated, best.estimated) << c.model << ": bounds cut nothing";
    // The leaders are ranked again by replay: the best of the closed form is among them.
    Seconds closed{1e300};
    for (const RankedLayout& ranked : found->best) {
      const auto step =
          train::estimate_step(model_named(c.model), job(c), ranked.layout, c.machine, train::Fidelity::kClosedForm);
      closed = std::min(closed, step->step_time);
    }
    EXPECT_NEAR(closed / best.time, 1.0, 1e-12) << c.model;
  }
}

TEST(LayoutSearch, SettlesEveryLayoutOfTheDeclaredSpaceOnce) {
  for (const bool all_overlaps : {false, true}) {
    for (const Case& c : cases()) {
      const SearchOptions options{.all_overlaps = all_overlaps, .threads = 1};
      const LayoutSpace space = layout_space(model_named(c.model), job(c), c.given, c.machine, c.chips, options);
      const std::uint64_t per_group = recipes(space) * space.pipeline.size() * space.virtual_pipeline.size();
      const auto found = search(c, options);
      ASSERT_TRUE(found) << c.model;
      const SearchCounts& n = found->counts;
      EXPECT_EQ(n.considered, per_group * layer_layouts(space, c.given, c.chips).size()) << c.model;
      EXPECT_EQ(n.cut_divisibility + n.cut_memory + n.cut_bound + n.estimated, n.considered) << c.model;
      // What is too large was either cut or found so by its estimate.
      const auto too_large = found->reasons.find("memory");
      const std::uint64_t large = too_large == found->reasons.end() ? 0 : too_large->second;
      EXPECT_GE(large, n.cut_memory) << c.model;
      EXPECT_LE(large, n.cut_memory + n.estimated) << c.model;
    }
  }
}

// Every switch of the wide space for one recipe: each distinct layout once, by hand.
TEST(LayoutSearch, TheWideSpaceFindsAndCountsWhatTryingEveryLayoutDoes) {
  const Case c{"llama-3-8b", 16, 32, given([](PartialLayout& g) {
                 g.microbatch = 1, g.recompute = Recompute::kSelective, g.recompute_layers = 0,
                 g.sharding = Sharding::kZero1;
               })};
  const SearchOptions options{.wide = true, .threads = 1};
  const LayoutSpace space = layout_space(model_named(c.model), job(c), c.given, h100(), c.chips, options);
  std::uint64_t distinct = 0;
  Seconds best{1e300};
  const auto visit = [&](const Layout& layout) {
    if (layout.overlap_grad_reduce && layout.data_parallel * layout.context_parallel == 1)
      return;  // nothing to overlap
    const auto step = train::estimate_step(model_named(c.model), job(c), layout, h100(), train::Fidelity::kClosedForm);
    ++distinct;
    if (!train::memory_problem(*step, h100(), options.memory_headroom)) best = std::min(best, step->step_time);
  };
  for (Layout layout : layer_layouts(space, c.given, c.chips)) {
    layout.recompute = Recompute::kSelective;
    layout.sharding = Sharding::kZero1;
    for (const int pp : space.pipeline) {
      for (const int vpp : space.virtual_pipeline) {
        if (c.chips / (layout.tensor_parallel * layout.context_parallel) % pp != 0) continue;
        layout.pipeline_parallel = pp;
        layout.virtual_pipeline = vpp;
        layout.data_parallel = c.chips / (layout.tensor_parallel * layout.context_parallel * pp);
        layout.schedule = vpp > 1 ? Schedule::kInterleaved : Schedule::kOneFOneB;
        if (!legal(c, layout)) continue;
        for (const StepSwitches& switches : space.switches) {
          if (without_effect(layout, switches)) continue;
          Layout switched = with_switches(layout, switches, model_named(c.model).layers());
          for (const int overlaps : {0, 1, 2, 3}) {
            switched.overlap_grad_reduce = overlaps % 2 == 1;
            switched.overlap_param_gather = overlaps / 2 == 1;
            visit(switched);
          }
        }
      }
    }
  }
  const auto found = search(c, options);
  ASSERT_TRUE(found) << found.why().detail;
  EXPECT_GT(distinct, 5000u);
  EXPECT_EQ(found->counts.considered - found->counts.cut_divisibility, distinct);
  EXPECT_EQ(found->counts.cut_memory + found->counts.cut_bound + found->counts.estimated, distinct);
  Seconds closed{1e300};
  for (const RankedLayout& ranked : found->best) {
    closed = std::min(
        closed, train::estimate_step(model_named(c.model), job(c), ranked.layout, h100(), train::Fidelity::kClosedForm)
                    ->step_time);
  }
  EXPECT_NEAR(closed / best, 1.0, 1e-12);
}

TEST(LayoutSearch, AnswersAlikeOnAnyNumberOfThreads) {
  for (const Case& c : cases()) {
    const auto one = search(c, {.threads = 1});
    ASSERT_TRUE(one);
    for (const unsigned threads : {2u, 7u}) {
      const auto more = search(c, {.threads = threads});
      ASSERT_TRUE(more);
      EXPECT_EQ(more->counts.considered, one->counts.considered);
      EXPECT_EQ(more->counts.cut_divisibility, one->counts.cut_divisibility);
      EXPECT_EQ(more->counts.cut_memory, one->counts.cut_memory);
      EXPECT_EQ(more->counts.cut_bound, one->counts.cut_bound);
      EXPECT_EQ(more->counts.estimated, one->counts.estimated);
      EXPECT_EQ(more->reasons, one->reasons);
      ASSERT_EQ(more->best.size(), one->best.size());
      for (std::size_t i = 0; i < one->best.size(); ++i) {
        EXPECT_EQ(more->best[i].layout, one->best[i].layout);
        EXPECT_EQ(more->best[i].step.step_time, one->best[i].step.step_time);
      }
    }
  }
}

TEST(LayoutSearch, ReturnsLayoutsThatFitUseEveryChipAndKeepWhatWasGiven) {
  for (const Case& c : cases()) {
    const SearchOptions options{.memory_headroom = 0.1, .threads = 1};
    const auto found = search(c, options);
    ASSERT_TRUE(found);
    Seconds before{};
    for (const RankedLayout& ranked : found->best) {
      EXPECT_FALSE(train::memory_problem(ranked.step, h100(), options.memory_headroom)) << c.model;
      EXPECT_FALSE(train::layout_problem(model_named(c.model), job(c), ranked.layout)) << c.model;
      EXPECT_EQ(ranked.layout.chips(), c.chips) << c.model;
      EXPECT_GE(ranked.step.step_time, before);
      before = ranked.step.step_time;
      EXPECT_EQ(c.given.tensor_parallel.value_or(ranked.layout.tensor_parallel), ranked.layout.tensor_parallel);
      EXPECT_EQ(c.given.pipeline_parallel.value_or(ranked.layout.pipeline_parallel), ranked.layout.pipeline_parallel);
      EXPECT_EQ(c.given.microbatch.value_or(ranked.layout.microbatch), ranked.layout.microbatch);
      EXPECT_EQ(c.given.sharding.value_or(ranked.layout.sharding), ranked.layout.sharding);
    }
  }
}

TEST(LayoutSearch, NeverGetsWorseWhenMoreIsSearched) {
  const Case c{"llama-3-8b", 16, 32, {}};
  const auto habits = search(c, {.threads = 1});
  const auto all = search(c, {.all_overlaps = true, .threads = 1});
  ASSERT_TRUE(habits && all);
  // 2 % for the ranking by closed form.
  EXPECT_LE(all->best.front().step.step_time.value(), habits->best.front().step.step_time.value() * 1.02);
}

TEST(LayoutSearch, SaysWhyNothingFitsAndWhatToChange) {
  // 405e9 weights of 2 bytes alone exceed 8 chips of 80 GB.
  const auto found = search({"llama-3.1-405b", 8, 8, {}}, {.threads = 1});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.why().reason, "memory");
  EXPECT_NE(found.why().remedy.find("more memory"), std::string::npos);
}

TEST(LayoutSearch, SaysWhenNothingDivides) {
  const auto found =
      search({"llama-3-8b", 8, 8, given([](PartialLayout& g) { g.tensor_parallel = 3; })}, {.threads = 1});
  ASSERT_FALSE(found);
  EXPECT_FALSE(found.why().remedy.empty());
}

TEST(CompleteLayout, GivesTheRestOfTheChipsToDataParallel) {
  const Layout layout = complete_layout(given([](PartialLayout& g) { g.tensor_parallel = 4, g.pipeline_parallel = 2; }),
                                        h100(), 64, false);
  EXPECT_EQ(layout.data_parallel, 8);
  EXPECT_TRUE(layout.sequence_parallel);
  EXPECT_EQ(layout.schedule, Schedule::kOneFOneB);
  EXPECT_EQ(complete_layout(given([](PartialLayout& g) { g.virtual_pipeline = 2; }), h100(), 8, false).schedule,
            Schedule::kInterleaved);
  EXPECT_EQ(complete_layout({}, h100(), 8, true).sharding, Sharding::kNone);
}

TEST(LayoutSearch, OrdersEachPipelineOnceForManyLayouts) {
  const Case c{"llama-3-70b", 64, 64, given([](PartialLayout& g) {
                 g.schedule = Schedule::kZbV, g.pipeline_parallel = 4, g.tensor_parallel = 4;
               })};
  train::ProgramMemo programs;
  const SearchOptions options{.keep = 1, .all_overlaps = true, .threads = 1, .programs = &programs};
  const auto first = search(c, options);
  ASSERT_TRUE(first);
  const long long made = programs.made();
  EXPECT_GT(made, 0);
  EXPECT_LT(2 * made, static_cast<long long>(first->counts.estimated));
  const auto again = search(c, options);
  EXPECT_EQ(programs.made(), made);
  const auto alone = search(c, {.keep = 1, .all_overlaps = true, .threads = 1});
  EXPECT_EQ(again->best.front().step.step_time, alone->best.front().step.step_time);
}

TEST(LayoutSearch, TriesTheOverlapThatAStackHasAndLeavesOff) {
  const auto searched = [](std::vector<std::string> switches) {
    const machine::Machine machine = test::machine_with("h100-sxm", "megatron-core-2025", [&](catalog::Stack& s) {
      s.overlap_expert_parallel = false;
      s.overlap_switches = switches;
    });
    const Case c{"mixtral-8x7b", 32, 64, {}, machine};
    return search(c, {.keep = 30, .threads = 1});
  };
  const auto without = searched({}), with = searched({"expert_parallel"});
  ASSERT_TRUE(without && with);
  for (const RankedLayout& ranked : without->best) EXPECT_FALSE(ranked.layout.overlap_expert_parallel);
  EXPECT_LE(with->best.front().step.step_time, without->best.front().step.step_time);
  int overlapped = 0;
  for (const auto& [layout, step] : with->best) {
    if (!layout.overlap_expert_parallel) continue;
    ++overlapped;
    EXPECT_GT(64 / (layout.data_parallel * layout.microbatch), 1);
    EXPECT_TRUE(layout.pipeline_parallel == 1 || layout.virtual_pipeline > 1);
    EXPECT_NE(layout.recompute, workload::Recompute::kFull);
  }
  EXPECT_GT(overlapped, 0);
}

}  // namespace
}  // namespace socle::search
