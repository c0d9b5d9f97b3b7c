#include "support/ask.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/base/json.hpp"
#include "socle/base/utf8.hpp"

namespace socle::test {
namespace {

Text ask(const Flags& flags, bool json = false, unsigned threads = 1) {
  return train_text({.flags = flags, .json = json, .threads = threads}, true);
}

const Flags kSearched{{"--model", "llama-3-8b"}, {"--cluster", "hgx-h100:2"}, {"--tokens", "1T"}};

Flags given() {
  Flags flags = kSearched;
  flags.insert({{"--tp", "2"},
                {"--pp", "1"},
                {"--cp", "1"},
                {"--dp", "8"},
                {"--microbatch", "1"},
                {"--schedule", "1f1b"},
                {"--recompute", "none"},
                {"--sharding", "zero1"}});
  return flags;
}

TEST(Train, JsonIsTheSameForAnyNumberOfThreads) {
  const std::string one = ask(kSearched, true, 1).text;
  EXPECT_EQ(one, ask(kSearched, true, 2).text);
  EXPECT_EQ(one, ask(kSearched, true, 7).text);
  EXPECT_EQ(parse_json(one, "answer").find("schema")->as_string(), "socle.train/1");
}

TEST(Train, SearchesOnlyWhatIsLeftOut) {
  EXPECT_NE(ask(kSearched).text.find("Search: "), std::string::npos);
  EXPECT_EQ(ask(given()).text.find("Search: "), std::string::npos);
  Flags flags = kSearched;
  flags["--tp"] = "4";
  EXPECT_EQ(parse_json(ask(flags, true).text, "answer").find("layout")->find("tp")->as_int(), 4);
}

TEST(Train, ShowsNoRoundOffAsAPartOfTheStep) {
  // Eight chunks a stage: sums over 64 chunks differ from their average in the last digits.
  const Flags flags{{"--model", "glm-4.5-air"},
                    {"--cluster", "mlu370-x8-8:64"},
                    {"--vpp", "8"},
                    {"--seq", "4096"},
                    {"--global-batch", "256"}};
  const Json parts = *parse_json(train_text({.flags = flags, .json = true}).text, "answer").find("waterfall");
  for (const char* part : {"imbalance_s", "bubble_s"}) {
    const double seconds = parts.find(part)->as_double();
    EXPECT_TRUE(seconds == 0 || seconds > 1e-9) << part << ' ' << seconds;
  }
}

TEST(Train, CostsNoMoreForTenMillionSequencesAndDrawsNoTimelineOfThem) {
  const api::TrainAnswer answer = train_of({.flags = {{"--model", "llama-3-8b"},
                                                      {"--cluster", "hgx-h100:2"},
                                                      {"--pp", "2"},
                                                      {"--microbatch", "1"},
                                                      {"--dp", "2"},
                                                      {"--global-batch", "10000000"}}});
  ASSERT_TRUE(answer.result);
  EXPECT_EQ(answer.result->run.step.microbatches, 5'000'000);
  try {
    api::timeline(answer);
    ADD_FAILURE() << "a timeline of so many tasks is refused";
  } catch (const InputError& error) {
    // 2 stages x 5 million microbatches x forward and backward.
    EXPECT_NE(
        std::string(error.what()).find("a timeline of 20000000 tasks is more than a viewer shows, 200000 at most"),
        std::string::npos)
        << error.what();
  }
}

TEST(Train, OrdersNoPipelineOfManyStagesWithoutEnd) {
  const Flags flags{{"--model", "llama-3-70b"},
                    {"--cluster", "hgx-h100:20"},
                    {"--stack", "megatron-bridge-26.08"},
                    {"--schedule", "zb-v"},
                    {"--pp", "20"},
                    {"--tp", "8"},
                    {"--dp", "1"},
                    {"--cp", "1"},
                    {"--microbatch", "1"},
                    {"--recompute", "full"},
                    {"--sharding", "none"},
                    {"--global-batch", "10000000"}};
  const std::string text = train_text({.flags = flags}).text;
  // 2^19 tasks of 6 x 20 a microbatch.
  EXPECT_NE(text.find("for 4369 microbatches of 20 stages at most"), std::string::npos) << text;
}

TEST(Train, NamesEveryFileThatItRead) {
  std::string cables = "from,to,bandwidth,latency\n";
  for (int i = 0; i < 16; ++i) cables += "h" + std::to_string(i) + ",s0,400 Gb/s,1 us\n";
  const api::TrainAnswer answer = train_of({.flags = {{"--model", "llama-3-8b"},
                                                      {"--cluster", "hgx-h100:2"},
                                                      {"--network", "flow"},
                                                      {"--fabric-file", "cables.csv"}},
                                            .files = {{"cables.csv", cables}}});
  ASSERT_TRUE(answer.result);
  EXPECT_EQ(answer.inputs.back().name, "cables.csv");
}

TEST(Train, NamesAFileThatItReadTwiceOnce) {
  const setup::FileReader read = [](const std::string& path) { return "text of " + path; };
  std::vector<report::InputText> inputs;
  const setup::FileReader noted = api::noting(read, inputs);
  for (const char* path : {"a.csv", "b.csv", "a.csv"}) noted(path);
  ASSERT_EQ(inputs.size(), 2u);
  EXPECT_EQ(inputs.back().name, "b.csv");
}

TEST(Train, TextFitsAHundredColumns) {
  const std::string text = ask(kSearched).text;
  for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
    end = std::min(text.find('\n', at), text.size());
    EXPECT_LE(display_width(std::string_view(text).substr(at, end - at)), 100) << text.substr(at, end - at);
  }
}

TEST(Train, StatesTheDefaultsThatItTook) {
  const std::string text = ask(kSearched).text;
  for (const char* part : {"precision is not stated: bf16", "sequence length is not stated: 8192",
                           "global batch is not stated", "software stack is not stated"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(Train, WhatDoesNotFitIsAnAnswerWithTheNearestChange) {
  // tp = 2 leaves 35B parameters a chip: 70 GB of weights in bf16 and 141 GB of gradients in fp32, 197 GiB. An H100 of
  // "80 GB" holds 80 GiB.
  Flags flags = given();
  flags["--model"] = "llama-3-70b";
  const Text answer = ask(flags);
  EXPECT_FALSE(answer.feasible);
  EXPECT_TRUE(answer.text.starts_with("Infeasible (memory): ")) << answer.text;
  EXPECT_NE(answer.text.find(" GiB of 80 GiB, beyond the model's error of 10.0 %"), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("Nearest change: "), std::string::npos) << answer.text;
  flags["--memory-headroom"] = "0.05";
  EXPECT_NE(ask(flags).text.find(" GiB of 80 GiB, of which 5.0 % stay free"), std::string::npos);
}

TEST(Train, ALayoutOfOtherChipsIsRefusedWithTheDpThatMatches) {
  Flags flags = given();
  flags["--dp"] = "4";
  const Text answer = ask(flags);
  EXPECT_FALSE(answer.feasible);
  EXPECT_NE(answer.text.find("use dp = 8"), std::string::npos) << answer.text;
}

TEST(Train, HugeSizesAreRefusedWithoutOverflow) {
  for (const char* size : {"--tp", "--pp", "--vpp", "--dp", "--ep", "--etp"}) {
    Flags flags = given();
    flags[size] = "1000000";
    EXPECT_FALSE(ask(flags).feasible) << size;
  }
}

TEST(Train, UnknownNamesAreToldTogetherWhereTheyStand) {
  try {
    train_of({.scenario = "[model]\nname = \"lama-3-8b\"\n[cluster]\nnode = \"hgx-h10\"\nnodes = 2\nstack = "
                          "\"megatron-core-2052\"\n"});
    FAIL();
  } catch (const InputError& error) {
    const std::string said = error.what();
    for (const char* place : {"s.toml:2:1: ", "s.toml:4:1: ", "s.toml:6:1: "})
      EXPECT_NE(said.find(place), std::string::npos) << place << said;
    EXPECT_EQ(error.problems().size(), 3u) << said;
  }
}

TEST(Train, AnUnknownStackIsToldOnce) {
  Flags flags = given();
  flags["--stack"] = "megatron-core-2052";
  try {
    ask(flags);
    FAIL();
  } catch (const InputError& error) { EXPECT_EQ(error.problems().size(), 1u) << error.what(); }
}

TEST(Train, FactsThatAreNotPublicMayBeSupplied) {
  // The catalogue knows the peaks of this chip, but nothing of its memory.
  Asked asked{.scenario = "[cluster]\nchip = \"kunlunxin-p800\"\nchips = 16\n", .flags = {{"--model", "llama-3-8b"}}};
  EXPECT_THROW(train_of(asked), InputError);
  asked.scenario += "memory = \"64 GB\"\nmemory_bandwidth = \"1.8 TB/s\"\n";
  const Text answer = train_text(asked);
  EXPECT_TRUE(answer.feasible) << answer.text;
  EXPECT_NE(answer.text.find("were supplied by the user"), std::string::npos) << answer.text;
}

TEST(Train, NeedsAModelAndACluster) {
  try {
    ask({});
    FAIL();
  } catch (const InputError& error) { EXPECT_EQ(error.problems().size(), 2u) << error.what(); }
}

// Slices of a torus.
Flags sliced(const char* sides) {
  return {{"--model", "llama-3-8b"},
          {"--cluster", "tpu-v5p:32"},
          {"--slice", sides},
          {"--tp", "8"},
          {"--pp", "1"},
          {"--cp", "1"},
          {"--dp", "16"},
          {"--microbatch", "1"},
          {"--schedule", "1f1b"},
          {"--recompute", "none"},
          {"--sharding", "zero1"}};
}

double step_of(const Flags& flags) {
  const Json answer = parse_json(ask(flags, true).text, "answer");
  return answer.find("figures")->find("step_time_s")->find("value")->as_double();
}

TEST(TrainOnSlices, SayWhereTheAxesLie) {
  const std::string text = ask(sliced("4x4x8")).text;
  EXPECT_NE(
      text.find("slices: 1 of 4x4x8, every side a ring; tp 8 on a ring of 8; dp 16 on a ring of 4 and a ring of 4"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("which sides of a slice close to rings, recall"), std::string::npos) << text;
  const Json slice = *parse_json(ask(sliced("4x4x8"), true).text, "answer").find("slice");
  EXPECT_EQ(slice.find("sides")->as_string(), "4x4x8");
  EXPECT_EQ(slice.find("slices")->as_int(), 1);
}

TEST(TrainOnSlices, AShapeWithoutRingsIsSlower) {
  EXPECT_GT(step_of(sliced("2x8x8")), 1.005 * step_of(sliced("4x4x8")));
}

TEST(TrainOnSlices, SwitchedDomainsHaveNone) {
  EXPECT_EQ(ask(kSearched).text.find("slices:"), std::string::npos);
  EXPECT_EQ(parse_json(ask(kSearched, true).text, "answer").find("slice"), nullptr);
}

TEST(TrainOnSlices, WhatCannotBeCutIsRefusedWithTheRemedy) {
  for (const auto& [sides, part] : {std::pair{"4x4x3", "which do not divide the cluster's 128"},
                                    {"wide", "such as \"16x16\""},
                                    {"100x100x100", "at most 8960"},
                                    {"4x4x4", "does not know the NIC bandwidth"}}) {
    try {
      ADD_FAILURE() << sides << ask(sliced(sides)).text;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << sides << ": " << error.what();
    }
  }
}

}  // namespace
}  // namespace socle::test
