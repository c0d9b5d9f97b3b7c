#include "socle/setup/model_catalog.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/model/model_file.hpp"

namespace socle::setup {
namespace {

std::vector<std::string> model_paths(const catalog::Catalog& catalog) { return catalog.paths_under("models/"); }

TEST(ModelCatalog, EveryModelCountsWhatItsPublisherStatesOrSaysWhyNot) {
  // 1 % of the total, 3 % of the active parameters, which publishers round to one or two digits.
  const catalog::Catalog catalog;
  ASSERT_GE(model_paths(catalog).size(), 90u);
  for (const std::string& path : model_paths(catalog)) {
    const model::Transformer m = model::parse_model(catalog.text_of(path), path);
    const model::ParameterCount count = model::count_parameters(m);
    ASSERT_GT(count.total, 0) << path;
    EXPECT_LE(count.active, count.total) << path;
    const double total = m.published_params > 0 ? count.total / m.published_params - 1 : 0;
    const double active = m.published_active_params > 0 ? count.active / m.published_active_params - 1 : 0;
    const bool misses = std::fabs(total) > 0.01 || std::fabs(active) > 0.03;
    EXPECT_EQ(misses, !m.published_excludes.empty()) << path << ": total " << total << ", active " << active;
  }
}

TEST(ModelCatalog, ModelsWhoseActiveFigureLeavesEmbeddingsOutMeetItWithoutThem) {
  const catalog::Catalog catalog;
  for (const std::string& path : model_paths(catalog)) {
    const model::Transformer m = model::parse_model(catalog.text_of(path), path);
    const bool input_only = m.published_excludes == "the published active figure leaves the input embedding out";
    const bool both =
        m.published_excludes == "the published active figure leaves the embedding and the output head out";
    if (!input_only && !both) continue;
    const model::ParameterCount count = model::count_parameters(m);
    const double rest = count.active - count.embedding - (both ? count.head : 0.0);
    EXPECT_NEAR(rest / m.published_active_params, 1.0, 0.03) << path;
  }
}

TEST(ModelCatalog, NoTwoModelsAnswerToOneName) {
  const catalog::Catalog catalog;
  for (const std::string& path : model_paths(catalog)) {
    const model::Transformer m = model::parse_model(catalog.text_of(path), path);
    std::vector<std::string> names = m.aliases;
    names.push_back(m.name);
    for (const std::string& name : names) {
      const auto found = find_published_model(catalog, name);
      ASSERT_TRUE(found) << name;
      EXPECT_EQ(found->name, m.name) << name;
    }
  }
}

TEST(ModelCatalog, WhatIsWrittenReadsBackForEveryModel) {
  const catalog::Catalog catalog;
  for (const std::string& path : model_paths(catalog)) {
    const model::Transformer m = model::parse_model(catalog.text_of(path), path);
    const model::Transformer again = model::parse_model(model::write_model(m), path);
    EXPECT_EQ(again.kinds, m.kinds) << path;
    EXPECT_EQ(again.kind_of_layer, m.kind_of_layer) << path;
    EXPECT_EQ(model::count_parameters(again).mtp, model::count_parameters(m).mtp) << path;
  }
}

TEST(ModelCatalog, ResolvesTheNamesThatPublicationsUse) {
  const catalog::Catalog catalog;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"DeepSeek-V3", "DeepSeek-V3"},
      {"deepseek v3", "DeepSeek-V3"},
      {"Nemotron-3-Nano (hybrid Mamba-MoE)", "Nemotron-3-Nano 30B-A3B"},
      {"Nemotron-3-Ultra (hybrid)", "Nemotron-3-Ultra 550B-A55B"},
      {"Nemotron-H-56B (hybrid Mamba)", "Nemotron-H-56B"},
      {"Llama-3-70B SFT", "Llama 3 70B"},
      {"Llama-3-70B LoRA", "Llama 3 70B"},
      {"Llama-2-70B LoRA (MLPerf)", "Llama 2 70B"},
      {"Llama-3.1-405B (7-layer proxy)", "Llama 3.1 405B"},
      {"GPT-3-175B (MLPerf)", "GPT-3 175B"},
      {"GPT-5B (Paxml)", "GPT-3 5B"},
      {"Grok-1-314B (4-layer proxy)", "Grok-1"},
      {"Llama-4-Maverick-400B", "Llama 4 Maverick 17B-128E"},
      {"Qwen3-235B-A22B", "Qwen3 235B-A22B"},
  };
  for (const auto& [name, wanted] : cases) {
    const auto found = find_published_model(catalog, name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->name, wanted) << name;
  }
}

TEST(ModelCatalog, DoesNotGuess) {
  const catalog::Catalog catalog;
  for (const char* name : {"gpt-h1024-l24", "MPT-7b", "BLOOM-candidate-176B", "Megatron-GPT-22B", "Megatron-GPT-1T",
                           "MaxText-128B", "", "()", "70B", "llama"}) {
    EXPECT_FALSE(find_published_model(catalog, name)) << name;
  }
}

TEST(ModelCatalog, LoadsBySlugNameAliasAndRepository) {
  const catalog::Catalog catalog;
  EXPECT_EQ(load_model(catalog, "llama-3.1-405b").layers(), 126);
  EXPECT_EQ(load_model(catalog, "Llama 3.1 405B").layers(), 126);
  EXPECT_EQ(load_model(catalog, "meta-llama/Llama-3.1-405B").layers(), 126);
  EXPECT_EQ(load_model(catalog, "DeepSeek-V3.1").name, "DeepSeek-V3");
  try {
    load_model(catalog, "llama-3.1-404b");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean \"llama-3.1-405b\"?"), std::string::npos) << error.what();
  }
}

TEST(ModelCatalog, AUsersModelIsFoundLikeABuiltInOne) {
  const std::string text =
      "name = 'Mine 7B'\naliases = [\n  'My-7B',\n]\nhidden = 8\nvocab = 9\npattern = \"a\"\n"
      "[kinds.a]\nmixer = { kind = \"attention\", heads = 2, head_dim = 4 }\n[source]\ntext = \"me\"\n";
  const catalog::Catalog catalog({{"models/mine.toml", text, "mine.toml"}});
  EXPECT_EQ(load_model(catalog, "my-7b").hidden, 8);
  EXPECT_EQ(find_published_model(catalog, "My 7B (draft)")->hidden, 8);
}

}  // namespace
}  // namespace socle::setup
