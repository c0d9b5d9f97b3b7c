#include "socle/memory/serving_memory.hpp"

#include <gtest/gtest.h>

namespace socle::memory {
namespace {

using model::DataType;
using model::MixerKind;
using model::WeightFormat;
using workload::ServingLayout;

constexpr double kGiB = 1073741824.0;

// 4 layers of 8 heads and 2 key-value heads, 64 wide; 512 hidden, 1024 of a gated block, 1000 words.
model::Transformer dense() {
  model::Transformer model;
  model.hidden = 512;
  model.vocab = 1000;
  model.kinds = {
      {.mixer = {.heads = 8, .kv_heads = 2, .head_dim = 64, .v_head_dim = 64}, .feed_forward = {.ffn = 1024}}};
  model.kind_of_layer = {0, 0, 0, 0};
  return model;
}

ServingRules rules(Bytes total = Bytes{1e9}) {
  ServingRules rules;
  rules.total = total;
  rules.batched_tokens = 16;
  rules.sequences = 4;
  return rules;
}

ServingLayout tp(int size) { return {.tensor_parallel = size}; }

TEST(ServingMemory, WeightsAreCutOverTpAndKeyValueHeadsCopiedBeyond) {
  // A layer: q 512 x 512, k and v 512 x 128 each, out 512 x 512, block 3 x 512 x 1024, two norms of 512.
  // tp 4: (262,144 + 262,144 + 1,572,864) / 4 + one of two heads, 512 x 128 = 65,536, + 1,024 = 590,848.
  const ServingMemory memory = serving_memory(dense(), tp(4), {}, rules());
  EXPECT_DOUBLE_EQ(memory.weights.dense.value(), 4 * 2.0 * 590'848);
  // Embedding and head, 512,000 each.
  EXPECT_DOUBLE_EQ(memory.weights.embedding.value(), 2.0 * 1'024'000 / 4);
}

TEST(ServingMemory, ATokenHoldsTheHeadsOfItsChipAndOneAtLeast) {
  // 4 layers x 2 heads x (64 + 64) x 2 bytes; half from tp 2 on.
  EXPECT_DOUBLE_EQ(serving_memory(dense(), tp(1), {}, rules()).kv_bytes_per_token.value(), 2048.0);
  EXPECT_DOUBLE_EQ(serving_memory(dense(), tp(2), {}, rules()).kv_bytes_per_token.value(), 1024.0);
  EXPECT_DOUBLE_EQ(serving_memory(dense(), tp(8), {}, rules()).kv_bytes_per_token.value(), 1024.0);
  EXPECT_DOUBLE_EQ(cache_bytes_per_token(dense(), {.kv = DataType::kFp8}).value(), 1024.0);
}

TEST(ServingMemory, ALatentIsCopiedToEveryTensorParallelChip) {
  model::Transformer model = dense();
  model.kinds[0].mixer = {.kind = MixerKind::kMla,
                          .heads = 8,
                          .kv_heads = 8,
                          .head_dim = 96,
                          .v_head_dim = 64,
                          .q_lora = 128,
                          .kv_lora = 256,
                          .rope_dim = 32};
  for (const int size : {1, 4})
    EXPECT_DOUBLE_EQ(serving_memory(model, tp(size), {}, rules()).kv_bytes_per_token.value(), 4 * 288 * 2.0);
}

TEST(ServingMemory, SparseAttentionKeepsFp8KeysOfItsIndexer) {
  model::Transformer model = dense();
  model.kinds[0].mixer = {.kind = MixerKind::kMla,
                          .heads = 8,
                          .kv_heads = 8,
                          .head_dim = 192,
                          .v_head_dim = 128,
                          .kv_lora = 512,
                          .rope_dim = 64,
                          .index_heads = 4,
                          .index_dim = 128,
                          .index_topk = 64};
  // 576 x 2 and 128 + 4 bytes a layer; in fp8 512 + 16 and 128, beside the same 132.
  EXPECT_DOUBLE_EQ(cache_bytes_per_token(model, {}).value(), 4 * (1152.0 + 132));
  EXPECT_DOUBLE_EQ(cache_bytes_per_token(model, {.kv = DataType::kFp8}).value(), 4 * (656.0 + 132));
}

TEST(ServingMemory, ExpertsAreSharedOutOverAllChipsOfAStageWhateverEp) {
  model::Transformer model = dense();
  model.kinds[0].feed_forward = {.ffn = 256, .experts = 16, .topk = 2};
  // 16 experts of 3 x 512 x 256 over tp 2 x dp 4.
  for (const int ep : {1, 2, 8}) {
    const ServingLayout layout{.tensor_parallel = 2, .data_parallel = 4, .expert_parallel = ep};
    const ServingMemory memory = serving_memory(model, layout, {.experts = WeightFormat::kFp8}, rules());
    EXPECT_DOUBLE_EQ(memory.weights.experts.value(), 4 * 16 * 3.0 * 512 * 256 / 8);
  }
}

TEST(ServingMemory, ActivationsArePeakOfForwardAndSampling) {
  ServingRules some = rules();
  some.batched_tokens = 1000;
  // 1000 tokens x 2 bytes x (2 x 512 + 3 x 1024).
  EXPECT_DOUBLE_EQ(serving_memory(dense(), tp(1), {}, some).activations.value(), 1000 * 2.0 * 4096);
  some.sequences = 500;
  some.sampler_bytes_per_logit = 38;
  // 500 rows of 1000 words x 38 + 1000 tokens x 2 x 512.
  EXPECT_DOUBLE_EQ(serving_memory(dense(), tp(1), {}, some).activations.value(), 500 * 1000 * 38.0 + 1000 * 1024.0);
}

// Measured with torch.compile on an H100: 102,400 bytes a token of Llama 3.1 8B, 838,860,800 at 8,192 tokens.
TEST(ServingMemory, TheForwardPeakOfAnEightBillionModelIsTheMeasuredOne) {
  model::Transformer model;
  model.hidden = 4096;
  model.vocab = 128256;
  model.kinds = {
      {.mixer = {.heads = 32, .kv_heads = 8, .head_dim = 128, .v_head_dim = 128}, .feed_forward = {.ffn = 14336}}};
  model.kind_of_layer = std::vector<int>(32, 0);
  ServingRules some = rules(Bytes{80 * kGiB});
  some.batched_tokens = 8192;
  EXPECT_DOUBLE_EQ(serving_memory(model, tp(1), {}, some).activations.value(), 838'860'800.0);
}

TEST(ServingMemory, EachRuleTakesItsShareOfAnotherWhole) {
  ServingRules some = rules();
  some.share = 0.5;
  some.context = Bytes{1e6};
  some.other = Bytes{2e6};
  const auto pool = [&] { return serving_memory(dense(), tp(1), {}, some); };
  const ServingMemory of_total = pool();
  const Bytes weights = of_total.weights.total(), activations = of_total.activations;
  EXPECT_DOUBLE_EQ(of_total.kv_pool.value(), (Bytes{5e8} - weights - activations - Bytes{2e6}).value());
  some.context_inside = true;
  EXPECT_DOUBLE_EQ(pool().kv_pool.value(), (of_total.kv_pool - Bytes{1e6}).value());
  some.rule = PoolRule::kOfStatic;
  EXPECT_DOUBLE_EQ(pool().kv_pool.value(), (0.5 * Bytes{9.99e8} - weights - Bytes{2e6}).value());
  some.rule = PoolRule::kOfFree;
  EXPECT_DOUBLE_EQ(pool().kv_pool.value(), (0.5 * (Bytes{9.97e8} - weights - activations)).value());
}

TEST(ServingMemory, TokensAreWholeBlocksAndTheLongestSequenceFillsThem) {
  const ServingMemory memory = serving_memory(dense(), tp(1), {}, rules());
  EXPECT_EQ(memory.tokens, memory.blocks * 16);
  EXPECT_LE(static_cast<double>(memory.tokens) * memory.kv_bytes_per_token, memory.kv_pool);
  EXPECT_GT(static_cast<double>(memory.tokens + 16) * memory.kv_bytes_per_token, memory.kv_pool);
  EXPECT_EQ(longest_sequence(memory, 100'000'000), memory.tokens);
  EXPECT_EQ(longest_sequence(memory, 100), 100);
}

TEST(ServingMemory, AWindowKeepsItsSizeAndWhatAStepAdds) {
  model::Transformer model = dense();
  model.kinds.push_back(model.kinds[0]);
  model.kinds[1].mixer.window = 128;
  model.kind_of_layer = {0, 1, 0, 1};
  const ServingMemory memory = serving_memory(model, tp(1), {}, rules());
  // Two layers of 1024 bytes keep 10,000 tokens, two keep 128 - 1 + 16 = 143: 9 blocks and the one it began in.
  EXPECT_DOUBLE_EQ(sequence_bytes(memory, 10'000).value(), 1024.0 * 10'000 + 1024.0 * 160);
  EXPECT_DOUBLE_EQ(sequence_bytes(memory, 100).value(), 2048.0 * 112);
}

TEST(ServingMemory, GroupsOfEquallyManyLayersArePadded) {
  model::Transformer model = dense();
  model.kinds.push_back(model.kinds[0]);
  model.kinds[1].mixer.window = 128;
  ServingRules some = rules();
  some.pads_groups = true;
  // 2 full and 5 windowed layers of 512 bytes: groups of 2, so 6 of the windowed; 3 and 4 are both padded to 4.
  const auto padding = [&](std::vector<int> kinds) {
    model.kind_of_layer = std::move(kinds);
    return serving_memory(model, tp(1), {}, some).padding_per_token.value();
  };
  EXPECT_DOUBLE_EQ(padding({0, 1, 1, 1, 0, 1, 1}), 512.0);
  EXPECT_DOUBLE_EQ(padding({0, 1, 0, 1, 0, 1, 1}), 512.0);
  EXPECT_DOUBLE_EQ(padding({0, 1, 1, 0, 1, 1}), 0.0);
}

TEST(ServingMemory, AStateIsHeldOnceForEachSequence) {
  model::Transformer model = dense();
  model.kinds.push_back({.mixer = {.kind = MixerKind::kLinear,
                                   .heads = 8,
                                   .kv_heads = 2,
                                   .head_dim = 32,
                                   .v_head_dim = 64,
                                   .conv_width = 4,
                                   .conv_channels = 640},
                         .feed_forward = {.ffn = 1024}});
  model.kind_of_layer = {0, 1, 1, 1};
  const ServingMemory memory = serving_memory(model, tp(2), {}, rules());
  // 3 layers x (8 x 32 x 64 x 4 bytes + 3 x 640 x 2 bytes) / 2.
  EXPECT_DOUBLE_EQ(memory.state_per_sequence.value(), 3 * (16'384 * 4.0 + 3'840) / 2);
  EXPECT_DOUBLE_EQ((sequence_bytes(memory, 16) - memory.state_per_sequence).value(), 16 * 256.0);
  EXPECT_EQ(sequence_bytes(memory, 0), Bytes{});
}

TEST(ServingMemory, StagesShareOutLayersAndTheTightestCounts) {
  const ServingMemory memory = serving_memory(dense(), {.pipeline_parallel = 3}, {}, rules());
  // 1, 2, 1 layers: the middle one has most of them.
  EXPECT_EQ(memory.stage, 1);
  EXPECT_EQ(memory.layers, 2);
}

TEST(ServingMemory, LayoutsThatCannotBeSayWhyAndWhatCan) {
  const auto problem = [](const ServingLayout& layout) { return layout_problem(dense(), layout, {}); };
  EXPECT_EQ(problem(tp(8)), "");
  EXPECT_NE(problem(tp(3)).find("use 1, 2, 4, 8"), std::string::npos) << problem(tp(3));
  EXPECT_NE(problem({.pipeline_parallel = 5}).find("more than 4 layers"), std::string::npos);
  EXPECT_NE(problem({.tensor_parallel = 2, .expert_parallel = 3}).find("does not divide tp * dp = 2"),
            std::string::npos);
  EXPECT_NE(problem({.tensor_parallel = 2, .expert_parallel = 2}).find("needs routed experts"), std::string::npos);
  model::Transformer model = dense();
  model.kinds[0].feed_forward = {.ffn = 1536, .experts = 128, .topk = 8};
  const model::ServingFormats block{.experts = WeightFormat::kFp8Block};
  EXPECT_NE(layout_problem(model, tp(8), block).find("192 wide, no multiple of 128"), std::string::npos);
  EXPECT_EQ(layout_problem(model, {.tensor_parallel = 8, .expert_parallel = 8}, block), "");
}

TEST(ServingMemory, MoreIsNeverLess) {
  // Over tp, tokens and share: more memory or fewer bits never hold fewer tokens.
  for (const int size : {1, 2, 4, 8}) {
    std::int64_t before = 0;
    for (const double share : {0.2, 0.5, 0.9}) {
      ServingRules some = rules();
      some.share = share;
      const std::int64_t now = serving_memory(dense(), tp(size), {}, some).tokens;
      EXPECT_GE(now, before);
      before = now;
      EXPECT_GE(serving_memory(dense(), tp(size), {.matrices = WeightFormat::kFp8}, some).tokens, now);
    }
  }
}

}  // namespace
}  // namespace socle::memory
