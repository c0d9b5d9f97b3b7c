#include "socle/model/model_file.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::model {
namespace {

constexpr const char* kSmall = R"(
name = "Small"
aliases = ["Tiny"]
published_params = "1.2B"
hidden = 64
vocab = 100
mtp_layers = 1
pattern = "dense moe*2"
mtp_pattern = "moe"

[kinds.dense]
mixer = { kind = "attention", heads = 4, kv_heads = 2, head_dim = 16 }
feed_forward = { ffn = 256 }

[kinds.moe]
mixer = { kind = "attention", heads = 4, kv_heads = 2, head_dim = 16, window = 128 }
feed_forward = { ffn = 32, experts = 8, topk = 2, shared_ffn = 32 }

[source]
text = "us"
confidence = "estimate"
)";

std::string with(std::string from, std::string to) {
  std::string text = kSmall;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(const std::string& text) {
  try {
    parse_model(text, "small.toml");
  } catch (const InputError& error) { return error.what(); }
  return "no error";
}

TEST(ModelFile, ReadsAShape) {
  const Transformer model = parse_model(kSmall, "small.toml");
  EXPECT_EQ(model.layers(), 3);
  EXPECT_EQ(model.kind_of_layer, (std::vector<int>{0, 1, 1}));
  EXPECT_EQ(model.mtp_kinds, (std::vector<int>{1}));
  EXPECT_EQ(model.kinds[0].mixer.v_head_dim, 16);  // as wide as the keys unless told
  EXPECT_EQ(model.kinds[1].mixer.window, 128);
  EXPECT_EQ(model.published_params, 1.2e9);
}

TEST(ModelFile, CountsByHand) {
  const Transformer model = parse_model(kSmall, "small.toml");
  // Attention: 64 (64 query + 2 * 2 * 16 key-value) + 64 * 64 out = 12288, and a norm of 64.
  // Dense: 3 * 64 * 256 = 49152 and a norm. Experts: 8 * 3 * 64 * 32, router 64 * 8, shared 3 * 64 * 32, a norm.
  EXPECT_EQ(layer_parameters(model, model.kinds[0]), 12288 + 64 + 49152 + 64);
  EXPECT_EQ(layer_parameters(model, model.kinds[1]), 12288 + 64 + 49152 + 512 + 6144 + 64);
  const ParameterCount count = count_parameters(model);
  EXPECT_EQ(count.total, 2 * 6400 + 64 + 61568 + 2 * 68224);
  EXPECT_EQ(count.active, count.total - 2 * 6 * 6144);  // six of eight experts idle in two layers
  EXPECT_EQ(count.mtp, 68224 + 2 * 64 * 64 + 3 * 64);
}

TEST(ModelFile, WhatItWritesReadsBack) {
  const Transformer model = parse_model(kSmall, "small.toml");
  const Transformer again = parse_model(write_model(model), "again.toml");
  EXPECT_EQ(again.kinds, model.kinds);
  EXPECT_EQ(again.kind_of_layer, model.kind_of_layer);
  EXPECT_EQ(again.mtp_kinds, model.mtp_kinds);
  EXPECT_EQ(again.aliases, model.aliases);
  EXPECT_EQ(again.published_params, model.published_params);
}

TEST(ModelFile, WritesTextsThatNeedEscapes) {
  Transformer model = parse_model(kSmall, "small.toml");
  model.name = "a \"b\" \\ c\td";
  EXPECT_EQ(parse_model(write_model(model), "again.toml").name, model.name);
}

TEST(ModelFile, NamesThePlaceAndTheRemedy) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {with("hidden = 64", "hiden = 64"), "hiden"},
      {with("hidden = 64", "hidden = -64"), "small.toml:5:"},
      {with("hidden = 64", "hidden = \"64\""), "hidden"},
      {with("vocab = 100", "vocab = 100.5"), "vocab"},
      {with("dense moe*2", "dense mo*2"), "no kind \"mo\"; did you mean \"moe\"?"},
      {with("heads = 4, kv_heads = 2", "heads = 4, kv_heads = 3"), "3 key-value heads do not divide 4 heads"},
      {with("topk = 2", "topk = 9"), "topk = 9 with 8 experts; give 1 to 8"},
      {with("kind = \"attention\"", "kind = \"attn\""), "attn"},
      {with("\"1.2B\"", "\"1.2 GB\""), "published_params"},
      {with("text = \"us\"", ""), "source.text"},
  };
  for (const auto& [text, part] : cases)
    EXPECT_NE(error_of(text).find(part), std::string::npos) << part << "\n" << error_of(text);
}

TEST(ModelFile, TellsAllProblemsAtOnce) {
  std::string text = with("hidden = 64", "hidden = 0");
  text.replace(text.find("topk = 2"), 8, "topk = 9");
  const std::string error = error_of(text);
  EXPECT_NE(error.find("hidden"), std::string::npos) << error;
  EXPECT_NE(error.find("topk = 9"), std::string::npos) << error;
}

}  // namespace
}  // namespace socle::model
