#include "socle/search/stack_spread.hpp"

#include <gtest/gtest.h>

#include "socle/setup/model_catalog.hpp"
#include "support/test_machine.hpp"

namespace socle::search {
namespace {

/// Stacks that differ by what one step costs the host: s, 2 s, 3 s, ... beside the same device time.
std::vector<catalog::Stack> stacks_of(std::initializer_list<std::pair<const char*, double>> overheads) {
  const catalog::Catalog catalog;
  std::vector<catalog::Stack> stacks;
  for (const auto& [slug, seconds] : overheads) {
    catalog::Stack stack = catalog::load_stack(catalog, "megatron-core-2025");
    stack.slug = stack.name = slug;
    stack.step_overhead = Seconds{seconds};
    stack.jitter = 0;
    stack.range_low = 0.9;
    stack.range_high = 1.1;
    stacks.push_back(std::move(stack));
  }
  return stacks;
}

struct Job {
  model::Transformer model = setup::load_model(catalog::Catalog(), "llama-3-8b");
  workload::TrainingJob job;
  workload::PartialLayout given;
  machine::Machine machine = test::machine_of("h100-sxm", "megatron-core-2025");
  Job() {
    job.sequence_length = 4096;
    job.global_batch = 64;
  }
  workload::Layout layout() const { return complete_layout(given, machine, 8, false); }
  StackSpread spread(const std::vector<catalog::Stack>& stacks) const {
    return spread_of_stacks(model, job, given, layout(), machine, stacks);
  }
};

TEST(StackSpread, TheMiddleIsTheMedianAndTheFasterOfTwo) {
  const Job job;
  const StackSpread odd = job.spread(stacks_of({{"c", 9}, {"a", 1}, {"b", 2}}));
  EXPECT_EQ(odd.chosen().slug, "b");
  EXPECT_EQ(odd.stacks.front().slug, "a");
  EXPECT_EQ(odd.stacks.back().slug, "c");
  EXPECT_EQ(job.spread(stacks_of({{"d", 20}, {"c", 9}, {"a", 1}, {"b", 2}})).chosen().slug, "b");
}

TEST(StackSpread, TheRangeReachesFromTheLeastLowEndToTheGreatestHighEnd) {
  // Steps of x + 1, x + 2, x + 9 seconds, each 0.9 to 1.1 of itself.
  const Job job;
  const StackSpread spread = job.spread(stacks_of({{"a", 1}, {"b", 2}, {"c", 9}}));
  const double fast = spread.stacks[0].step.value(), middle = spread.chosen().step.value(),
               slow = spread.stacks[2].step.value();
  EXPECT_NEAR(middle - fast, 1.0, 1e-9);
  EXPECT_NEAR(slow - middle, 7.0, 1e-9);
  EXPECT_NEAR(spread.range().low, 0.9 * fast / middle, 1e-12);
  EXPECT_NEAR(spread.range().high, 1.1 * slow / middle, 1e-12);
  const machine::Machine machine = on_middle(job.machine, stacks_of({{"a", 1}, {"b", 2}, {"c", 9}}), spread);
  EXPECT_EQ(machine.stack().slug, "b");
  EXPECT_NEAR(machine.stack().range_high, 1.1 * slow / middle, 1e-12);
}

TEST(StackSpread, AStackThatLacksAnAxisIsNoneOfALayoutThatSplitsAlongIt) {
  Job job;
  std::vector<catalog::Stack> stacks = stacks_of({{"a", 1}, {"b", 2}, {"c", 9}});
  stacks[1].lacks = {"pp"};
  EXPECT_EQ(job.spread(stacks).stacks.size(), 3u);
  job.given.pipeline_parallel = 2;
  EXPECT_EQ(job.spread(stacks).stacks.size(), 2u);
}

TEST(StackSpread, TheSentenceTellsWhatTheFastestAndTheSlowestWouldDo) {
  const StackSpread spread{.stacks = {{.slug = "a", .name = "A", .step = Seconds{8.0}},
                                      {.slug = "b", .name = "B", .step = Seconds{10.0}},
                                      {.slug = "c", .name = "C", .step = Seconds{12.5}}},
                           .middle = 1};
  EXPECT_EQ(stack_sentence(spread),
            "B, the middle of 3 plausible stacks; with A instead: 8 s (-20 %); with C instead: 12.5 s (+25 %)");
}

TEST(StackSpread, ASearchEndsOnTheMiddleInItsOwnLayout) {
  const Job job;
  const catalog::Catalog catalog;
  std::vector<catalog::Stack> stacks;
  for (const char* slug : {"megatron-bridge-26.08", "maxtext-gpu-25.02", "llm-foundry-2023", "nemo-dgxc-25.05"})
    stacks.push_back(catalog::load_stack(catalog, slug));
  const auto found = search_on_middle(job.model, job.job, job.given, job.machine, stacks, 16, {});
  ASSERT_TRUE(found);
  const RankedLayout& best = found->found.best.front();
  const StackSpread again = spread_of_stacks(job.model, job.job, job.given, best.layout, found->machine, stacks);
  EXPECT_EQ(again.chosen().slug, found->machine.stack().slug);
  EXPECT_EQ(again.chosen().step, best.step.step_time);
}

TEST(StackSpread, OptionsThatAreTriedAgainstEachOtherChooseNoStack) {
  const Job job;
  std::vector<catalog::Stack> stacks;
  for (const char* slug : {"megatron-bridge-26.08", "huggingface-trainer-2025", "pytorch-fsdp2-2025"})
    stacks.push_back(catalog::load_stack(catalog::Catalog(), slug));
  const auto spread = [&](const workload::TrainingJob& asked) {
    return middle_for(job.model, asked, job.layout(), job.machine, stacks, 16);
  };
  const StackSpread plain = spread(job.job);
  workload::TrainingJob other = job.job;
  other.loss = workload::Loss::kFused;
  other.optimizer = workload::Optimizer::kSgd;
  other.gradient_type = workload::GradientType::kBf16;
  other.packed_length = 512;
  ASSERT_EQ(spread(other).stacks.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(spread(other).stacks[i].slug, plain.stacks[i].slug);
    EXPECT_EQ(spread(other).stacks[i].step, plain.stacks[i].step);
  }
}

}  // namespace
}  // namespace socle::search
