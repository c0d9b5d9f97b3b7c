#include "socle/setup/serving_model.hpp"

#include <gtest/gtest.h>

#include "socle/answer/validate/serving_case.hpp"

namespace socle::setup {
namespace {

using model::WeightFormat;

model::ServingFormats formats_of(const char* name, std::optional<WeightFormat> matrices,
                                 std::optional<WeightFormat> experts = {}) {
  return served_formats(*find_served_model(catalog::Catalog{}, name), matrices, experts);
}

TEST(ServedFormats, TheEightBitsOfACheckpointInBlocksAreItsBlocks) {
  for (const char* name : {"deepseek-ai/DeepSeek-R1", "deepseek-v3.2", "kimi-k2", "minimax-m2.5"}) {
    const model::ServingFormats said = formats_of(name, WeightFormat::kFp8);
    EXPECT_EQ(said, formats_of(name, {})) << name;
    EXPECT_EQ(said.matrices, WeightFormat::kFp8Block) << name;
    EXPECT_EQ(said.experts, WeightFormat::kFp8Block) << name;
  }
  EXPECT_EQ(formats_of("llama-3.1-70b", WeightFormat::kFp8).matrices, WeightFormat::kFp8);
  EXPECT_EQ(formats_of("deepseek-r1", WeightFormat::kNvFp4).experts, WeightFormat::kNvFp4);
}

TEST(ServedFormats, ATableThatNamesBlocksForExpertsAloneMeansBothSo) {
  const auto read = [](const std::string& model, const std::string& matrices, const std::string& experts) {
    const std::string text =
        "engine,model,chip,gemm_precision,moe_precision,input_tokens,output_tokens,concurrency,tp,pp,attention_dp,moe_"
        "ep\n"
        "sglang," +
        model + ",h200-sxm," + matrices + "," + experts + ",1024,1024,8,8,1,1,1\n";
    return answer::read_serving_case(catalog::Catalog{}, parse_csv(text, "x.csv"), 0).served.formats;
  };
  EXPECT_EQ(read("zai-org/GLM-5", "fp8", "fp8_block").matrices, WeightFormat::kFp8Block);
  EXPECT_EQ(read("qwen3-30b-a3b", "fp8", "fp8").matrices, WeightFormat::kFp8);
  EXPECT_EQ(read("qwen3-30b-a3b", "bf16", "fp8_block").matrices, WeightFormat::kBf16);
}

}  // namespace
}  // namespace socle::setup
