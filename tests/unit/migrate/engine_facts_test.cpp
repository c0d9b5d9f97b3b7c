#include "socle/migrate/serving/engine_facts.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::migrate {
namespace {

const EngineFacts& packs() {
  static const EngineFacts facts(catalog::Catalog(), nullptr);
  return facts;
}

TEST(Glob, TakesAnyTextAtAStar) {
  EXPECT_TRUE(fits_glob("qwen3-32b*", "qwen3-32b-fp8"));
  EXPECT_TRUE(fits_glob("*-a*b", "qwen3-30b-a3b"));
  EXPECT_FALSE(fits_glob("deepseek-r1", "deepseek-r1-distill-qwen-32b"));
  EXPECT_TRUE(fits_glob("*", ""));
  EXPECT_FALSE(fits_glob("", "a"));
}

TEST(EngineFacts, KnowChipsByTheirKind) {
  EXPECT_EQ(packs().hardware_of("ascend-910c")->key, "ascend_a2_a3");
  EXPECT_EQ(packs().hardware_of("h20")->key, "nvidia_hopper");
  EXPECT_EQ(packs().hardware_of("gb300")->key, "nvidia_blackwell");
  EXPECT_EQ(packs().hardware_of("mtt-s4000"), nullptr);
}

/// The pages were read; what they do not say is unknown, and unknown never counts as yes.
TEST(EngineFacts, SayWhatThePagesSayAndNoMore) {
  EXPECT_EQ(packs().of("vllm-ascend", "ascend_a2_a3", "feature", "chunked_prefill").status, Status::kSupported);
  EXPECT_EQ(packs().of("vllm-ascend", "ascend_a2_a3", "feature", "lora").status, Status::kExperimental);
  EXPECT_EQ(packs().of("vllm", "amd_gpu", "quantization", "awq").status, Status::kUnsupported);
  EXPECT_EQ(packs().of("vllm", "nvidia_blackwell", "feature", "lora").status, Status::kUnknown);
  EXPECT_FALSE(counts_as_yes(packs().of("vllm", "nvidia_blackwell", "feature", "lora").status));
  EXPECT_EQ(packs().of("vllm-ascend", "ascend_a2_a3", "quantization", "w8a8").evidence, Evidence::kE2)
      << "a file of its source";
  EXPECT_EQ(packs().pair("vllm", "nvidia_hopper", "lora", "speculative_decoding").status, Status::kUnsupported);
}

TEST(EngineFacts, TakeTheClosestRowOfAModel) {
  const auto row = [](const char* name) {
    const auto found = packs().model("vllm-ascend", "ascend_a2_a3", name);
    return found ? found->row : std::string();
  };
  EXPECT_EQ(row("Qwen/Qwen3-32B"), "Qwen3-Dense");
  EXPECT_EQ(row("Qwen/Qwen3-30B-A3B-Instruct-2507"), "Qwen3-30B-A3B");
  EXPECT_EQ(row("/models/DeepSeek-R1-0528"), "DeepSeek R1");
  EXPECT_EQ(row("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B"), "DeepSeek Distill (Qwen/Llama)") << "another model";
  EXPECT_EQ(row("meta-llama/Llama-3.1-70B-Instruct"), "Llama2/3/3.1/3.2");
  EXPECT_EQ(row("meta-llama/Llama-4-Scout-17B-16E"), "Llama4");
  EXPECT_EQ(row("tiiuae/falcon-180B"), "") << "no row speaks of it";
}

TEST(EngineFacts, LetTheUsersRowsGoFirst) {
  const CsvTable own = parse_csv(
      "engine,hardware,kind,item,status\nvllm,amd_gpu,quantization,awq,supported\nvllm,amd_gpu,model,falcon-*,"
      "experimental\n",
      "own.csv");
  const EngineFacts facts(catalog::Catalog(), &own);
  EXPECT_EQ(facts.of("vllm", "amd_gpu", "quantization", "awq").status, Status::kSupported);
  EXPECT_EQ(facts.of("vllm", "amd_gpu", "quantization", "awq").evidence, Evidence::kE0);
  EXPECT_EQ(facts.model("vllm", "amd_gpu", "tiiuae/falcon-180B")->known.status, Status::kExperimental);
  const CsvTable wrong = parse_csv("engine,hardware,kind,item,status\nvllm,amd_gpu,thing,awq,supported\n", "own.csv");
  EXPECT_THROW(EngineFacts(catalog::Catalog(), &wrong), InputError);
}

}  // namespace
}  // namespace socle::migrate
