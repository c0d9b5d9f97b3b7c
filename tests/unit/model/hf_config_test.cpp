#include "socle/model/hf_config.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/model/hf_families/family.hpp"
#include "socle/model/model_file.hpp"

namespace socle::model {
namespace {

Transformer import(const std::string& text) {
  return import_hf_config(std::string_view(text), "org--Small_config.json").model;
}

constexpr const char* kSizes =
    R"("hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4, "vocab_size": 100, )";
constexpr const char* kLatent =
    R"("q_lora_rank": 32, "kv_lora_rank": 16, "qk_nope_head_dim": 12, "qk_rope_head_dim": 4, "v_head_dim": 8, )";
constexpr const char* kExperts = R"("moe_intermediate_size": 32, "n_routed_experts": 8, "num_experts_per_tok": 2, )";

std::string config(const std::string& type, const std::string& parts) {
  return "{" + parts + "\"model_type\": \"" + type + "\"}";
}

TEST(HfConfig, DenseWithGroupedQueries) {
  const Transformer m = import(
      config("llama", std::string(kSizes) +
                          R"("num_key_value_heads": 2, "intermediate_size": 128, "max_position_embeddings": 4096, )"));
  EXPECT_EQ(m.name, "Small");
  EXPECT_EQ(m.kind_of_layer, (std::vector<int>{0, 0, 0, 0}));
  EXPECT_EQ(m.kinds[0].mixer.kv_heads, 2);
  EXPECT_EQ(m.kinds[0].mixer.head_dim, 16);
  EXPECT_EQ(m.kinds[0].feed_forward.ffn, 128);
  EXPECT_EQ(m.context, 4096);
  EXPECT_FALSE(m.tied_embeddings);
}

TEST(HfConfig, WhatTheArchitectureDecides) {
  const std::string parts = std::string(kSizes) + R"("intermediate_size": 128, )";
  EXPECT_TRUE(import(config("qwen2", parts)).kinds[0].mixer.qkv_bias);
  EXPECT_TRUE(import(config("gemma2", parts + "\"sliding_window\": 16, ")).tied_embeddings);
  const Transformer nemotron = import(config("nemotron", parts));
  EXPECT_FALSE(nemotron.kinds[0].feed_forward.gated);
  EXPECT_TRUE(nemotron.layer_norm);
  EXPECT_EQ(import(config("opt", parts + "\"max_position_embeddings\": 2048, ")).learned_positions, 2050);
}

TEST(HfConfig, SlidingWindows) {
  const std::string parts = std::string(kSizes) + R"("intermediate_size": 128, "sliding_window": 16, )";
  const auto windows = [](const Transformer& m) {
    std::vector<int> out;
    for (const int kind : m.kind_of_layer) out.push_back(m.kinds[static_cast<std::size_t>(kind)].mixer.window);
    return out;
  };
  EXPECT_EQ(windows(import(config("mistral", parts))), (std::vector<int>{16, 16, 16, 16}));
  EXPECT_EQ(windows(import(config("gemma2", parts))), (std::vector<int>{16, 0, 16, 0}));
  EXPECT_EQ(windows(import(config("qwen3", parts))), (std::vector<int>{0, 0, 0, 0}));  // not used unless it says so
  EXPECT_EQ(windows(import(config("qwen3", parts + R"("use_sliding_window": true, "max_window_layers": 3, )"))),
            (std::vector<int>{0, 0, 0, 16}));
  EXPECT_EQ(windows(import(config("gpt_oss", parts + R"("num_local_experts": 4, "num_experts_per_tok": 2,
      "layer_types": ["sliding_attention", "full_attention", "sliding_attention", "full_attention"], )"))),
            (std::vector<int>{16, 0, 16, 0}));
}

TEST(HfConfig, WhichLayersAreRouted) {
  const auto routed = [](const std::string& type, const std::string& more) {
    const Transformer m = import(config(type, std::string(kSizes) + kExperts + R"("intermediate_size": 128, )" + more));
    std::string out;
    for (const int kind : m.kind_of_layer)
      out += m.kinds[static_cast<std::size_t>(kind)].feed_forward.experts > 0 ? 'E' : '-';
    return out;
  };
  EXPECT_EQ(routed("glm4_moe", ""), "EEEE");
  EXPECT_EQ(routed("glm4_moe", "\"first_k_dense_replace\": 1, "), "-EEE");
  EXPECT_EQ(routed("qwen3_moe", "\"decoder_sparse_step\": 2, "), "-E-E");
  EXPECT_EQ(routed("qwen3_moe", "\"mlp_only_layers\": [1, 2], "), "E--E");
  EXPECT_EQ(routed("glm4_moe", "\"moe_layer_freq\": [0, 1, 0, 1], "), "-E-E");
  EXPECT_EQ(routed("deepseek_v3", std::string(kLatent) + "\"moe_layer_freq\": 2, "), "E-E-");
  EXPECT_EQ(routed("glm_moe_dsa",
                   std::string(kLatent) + "\"mlp_layer_types\": [\"dense\", \"sparse\", \"dense\", \"sparse\"], "),
            "-E-E");
  EXPECT_EQ(routed("llama4_text", "\"interleave_moe_layer_step\": 2, \"intermediate_size_mlp\": 256, "), "-E-E");
}

TEST(HfConfig, LatentAttentionWithSharedExpertsIndexersAndPrediction) {
  const Transformer m = import(config(
      "deepseek_v32", std::string(kSizes) + kLatent + kExperts + R"("intermediate_size": 128, "n_shared_experts": 2,
      "first_k_dense_replace": 1, "index_topk": 64, "index_n_heads": 2, "index_head_dim": 8,
       "num_nextn_predict_layers": 1,
      "indexer_types": ["full", "full", "shared", "shared"], )"));
  ASSERT_EQ(m.kinds.size(), 3u);
  EXPECT_EQ(m.kinds[1].mixer.kind, MixerKind::kMla);
  EXPECT_EQ(m.kinds[1].mixer.head_dim, 16);
  EXPECT_EQ(m.kinds[1].feed_forward.shared_ffn, 64);
  EXPECT_EQ(m.kinds[1].mixer.index_heads, 2);
  EXPECT_EQ(m.kinds[2].mixer.index_heads, 0);
  EXPECT_EQ(m.kinds[2].mixer.index_topk, 64);
  EXPECT_EQ(m.mtp_layers, 1);
}

TEST(HfConfig, CompressedKeysAndResidualStreams) {
  const Transformer m = import(config(
      "deepseek_v4", std::string(kSizes) + kExperts + R"("num_key_value_heads": 1, "head_dim": 32, "q_lora_rank": 16,
      "o_lora_rank": 8, "o_groups": 2, "qk_rope_head_dim": 8, "sliding_window": 16, "index_n_heads": 2,
       "index_head_dim": 8, "index_topk": 4,
      "hc_mult": 4, "compress_ratios": [0, 4, 128, 4, 0], )"));
  EXPECT_EQ(m.residual_streams, 4);
  EXPECT_EQ(m.kinds[0].mixer.compress, 0);
  EXPECT_EQ(m.kinds[1].mixer.index_topk, 4);
  EXPECT_EQ(m.kinds[2].mixer.compress, 128);
  EXPECT_TRUE(m.kinds[2].mixer.shared_kv);
}

TEST(HfConfig, StateSpaceHybridFromLettersOrNames) {
  const std::string parts =
      R"("hidden_size": 64, "num_attention_heads": 4, "vocab_size": 100, "mamba_num_heads": 8, "mamba_head_dim": 8,
       "n_groups": 2,
      "ssm_state_size": 16, "conv_kernel": 4, "intermediate_size": 128, "moe_shared_expert_intermediate_size": 48,
       "moe_latent_size": 16,
      "mlp_hidden_act": "relu2", "time_step_limit": [0.0, Infinity], )" +
      std::string(kExperts);
  const Transformer letters = import(config(
      "nemotron_h",
      parts +
          R"("hybrid_override_pattern": "ME*-", "num_nextn_predict_layers": 1, "mtp_hybrid_override_pattern": "*E",
       )"));
  const Transformer names =
      import(config("nemotron_h", parts + R"("layers_block_type": ["mamba", "moe", "attention", "mlp"], )"));
  EXPECT_EQ(letters.kinds, names.kinds);
  EXPECT_EQ(letters.kinds[0].mixer.kind, MixerKind::kLinear);
  EXPECT_EQ(letters.kinds[0].mixer.head_dim, 16);
  EXPECT_EQ(letters.kinds[1].feed_forward.latent, 16);
  EXPECT_FALSE(letters.kinds[1].feed_forward.gated);
  EXPECT_EQ(letters.mtp_kinds, (std::vector<int>{2, 1}));
}

TEST(HfConfig, LinearHybridsWithinATextTower) {
  const std::string tower =
      config("qwen3_5_text", std::string(kSizes) + R"("linear_num_value_heads": 4, "linear_num_key_heads": 2,
      "linear_key_head_dim": 8, "linear_value_head_dim": 8, "intermediate_size": 128, "full_attention_interval": 2, )");
  const HfImport result = import_hf_config(
      std::string_view("{\"model_type\": \"qwen3_5\", \"tie_word_embeddings\": true, \"text_config\": " + tower + "}"),
      "x");
  EXPECT_TRUE(result.model.tied_embeddings);
  EXPECT_EQ(result.model.kind_of_layer, (std::vector<int>{0, 1, 0, 1}));
  EXPECT_TRUE(result.model.kinds[1].mixer.output_gate);
  EXPECT_EQ(result.notes.back(), "the text tower only (text_config): vision and audio towers are left out.");
}

TEST(HfConfig, BlocksFoundBySearch) {
  const Transformer m = import(
      R"({"architectures": ["DeciLMForCausalLM"], "hidden_size": 768, "num_hidden_layers": 2,
       "num_attention_heads": 8, "vocab_size": 100,
      "block_configs": [{"attention": {"n_heads_in_group": 4}, "ffn": {"ffn_mult": 1.0}},
       {"attention": {"no_op": true}, "ffn": {"ffn_mult": 0.5}}]})");
  EXPECT_EQ(m.kinds[0].mixer.kv_heads, 2);
  EXPECT_EQ(m.kinds[0].feed_forward.ffn, 512);  // 2/3 of 768
  EXPECT_EQ(m.kinds[1].mixer.kind, MixerKind::kNone);
  EXPECT_EQ(m.kinds[1].feed_forward.ffn, 256);
}

TEST(HfConfig, TellsTheWeightFormatAndTheKeysThatItDoesNotUse) {
  const HfImport result = import_hf_config(
      std::string_view(config("llama", std::string(kSizes) + R"("intermediate_size": 128, "moon_phase": 3,
      "temperature": 1.0, "quantization_config": {"quant_method": "modelopt", "quant_algo": "NVFP4"}, )")),
      "x");
  EXPECT_EQ(result.model.weight_format, "nvfp4");
  EXPECT_TRUE(result.notes.empty());
  std::string unused;
  for (const UnusedKey& key : result.unused) unused += key.key + ": " + key.why + "\n";
  EXPECT_EQ(unused,
            "moon_phase: not known; its name says nothing of a shape\n"
            "temperature: says nothing of the shape\n");
}

TEST(HfConfig, EveryFamilyIsDescribed) {
  for (const HfFamily& family : hf_families()) EXPECT_GE(family.help.size(), 3u) << family.names;
}

TEST(HfConfig, ImportsEveryPublishedFileAtHand) {
  const char* chosen = std::getenv("SOCLE_HF_CONFIGS");
  const std::string folder = chosen != nullptr ? chosen : "../shared/hf-configs";
  ASSERT_TRUE(chosen == nullptr || std::filesystem::is_directory(folder)) << folder;
  if (!std::filesystem::is_directory(folder))
    GTEST_SKIP() << "no folder of config.json files; set SOCLE_HF_CONFIGS to one";
  const std::vector<std::string> names = list_files(folder, ".json");
  ASSERT_FALSE(names.empty()) << folder;
  for (const std::string& name : names) {
    const std::string text = read_file(folder + "/" + name);
    if (name.find("hf_quant_config") != std::string::npos) {
      EXPECT_THROW(import_hf_config(std::string_view(text), name), InputError) << name;
      continue;
    }
    HfImport result = import_hf_config(std::string_view(text), name);
    result.model.source.text = "config.json";
    const Transformer again = parse_model(write_model(result.model), name);
    EXPECT_EQ(again.kinds, result.model.kinds) << name;
    EXPECT_EQ(again.kind_of_layer, result.model.kind_of_layer) << name;
  }
}

}  // namespace
}  // namespace socle::model
