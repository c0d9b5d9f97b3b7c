// `socle model show` through the public face, and its figures beside those of a training step.
#include <gtest/gtest.h>

#include "socle/api/catalog.hpp"
#include "socle/api/model.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

api::ModelShown shown(const std::string& name, int sequence = 0) {
  api::ModelQuestion question;
  question.name = name;
  question.sequence = sequence;
  return api::show_model(api::load_catalog(), question);
}

// 61 layers that keep a latent of 512 and a rotary key of 64 (arXiv 2412.19437, section 2.1.1): 70,272 bytes in bf16.
TEST(ModelShow, TheCacheOfLatentAttention) {
  const api::ModelShown model = shown("deepseek-v3");
  EXPECT_DOUBLE_EQ(model.cache.per_token, 61 * 576);
  EXPECT_DOUBLE_EQ(model.cache.at_context, 61 * 576 * 4096.0);
  EXPECT_NE(api::text(model).find("671.0B parameters, 37.6B active, 61 layers"), std::string::npos);
}

// 80 layers of 8 key-value heads 128 wide; a window of 4096 tokens holds no more.
TEST(ModelShow, TheCacheOfGroupsAndWindows) {
  EXPECT_DOUBLE_EQ(shown("llama-3-70b").cache.per_token, 80 * 2 * 8 * 128);
  const api::ModelShown mistral = shown("mistral-7b-v0.1", 32768);
  EXPECT_DOUBLE_EQ(mistral.cache.at_context, 32 * 2 * 8 * 128 * 4096.0);
}

// The step's count is made from the operations of the graph, this one from the shape.
TEST(ModelShow, FlopsAreThoseOfATrainingStep) {
  const std::vector<std::pair<std::string, std::string>> jobs = {{"llama-3-8b", "hgx-h100:2"},
                                                                 {"mixtral-8x7b", "hgx-h100:8"},
                                                                 {"llama-3-70b", "hgx-h100:8"},
                                                                 {"nemotron-3-nano-30b-a3b", "hgx-h100:8"}};
  for (const auto& [model, cluster] : jobs) {
    const api::TrainAnswer answer =
        train_of({.flags = {{"--model", model}, {"--cluster", cluster}, {"--seq", "4096"}, {"--global-batch", "128"}}});
    ASSERT_TRUE(answer.result) << model;
    const double step = answer.result->run.step.model_flops.value() / (128.0 * 4096.0);
    EXPECT_NEAR(step / (3.0 * shown(model, 4096).flops.total()), 1.0, 0.01) << model;
  }
}

TEST(ModelShow, KeysToIgnoreNeedAConfig) {
  EXPECT_THROW(train_of({.flags = {{"--model", "llama-3-8b"}, {"--cluster", "hgx-h100:2"}, {"--ignore-keys", "a"}}}),
               InputError);
}

TEST(ModelShow, TheCatalogueListsSizes) {
  const std::string list = api::text(api::catalog_list(api::load_catalog(), "models"));
  EXPECT_NE(list.find("deepseek-v3                         671.0B   37.6B      61   7168    163840  DeepSeek-V3"),
            std::string::npos)
      << list.substr(0, 1000);
}

}  // namespace
}  // namespace socle::test
