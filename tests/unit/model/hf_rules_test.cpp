#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/model/hf_config.hpp"

// What a config.json may leave unsaid, and what it may not.
namespace socle::model {
namespace {

constexpr const char* kSizes =
    R"("hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 128,
       "vocab_size": 100)";

std::string config(const std::string& type, const std::string& more) {
  return "{\"model_type\": \"" + type + "\", " + kSizes + more + "}";
}

HfImport import(const std::string& text, const std::vector<std::string>& ignored = {}) {
  return import_hf_config(std::string_view(text), "config.json", ignored);
}

std::string error_of(const std::string& text, const std::vector<std::string>& ignored = {}) {
  try {
    import(text, ignored);
  } catch (const InputError& error) { return error.what(); }
  return "no error";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(HfRules, AKeyThatCouldChangeTheShapeIsRefusedByName) {
  const std::string text = config("qwen3", R"(, "num_extra_experts": 8, "second_mlp_width": 32)");
  const std::string error = error_of(text);
  EXPECT_TRUE(says(error,
                   "num_extra_experts: 8: not understood, and it could change the shape; --ignore-keys "
                   "num_extra_experts goes on without it"))
      << error;
  EXPECT_TRUE(says(error, "second_mlp_width: 32: not understood")) << error;
}

// A word that marks other keys as inert does not excuse one that speaks of a size or of experts.
TEST(HfRules, InertWordsDoNotExcuseSizes) {
  for (const char* key : {"rope_head_dim", "ffn_dim_multiplier", "num_experts_per_token", "ngram_vocab_size",
                          "attn_output_gate", "time_step_rank"}) {
    const std::string error = error_of(config("llama", std::string(", \"") + key + "\": 8"));
    EXPECT_TRUE(says(error, key)) << key << ": " << error;
  }
  for (const char* key : {"rope_theta", "initializer_range", "num_beams", "no_repeat_ngram_size", "output_attentions"})
    EXPECT_EQ(error_of(config("llama", std::string(", \"") + key + "\": 8")), "no error") << key;
}

TEST(HfRules, IgnoredKeysAreLeftOutAndSaid) {
  const HfImport result = import(config("qwen3", R"(, "second_mlp_width": 32)"), {"second_mlp_width"});
  ASSERT_EQ(result.notes.size(), 1u);
  EXPECT_EQ(result.notes[0], "key \"second_mlp_width\" is ignored as told.");
  ASSERT_EQ(result.unused.size(), 1u);
  EXPECT_EQ(result.unused[0].key, "second_mlp_width");
}

TEST(HfRules, WhatIsIgnoredMustBeThereAndNotUnderstood) {
  EXPECT_TRUE(says(error_of(config("qwen3", ""), {"absent_key"}), "ignore_keys names it, but it is understood"));
  EXPECT_TRUE(says(error_of(config("qwen3", ""), {"hidden_size"}), "ignore_keys names it, but it is understood"));
}

TEST(HfRules, AnUnknownKeyThatIsOffIsListed) {
  const HfImport result = import(config("llama", R"(, "use_second_mlp": false, "extra_layers": 0, "mlp_note": null)"));
  ASSERT_EQ(result.unused.size(), 2u);
  EXPECT_EQ(result.unused[0].key, "use_second_mlp");
  EXPECT_EQ(result.unused[0].why, "is off");
  EXPECT_EQ(result.unused[1].why, "is off");
}

TEST(HfRules, ExpertsUnderAnySpellingOfTheirNumber) {
  for (const char* key : {"num_routed_experts", "n_routed_experts", "num_experts", "num_local_experts"}) {
    const HfImport result = import(config("llama", std::string(", \"") + key + R"(": 8, "num_experts_per_tok": 2)"));
    EXPECT_EQ(result.model.kinds[0].feed_forward.experts, 8) << key;
  }
}

TEST(HfRules, TalkOfExpertsWithoutTheirNumberIsRefused) {
  const std::string text = config("llama", R"(, "num_experts_per_tok": 2, "moe_intermediate_size": 64)");
  const std::string error = error_of(text);
  EXPECT_TRUE(
      says(error, "the file speaks of experts (num_experts_per_tok, moe_intermediate_size) but tells no number"))
      << error;
  EXPECT_TRUE(says(error, "--ignore-keys num_experts_per_tok,moe_intermediate_size")) << error;
  // A dense model of such a family says that it has none.
  EXPECT_EQ(error_of(config("llama", R"(, "num_experts_per_tok": 0, "num_experts": 0)")), "no error");
}

TEST(HfRules, OtherKindsOfModelsAreRefusedAsSuch) {
  EXPECT_TRUE(says(error_of(config("t5", "")), "\"t5\" is an encoder-decoder model"));
  EXPECT_TRUE(says(error_of(config("bert", "")), "\"bert\" is an encoder"));
  EXPECT_TRUE(says(error_of(config("whisper", "")), "\"whisper\" is a speech or audio model"));
  EXPECT_TRUE(says(error_of(config("clip", "")), "\"clip\" is an image model"));
  EXPECT_TRUE(says(error_of(config("gemma4_assistant", "")), "is a draft head"));
}

// Files of multimodal models name only what differs from their class.
TEST(HfRules, ATextTowerIsCompletedAsTheLibraryDoesAndSaysSo) {
  const HfImport result = import(R"({"model_type": "gemma3", "text_config": {"model_type": "gemma3_text",
      "hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 34, "sliding_window": 1024},
      "vision_config": {"hidden_size": 1152}})");
  EXPECT_EQ(result.model.kinds[0].mixer.heads, 8);
  EXPECT_EQ(result.model.kinds[0].mixer.head_dim, 256);
  EXPECT_NEAR(count_parameters(result.model).total, 3.88e9, 0.01e9);  // published as 4B with its vision tower
  EXPECT_TRUE(
      says(result.notes[0], "leaves to the defaults of transformers for \"gemma3_text\": num_attention_heads = 8"))
      << result.notes[0];
  // A file that is the model itself must tell its sizes.
  EXPECT_TRUE(says(error_of(R"({"model_type": "llama", "vocab_size": 100})"), "hidden_size: the key is missing"));
}

TEST(HfRules, AnEmptyListMeansTheDefault) {
  const std::string more = R"(, "num_local_experts": 4, "num_experts_per_tok": 1, "attention_chunk_size": 16, )";
  const Transformer listed = import(config("llama4_text", more + "\"no_rope_layers\": []")).model;
  const Transformer silent = import(config("llama4_text", more + "\"head_dim\": 16")).model;
  EXPECT_EQ(listed.kind_of_layer, silent.kind_of_layer);
  EXPECT_EQ(listed.kind_of_layer, (std::vector<int>{0, 0, 0, 1}));
}

TEST(HfRules, WeightsThatLayersShareCountOnce) {
  const std::string more = R"(, "mamba_d_state": 8, "mamba_d_conv": 4, "mamba_expand": 2, "mamba_dt_rank": 4,
      "layers_block_type": ["linear_attention", "hybrid", "linear_attention", "hybrid"])";
  const Transformer m = import(config("zamba", more)).model;
  EXPECT_EQ(m.layers(), 6);  // each hybrid layer is the shared block and a mixer
  double sum = 0;
  for (const int kind : m.kind_of_layer) sum += layer_parameters(m, m.kinds[static_cast<std::size_t>(kind)]);
  EXPECT_EQ(m.kinds[1].uses, 2);
  const ParameterCount count = count_parameters(m);
  EXPECT_DOUBLE_EQ(count.total, sum + count.embedding + 64);
}

// Three hybrid layers over two shared blocks: the first block serves two of them.
TEST(HfRules, SharedBlocksAreTakenByTurns) {
  const std::string more = R"(, "mamba_d_state": 8, "mamba_d_conv": 4, "n_mamba_heads": 8, "num_mem_blocks": 2,
      "adapter_rank": 4, "layers_block_type": ["hybrid", "hybrid", "linear_attention", "hybrid"])";
  const Transformer m = import(config("zamba2", more)).model;
  std::vector<int> uses;
  for (const int kind : m.kind_of_layer) uses.push_back(m.kinds[static_cast<std::size_t>(kind)].uses);
  EXPECT_EQ(uses, (std::vector<int>{2, 1, 1, 1, 1, 2, 1}));
}

}  // namespace
}  // namespace socle::model
