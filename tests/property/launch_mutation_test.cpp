#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/random.hpp"
#include "socle/setup/launch_reading.hpp"

// Launch commands with up to three bytes changed, doubled, taken away or put in: each is refused with problems that say
// something, or gives flags and rows that hold together.
namespace socle::setup {
namespace {

constexpr int kMutations = 600;

const std::vector<std::string>& commands() {
  static const std::vector<std::string> list{
      "A=b vllm serve meta-llama/Llama-3.1-70B-Instruct -tp 4 --max-model-len 32k --kv-cache-dtype fp8 -q fp8",
      "vllm serve deepseek-ai/DeepSeek-R1 -dp 8 -ep --speculative-config '{\"method\": \"mtp\", "
      "\"num_speculative_tokens\": 2}' --no-enable-prefix-caching",
      "docker run --gpus all vllm/vllm-openai:v0.11.0 --model \"Qwen/Qwen3-32B\" --speculative-config.method mtp",
      "python3 -m sglang.launch_server --model-path Qwen/Qwen3-32B --tp 8 --dp 2 --enable-dp-attention "
      "--chunked-prefill-size 8192 \\\n --mem-fraction-static=0.9",
      "cat > x.yaml <<'E'\nkv_cache_config:\n  dtype: \"fp8\" # c\n  enable_block_reuse: true\nE\n"
      "trtllm-serve Qwen/Qwen3-32B --tp_size 2 --extra_llm_api_options x.yaml"};
  return list;
}

std::string mutated(const RandomStream& random, std::uint64_t entity) {
  constexpr std::string_view kBytes = " \n\\'\"$=-#<>|&;:.{}[]()`0123456789abcxyz\t\r\x01\x7f\xff";
  std::uint64_t draw = 0;
  const auto below = [&](std::uint64_t bound) { return random.below(bound, entity, draw++); };
  std::string text = commands()[below(commands().size())];
  for (std::uint64_t left = 1 + below(3); left > 0 && !text.empty(); --left) {
    const std::size_t at = below(text.size());
    const char byte = kBytes[below(kBytes.size())];
    switch (below(4)) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.insert(at, 1, byte);
        break;
      case 2:
        text.erase(at, 1 + below(8));
        break;
      default:
        text += " " + text.substr(at, below(30));
    }
  }
  return text;
}

TEST(LaunchMutation, IsReadOrRefusedWithReasons) {
  const catalog::Catalog catalog;
  const RandomStream random(20260727, 7);
  int read = 0;
  for (int i = 0; i < kMutations; ++i) {
    const std::string text = mutated(random, static_cast<std::uint64_t>(i));
    try {
      const LaunchReading reading = read_launch(catalog, text, {.source = "m", .question = scenario::Question::kServe});
      EXPECT_FALSE(reading.rows.empty()) << text;
      for (const auto& [flag, value] : reading.flags) EXPECT_TRUE(flag.starts_with("--") && !value.empty()) << text;
      ++read;
    } catch (const InputError& error) {
      ASSERT_FALSE(error.problems().empty());
      for (const Problem& problem : error.problems()) EXPECT_FALSE(problem.message.empty()) << text;
    }
  }
  EXPECT_GT(read, kMutations / 20);
  EXPECT_LT(read, kMutations);
}

}  // namespace
}  // namespace socle::setup
