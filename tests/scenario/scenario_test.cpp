#include "socle/setup/vocabulary.hpp"

#include <gtest/gtest.h>

namespace socle::scenario {
namespace {

Scenario read(const std::string& text, const std::string& source, const Flags& flags,
              Question question = Question::kTrain) {
  return setup::read_scenario(text, source, flags, question);
}

// What reading says of a text, or nothing.
std::string problems_of(const std::string& text, const Flags& flags = {}) {
  try {
    read(text, text.empty() ? "" : "a.toml", flags);
    return {};
  } catch (const InputError& error) { return error.what(); }
}

struct BadInput {
  const char* what;
  const char* text;
  const char* said;  ///< part of the message
};

class BadScenario : public testing::TestWithParam<BadInput> {};

TEST_P(BadScenario, IsRefusedWithPlaceAndRemedy) {
  const std::string said = problems_of(GetParam().text);
  EXPECT_TRUE(said.starts_with("a.toml:")) << said;
  EXPECT_NE(said.find(GetParam().said), std::string::npos) << said;
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadScenario,
    testing::Values(
        BadInput{"Negative", "[layout]\ntp = -2\n", "a.toml:2:1: tp = -2 is out of range"},
        BadInput{"Zero", "[training]\nglobal_batch = 0\n", "global_batch = 0 is out of range"},
        BadInput{"ZeroTokens", "[training]\ntokens = 0\n", "tokens is zero"},
        BadInput{"Huge", "[training]\nsequence_length = 99999999999\n",
                 "is out of range; write an integer from 1 to 16777216"},
        BadInput{"HugeTokens", "[training]\ntokens = \"9e30\"\n", "out of range"},
        BadInput{"NotANumber", "[limits]\nmemory_headroom = nan\n", "memory_headroom = nan is out of range"},
        BadInput{"Infinite", "[cluster]\nchip = \"h100-sxm\"\nchips = 8\npower_cap = inf\n",
                 "power_cap = inf is out of range"},
        BadInput{"WrongUnit", "[limits]\npower = \"30 GB\"\n", "\"GB\" is not a unit known here"},
        BadInput{"NoUnit", "[limits]\ndeadline = \"90\"\n", "has no unit"},
        BadInput{"WrongType", "[layout]\ntp = \"8\"\n", "tp is a text; write an integer"},
        BadInput{"WrongTypeOfSection", "layout = 8\n", "layout is an integer; write a table"},
        BadInput{"WrongChoice", "[layout]\nschedule = \"1f2b\"\n", "did you mean \"1f1b\"?"},
        BadInput{"UnknownKey", "[layout]\nmicrobatches = 2\n", "did you mean \"microbatch\"?"},
        BadInput{"UnknownSection", "[layuot]\ntp = 2\n", "did you mean \"layout\"?"},
        BadInput{"WrongRent", "[cluster]\nnode = \"x\"\nnodes = 1\nrent = \"2 USD\"\n", "2.1 USD/chip-hour"},
        BadInput{"NodeAndChip", "[cluster]\nnode = \"x\"\nchip = \"y\"\nnodes = 1\n", "node and chip are both given"},
        BadInput{"NoCount", "[cluster]\nnode = \"x\"\n", "nodes is missing"},
        BadInput{"NameAndConfig", "[model]\nname = \"a\"\nconfig = \"b\"\n", "name and config are both given"},
        BadInput{"CandidateInDoubt", "[[candidate]]\nname = \"a\"\n", "node is missing"}),
    [](const auto& info) { return std::string(info.param.what); });

TEST(Scenario, TellsEveryProblemOfFileAndFlagsAtOnce) {
  const std::string said = problems_of("[layout]\ntp = 0\npp = 0\n[limits]\ncapex = \"1 EUR\"\n", {{"--dp", "none"}});
  for (const char* part :
       {"a.toml:2:1: tp", "a.toml:3:1: pp", "a.toml:5:1: capex", "--dp = \"none\": write an integer"}) {
    EXPECT_NE(said.find(part), std::string::npos) << part << "\n" << said;
  }
}

TEST(Scenario, FlagsAreCheckedAsKeysAre) {
  const Flags bad[] = {{{"--tp", "-1"}},
                       {{"--tp", "0"}},
                       {{"--tp", "nan"}},
                       {{"--tp", "99999999999"}},
                       {{"--seq", "8k"}},
                       {{"--tokens", "-1T"}},
                       {{"--precision", "bf61"}},
                       {{"--cluster", "hgx-h100"}},
                       {{"--cluster", "hgx-h100:0"}},
                       {{"--sp", "yes"}},
                       {{"--rent", "2"}}};
  for (const Flags& flags : bad) {
    const std::string said = problems_of("", flags);
    EXPECT_TRUE(said.starts_with(flags.begin()->first + " = \"")) << said;
  }
}

TEST(Scenario, FlagsOverrideTheFile) {
  const Scenario scenario =
      read("[layout]\ntp = 8\npp = 2\n[cluster]\nnode = \"a\"\nnodes = 4\nrent = \"2.1 USD/chip-hour\"\n", "a.toml",
           {{"--tp", "4"}, {"--cluster", "b:16"}});
  EXPECT_EQ(scenario.layout.tensor_parallel, 4);
  EXPECT_EQ(scenario.layout.pipeline_parallel, 2);
  EXPECT_EQ(scenario.cluster->node.text, "b");
  EXPECT_EQ(scenario.cluster->nodes, 16);
  EXPECT_FALSE(scenario.cluster->rent_per_chip_hour.has_value()) << "the rent of another machine";
}

TEST(Scenario, ReadsEveryKeyOfTheContract) {
  const Scenario s = read(
      "[model]\nconfig = \"m/config.json\"\n"
      "[training]\ntokens = \"15.6T\"\nsequence_length = 8192\nglobal_batch = 2048\nprecision = \"bf16\"\nattention = "
      "\"flash\"\nlora = true\nlora_rank = 8\nmtp = false\n"
      "[[candidate]]\nname = \"a\"\nnode = \"hgx-h100\"\nrent = \"2.1 USD/chip-hour\"\nprice = \"3e6 CNY\"\npower_cap "
      "= 0.8\n"
      "fabric = { topology = \"fat-tree\", nic = \"400 Gb/s\", oversubscription = 2.0 }\n"
      "[layout]\ntp = 8\nsp = true\npp = 2\nvpp = 2\ncp = 1\nep = 1\netp = 1\ndp = 4\nmicrobatch = 1\nschedule = "
      "\"interleaved\"\nrecompute = \"full\"\nrecompute_layers = 1\n"
      "sharding = \"zero1\"\nshard_size = 2\noffload_optimizer = false\noverlap_grad_reduce = "
      "true\noverlap_param_gather = true\noverlap_tensor_parallel = true\n"
      "overlap_expert_parallel = false\n"
      "[limits]\ncapex = \"3.0e9 CNY\"\nbudget = \"1e6 USD\"\npower = \"30 MW\"\ndeadline = \"90 days\"\nchips = "
      "1024\nmemory_headroom = 0.1\n",
      "a.toml", {});
  EXPECT_EQ(s.training.tokens, Tokens{15.6e12});
  EXPECT_EQ(s.candidates.front().overrides.nic, BytesPerSecond{50e9});
  EXPECT_EQ(s.candidates.front().rent_per_chip_hour, (Money{2.1, Currency::kUsd}));
  EXPECT_EQ(s.layout.schedule, workload::Schedule::kInterleaved);
  EXPECT_EQ(s.limits.opex, (Money{1e6, Currency::kUsd}));
  EXPECT_EQ(s.limits.deadline, Seconds{90 * 86400.0});
}

TEST(Scenario, GigabytesOfChipsAreBinaryEitherWay) {
  // An 80 GB chip holds 80 x 2^30 bytes.
  const std::string cluster = "[cluster]\nnode = \"hgx-h100\"\nnodes = 1\n";
  for (const char* memory : {"80 GB", "80 GiB", "80GiB", "0.078125 TiB"}) {
    const Scenario by_file = read(cluster + "memory = \"" + memory + "\"\n", "a.toml", {});
    const Scenario by_flag = read(cluster, "a.toml", {{"--memory", memory}});
    EXPECT_NEAR(catalog::visible_memory(*by_file.cluster->overrides.memory).value(), 80.0 * 1073741824.0, 1.0)
        << memory;
    EXPECT_EQ(by_file.cluster->overrides.memory, by_flag.cluster->overrides.memory);
  }
}

}  // namespace
}  // namespace socle::scenario
