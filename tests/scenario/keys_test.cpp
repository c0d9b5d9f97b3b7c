#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "socle/api/keys.hpp"
#include "socle/api/scenario_file.hpp"
#include "socle/base/json.hpp"
#include "socle/setup/vocabulary.hpp"
#include "support/ask.hpp"

namespace socle::scenario {
namespace {

std::string problems_of(const std::string& text, const Flags& flags, Question question) {
  try {
    setup::read_scenario(text, text.empty() ? "" : "s.toml", flags, question);
    return {};
  } catch (const InputError& error) { return error.what(); }
}

// What a section needs beside the key, so that the file is whole.
std::string file_with(const KeyFacts& key) {
  const std::string said = fmt::format("{} = {}\n", key.name, key.example);
  if (key.section == "cluster.fabric") return "[cluster]\nnode = \"hgx-h100\"\nnodes = 4\n[cluster.fabric]\n" + said;
  if (key.section == "requests.class")
    return "[[requests.class]]\n" + std::string(key.name == "name" ? "" : "name = \"a\"\n") +
           (key.name == "slo_percentile" ? "slo_e2e = \"1 s\"\n" : "") + said;
  if (key.section != "cluster") return fmt::format("[{}]\n{}", key.section, said);
  const std::string node = key.name == "node" || key.name == "chip" ? "" : "node = \"hgx-h100\"\n";
  return "[cluster]\n" + node + (key.name == "nodes" || key.name == "chips" ? "" : "nodes = 4\n") + said;
}

// As a flag takes it: without the quotes and brackets of a file.
std::string flag_text(std::string example) {
  std::erase_if(example, [](char c) { return c == '"' || c == '[' || c == ']'; });
  return example;
}

TEST(Keys, EveryOneHasAFlagAndEveryFlagIsOfOne) {
  // --tp is [layout]'s in training and [serving]'s in serving: no question has both.
  std::set<std::pair<std::string, Question>> seen;
  for (const KeyFacts& key : api::key_facts()) {
    // NICs inside `fabric = {}` of a cluster are the cluster's own, which have flags.
    // Classes of requests are as many as the file has: no flag names one.
    const bool twice = (key.section == "cluster.fabric" && (key.name == "nic" || key.name == "nics")) ||
                       key.section == "requests.class";
    EXPECT_NE(key.flag.empty(), !twice) << key.section << "." << key.name;
    std::vector<std::string> spellings = key.other_flags;
    if (!twice) spellings.push_back(key.flag);
    for (const std::string& flag : spellings) {
      for (const Question question : kAllQuestions) {
        if (!key.questions.has(question)) continue;
        EXPECT_TRUE(seen.insert({flag, question}).second) << flag << " stands for two keys";
      }
    }
  }
}

TEST(Keys, EachTakesItsExampleFromAFile) {
  for (const KeyFacts& key : api::key_facts()) {
    if (key.name.empty()) continue;
    EXPECT_EQ(problems_of(file_with(key), {}, Question::kTrain), "") << file_with(key);
    for (const std::string& other : key.other_names) {
      KeyFacts spelled = key;
      spelled.name = other;
      EXPECT_EQ(problems_of(file_with(spelled), {}, Question::kTrain), "") << file_with(spelled);
      const std::string both =
          fmt::format("[{}]\n{} = {}\n{} = {}\n", key.section, key.name, key.example, other, key.example);
      EXPECT_NE(problems_of(both, {}, Question::kTrain).find("mean the same"), std::string::npos) << both;
    }
  }
}

TEST(Keys, EachIsRefusedByNameWhereItDoesNotAct) {
  for (const KeyFacts& key : api::key_facts()) {
    for (const Question question : kAllQuestions) {
      const bool means_another =
          std::any_of(api::key_facts().begin(), api::key_facts().end(),
                      [&](const KeyFacts& other) { return other.flag == key.flag && other.questions.has(question); });
      if (key.flag.empty() || means_another) continue;
      const std::string said = problems_of("", {{key.flag, flag_text(key.example)}}, question);
      EXPECT_NE(said.find(fmt::format("{} does not act on socle {}", key.flag, command_of(question))),
                std::string::npos)
          << said;
    }
  }
}

TEST(Keys, FlagsThatNeedAnotherToActSaySo) {
  const auto said = [](const Flags& flags, Question question) { return problems_of("", flags, question); };
  EXPECT_NE(said({{"--topology", "torus"}}, Question::kTrain).find("acts with --network flow only"), std::string::npos);
  EXPECT_EQ(said({{"--topology", "torus"}, {"--network", "flow"}}, Question::kTrain), "");
  EXPECT_NE(said({{"--model", "llama-3-8b"}}, Question::kSimulate).find("acts with --traffic step only"),
            std::string::npos);
  EXPECT_NE(said({{"--shift", "3"}}, Question::kSimulate).find("does not act on traffic of kind all-reduce"),
            std::string::npos);
  EXPECT_NE(said({{"--field", "5"}}, Question::kSimulate).find("does not act on the topology fat-tree"),
            std::string::npos);
  EXPECT_NE(said({{"--precision", "fp8"}}, Question::kDesign).find("acts on the steps of a model only"),
            std::string::npos);
}

// Each would undo the other in silence, from a file and from flags alike.
TEST(Keys, ThoseInPlaceOfEachOtherAreNotTakenTogether) {
  const std::vector<KeyFacts>& keys = api::key_facts();
  int pairs = 0;
  for (const KeyFacts& key : keys) {
    for (const std::string& name : key.instead_of) {
      const auto other = std::find_if(keys.begin(), keys.end(), [&](const KeyFacts& one) {
        return one.section == key.section && one.name == name;
      });
      ASSERT_NE(other, keys.end()) << key.section << "." << name;
      ++pairs;
      const Question question = key.questions.has(Question::kTrain)      ? Question::kTrain
                                : key.questions.has(Question::kDesign)   ? Question::kDesign
                                : key.questions.has(Question::kRisk)     ? Question::kRisk
                                : key.questions.has(Question::kServeFit) ? Question::kServeFit
                                                                         : Question::kServe;
      const Flags flags{{key.flag, flag_text(key.example)}, {other->flag, flag_text(other->example)}};
      EXPECT_NE(problems_of("", flags, question).find(other->flag + " and " + key.flag + " are both given"),
                std::string::npos);
      if (key.name.empty()) continue;
      const std::string both =
          fmt::format("[{}]\n{} = {}\n{} = {}\n", key.section, name, other->example, key.name, key.example);
      EXPECT_NE(problems_of(both, {}, question).find(name + " and " + key.name + " are both given"), std::string::npos);
    }
  }
  // model 1; cluster 4 + 1 + 1 + 1 + 2; switch 1; serving 1 + 2; requests 1 + 2 + 3 * 2 + 3; cost 1; risk 1
  EXPECT_EQ(pairs, 30);
  EXPECT_NE(
      problems_of("[cluster]\nnode = \"hgx-h100\"\nnodes = 2\nnic = \"400 Gb/s\"\nfabric = { nic = \"200 Gb/s\" }\n",
                  {}, Question::kTrain)
          .find("nic stands in [cluster] and in its fabric"),
      std::string::npos);
}

TEST(Keys, AListHasNoEmptyPart) {
  const auto said = [](const Flags& flags) { return problems_of("", flags, Question::kSimulate); };
  EXPECT_NE(said({{"--failed", "leaf 3,"}}).find("one of them is empty"), std::string::npos);
  EXPECT_NE(said({{"--tiers", "2,,3"}}).find("write 1 to 64 integers from 1 to 3"), std::string::npos);
  EXPECT_NE(said({{"--topology", "torus"}, {"--torus", "8"}}).find("write 2 to 3 integers from 1 to 4096"),
            std::string::npos);
}

TEST(Templates, RunAsTheyStandAndWithEveryKeySaid) {
  for (const std::string& name : api::template_names()) {
    const std::string text = api::scenario_template(name);
    const Question question = name == "train"  ? Question::kTrain
                              : name == "plan" ? Question::kPlan
                              : name == "risk" ? Question::kRisk
                                               : Question::kSimulate;
    EXPECT_EQ(problems_of(text, {}, question), "") << name;
    for (std::size_t at = text.find("\n# "); at != std::string::npos; at = text.find("\n# ", at + 1)) {
      const std::size_t equals = text.find(" = ", at);
      if (equals == std::string::npos || text.find_first_of(" \n", at + 3) != equals) continue;
      // One key more, said in the place where the template shows it.
      std::string said = text;
      said.erase(at + 1, 2);
      const std::string problem = problems_of(said, {}, question);
      const bool excludes =
          problem.find("both given") != std::string::npos;  // name or config, node or chip, radix or switch
      EXPECT_TRUE(problem.empty() || excludes) << name << problem << said.substr(at, 60);
    }
  }
  EXPECT_THROW(api::scenario_template("serve"), InputError);
}

TEST(Check, TellsWhatCanBeAskedAndEveryProblem) {
  const auto check = [](const std::string& text) {
    return api::check_scenario(catalog::Catalog(), test::request_of({.scenario = text}));
  };
  const auto answered = [&](const std::string& text) { return check(text).result; };
  const answer::CheckResult job =
      answered("[model]\nname = \"llama-3-8b\"\n[cluster]\nnode = \"hgx-h100\"\nnodes = 2\n");
  ASSERT_EQ(job.questions.size(), 9u);
  const Json json = parse_json(
      api::json(check("[model]\nname = \"llama-3-8b\"\n[cluster]\nnode = \"hgx-h100\"\nnodes = 2\n")), "check");
  EXPECT_EQ(json.find("provenance")->find("inputs")->as_array().at(0).find("name")->as_string(), "s.toml");
  EXPECT_EQ(job.questions[0].command, "train");
  EXPECT_EQ(job.questions[0].missing, "");
  EXPECT_EQ(job.questions[1].missing, "tokens in [training]");
  try {
    check("[model]\nname = \"lama\"\n[cluster]\nnode = \"hgx\"\nnodes = 2\nstack = \"none\"\n");
    FAIL();
  } catch (const InputError& error) { EXPECT_EQ(error.problems().size(), 3u) << error.what(); }
  EXPECT_THROW(check("[limits]\npower = \"1 MW\"\n"), InputError);
}

}  // namespace
}  // namespace socle::scenario
