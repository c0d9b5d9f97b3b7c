#include <gtest/gtest.h>

#include "socle/catalog/plausible_stacks.hpp"
#include "socle/catalog/stacks.hpp"

namespace socle::catalog {
namespace {

struct Source {
  const char* text;
  const char* chip;
  const char* stack;
};

TEST(StackOfSource, ARunThatNamesItsFrameworkFindsItsStack) {
  const Catalog catalog;
  const std::vector<Stack> stacks = load_stacks(catalog);
  const Source sources[] = {
      {"NVIDIA-NeMo/Automodel@36044ad3d:docs/performance-summary.mdx", "h100-sxm", "nemo-automodel-2025"},
      {"pytorch/torchtitan@b5bcd76c:benchmarks/llama3_h100_202412_torchtitan.md", "h100-sxm", "torchtitan-2025"},
      {"deepspeedai/DeepSpeed@1234:blogs/deepspeed-ulysses", "a100-sxm-80gb", "deepspeed-2025"},
      {"hiyouga/LLaMA-Factory issue 1", "h800", "llama-factory-2025"},
      {"axolotl-ai-cloud/axolotl@1234", "h100-sxm", "axolotl-2025"},
      {"modelscope/ms-swift@1234:docs", "a100-sxm-80gb", "ms-swift-2025"},
      {"modelscope/ms-swift@1234: Megatron-SWIFT, quick start", "h800", "megatron-swift-2025"},
      {"hpcaitech/ColossalAI@1234:examples", "h800", "colossalai-2024"},
      {"volcengine/veScale@1234", "h800", "vescale-2024"},
      {"AMD-AGI/Primus@1234:benchmark", "mi300x", "primus-2025"},
      {"ROCm/Megatron-LM@1234:examples/llama", "mi300x", "rocm-megatron-2025"},
      {"a page that names nothing", "mi300x", "rocm-megatron-2025"},
      {"Ascend/MindSpeed-LLM(ModelLink)@a47f94f2:examples", "ascend-910b2", "mindspeed-2024"},
      {"Ascend/MindSpeed-LLM@2.1.0:examples", "ascend-910b2", "mindspeed-llm-2.1"},
      {"mindspore/mindformers@1234", "ascend-910b2", "mindformers-2025"}};
  for (const Source& source : sources) {
    const Stack& found = stack_of_source(stacks, source.text, 2025, chip_kind(catalog.chip(source.chip)));
    EXPECT_EQ(found.slug, source.stack) << source.text;
  }
}

TEST(StackOfSource, AChipOfEachVendorHasPlausibleStacksOfItsOwn) {
  const Catalog catalog;
  const std::vector<Stack> stacks = load_stacks(catalog);
  const auto has = [&](const char* chip, std::string_view slug) {
    for (const Stack& stack : plausible_stacks(stacks, catalog.chip(chip))) {
      if (stack.slug == slug) return true;
    }
    return false;
  };
  EXPECT_TRUE(has("mi300x", "primus-2025"));
  EXPECT_TRUE(has("mi300x", "rocm-megatron-2025"));
  EXPECT_FALSE(has("mi300x", "megatron-bridge-26.08"));
  EXPECT_TRUE(has("ascend-910b2", "mindspeed-llm-2.1"));
  EXPECT_FALSE(has("ascend-910b2", "mindspeed-llm-2.0"));  // the same framework, earlier
  EXPECT_FALSE(has("h100-sxm", "mindspeed-llm-2.1"));
  EXPECT_TRUE(has("tpu-v5p", "maxtext-2025"));
  EXPECT_TRUE(has("cambricon-mlu370-x8", "vendor-pytorch"));
}

}  // namespace
}  // namespace socle::catalog
