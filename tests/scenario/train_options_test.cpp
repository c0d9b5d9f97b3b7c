#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/workload/layout_text.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

const char* const kJob = R"([model]
name = "deepseek-v2-lite"
[training]
sequence_length = 4096
global_batch = 64
[cluster]
node = "hgx-h100"
nodes = 2
stack = "megatron-core-2025"
)";

std::string refused(const std::string& scenario, const Flags& flags = {}) {
  try {
    train_of({.scenario = scenario, .flags = flags});
  } catch (const InputError& error) { return error.what(); }
  return "";
}

TEST(TrainOptions, NamesTheModulesThatAreKnown) {
  const std::string text = refused(std::string(kJob) + "[layout]\nrecompute_modules = [\"moe_act\", \"norms\"]\n");
  EXPECT_NE(text.find("s.toml:11"), std::string::npos) << text;
  EXPECT_NE(text.find("layernorm"), std::string::npos) << text;
  EXPECT_NE(refused(kJob, {{"--recompute-modules", "all"}}).find("shared_experts"), std::string::npos);
}

TEST(TrainOptions, RefusesAQuantisedBaseWithoutAdapters) {
  EXPECT_NE(refused(kJob, {{"--base-format", "nf4"}}).find("lora = true"), std::string::npos);
  EXPECT_EQ(refused(kJob, {{"--base-format", "nf4"}, {"--lora", "true"}}), "");
  EXPECT_NE(refused(kJob, {{"--packed-length", "8192"}}).find("4096"), std::string::npos);
}

TEST(TrainOptions, NamedModulesAreSelectiveRecompute) {
  const api::TrainAnswer answer = train_of({.scenario = kJob, .flags = {{"--recompute-modules", "moe_act,layernorm"}}});
  ASSERT_TRUE(answer.result);
  for (const search::RankedLayout& ranked : answer.result->search->best) {
    EXPECT_EQ(ranked.layout.recompute, workload::Recompute::kSelective);
    EXPECT_EQ(ranked.layout.recompute_modules,
              workload::RecomputeModule::kMoeActivation | workload::RecomputeModule::kLayerNorm);
  }
  const std::string text = workload::layout_text(answer.result->run.layout);
  EXPECT_NE(text.find("recompute selective of moe_act + layernorm"), std::string::npos) << text;
}

TEST(TrainOptions, ThatContradictOrActOnNothingAreRefusedBeforeASearch) {
  const auto why = [](const Flags& flags) {
    const api::TrainAnswer answer = train_of({.scenario = kJob, .flags = flags});
    return answer.result ? std::string() : answer.result.why().reason;
  };
  const std::string modules = "recompute-modules";
  EXPECT_EQ(why({{"--model", "llama-3-8b"}, {"--recompute-modules", "moe"}}), modules);
  EXPECT_EQ(why({{"--recompute", "none"}, {"--recompute-modules", "moe"}}), modules);
  EXPECT_EQ(why({{"--recompute", "none"}, {"--recompute-every", "2"}}), "recompute-every");
  EXPECT_EQ(why({{"--sharding", "zero1"}, {"--defer-grad-reduce", "true"}}), "reshard");
}

TEST(TrainOptions, EveryNthLayerIsFullRecompute) {
  const api::TrainAnswer answer = train_of({.scenario = kJob, .flags = {{"--recompute-every", "3"}}});
  ASSERT_TRUE(answer.result);
  for (const search::RankedLayout& ranked : answer.result->search->best) {
    EXPECT_EQ(ranked.layout.recompute, workload::Recompute::kFull);
    EXPECT_EQ(ranked.layout.recompute_every, 3);
  }
}

TEST(TrainOptions, ASearchNamesModulesWhereTheFrameworkTakesThem) {
  // Too little memory for every activation, enough for most.
  Flags flags{{"--memory", "40 GB"}, {"--tp", "1"}, {"--pp", "1"}, {"--cp", "1"}, {"--microbatch", "2"}};
  const api::TrainAnswer megatron = train_of({.scenario = kJob, .flags = flags});
  ASSERT_TRUE(megatron.result);
  bool named = false;
  for (const search::RankedLayout& ranked : megatron.result->search->best)
    named = named || !ranked.layout.recompute_modules.empty();
  EXPECT_TRUE(named);
  flags["--stack"] = "torchtitan-2025";
  const api::TrainAnswer titan = train_of({.scenario = kJob, .flags = flags});
  ASSERT_TRUE(titan.result);
  for (const search::RankedLayout& ranked : titan.result->search->best)
    EXPECT_TRUE(ranked.layout.recompute_modules.empty());
}

TEST(TrainOptions, AreDoubtedWhereTheFrameworkIsNotKnownToHaveThem) {
  const Flags flags{{"--recompute", "op-selective"}};
  EXPECT_NE(train_text({.scenario = kJob, .flags = flags, .json = true}).text.find("not known to have it"),
            std::string::npos);
  Flags titan = flags;
  titan["--stack"] = "torchtitan-2025";
  EXPECT_EQ(train_text({.scenario = kJob, .flags = titan, .json = true}).text.find("not known to have it"),
            std::string::npos);
}

}  // namespace
}  // namespace socle::test
