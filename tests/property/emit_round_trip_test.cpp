// What `socle serve emit` writes, `--from` reads back as the same record, over random configurations.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "socle/api/serve.hpp"
#include "socle/base/random.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

struct Engine {
  const char* target;
  const char* name;
};

constexpr Engine kEngines[] = {{"vllm", "vllm-0.6"},           {"vllm", "vllm-0.11"},
                               {"vllm", "vllm-0.19"},          {"sglang", "sglang-0.4"},
                               {"sglang", "sglang-0.5"},       {"trtllm", "tensorrt-llm-0.20"},
                               {"trtllm", "tensorrt-llm-1.0"}, {"trtllm", "tensorrt-llm-1.2"}};

/// Flags of a random configuration; many cannot be said by their engine, or do not fit.
Flags random_flags(std::uint32_t seed, const Engine& engine) {
  const RandomStream random(seed, 12);
  std::uint64_t draw = 0;
  const auto below = [&](std::uint64_t count) { return random.below(count, 0, draw++); };
  const auto one_of = [&](std::vector<std::string> words) { return words[below(words.size())]; };
  Flags flags{{"--engine", engine.name}};
  const std::string target = engine.target;
  flags["--model"] = one_of({"llama-3.1-8b", "qwen3-32b", "qwen3-30b-a3b", "deepseek-v3", "gpt-oss-120b"});
  flags["--chip"] = one_of({"h100-sxm", "h200-sxm", "b200-sxm"});
  const auto maybe = [&](std::uint64_t of, const char* flag, const std::string& value) {
    if (below(of) == 0) flags[flag] = value;
  };
  maybe(2, "--tp", one_of({"1", "2", "4", "8"}));
  maybe(4, "--pp", one_of({"1", "2"}));
  maybe(4, "--dp", one_of({"1", "2", "4", "8"}));
  maybe(4, "--ep", one_of({"1", "2", "8", "16"}));
  maybe(3, "--kv", one_of({"bf16", "fp8"}));
  maybe(4, "--weights", one_of({"bf16", "fp8"}));
  maybe(3, "--max-model-len", std::to_string(1024 + below(30'000)));
  maybe(3, "--max-num-seqs", std::to_string(8 * (1 + below(100))));
  maybe(3, "--max-num-batched-tokens", std::to_string(2048 + 16 * below(800)));
  maybe(3, "--prefix-caching", one_of({"true", "false"}));
  if (below(5) == 0) {
    flags["--mtp"] = "true";
    maybe(2, "--drafts", one_of({"1", "2", "3"}));
  }
  const char* share = target == "vllm"     ? "--gpu-memory-utilization"
                      : target == "sglang" ? "--mem-fraction-static"
                                           : "--kv-free-fraction";
  maybe(3, share, one_of({"0.5", "0.85", "0.93"}));
  if (target != "trtllm") {
    maybe(3, "--scheduling-policy", one_of({"fcfs", "priority"}));
    if (std::string(engine.name) != "vllm-0.6") maybe(4, "--kv-host", one_of({"64 GB", "512 GB", "1.5 TB"}));
  }
  if (target == "sglang") maybe(3, "--max-waiting", std::to_string(64 * (1 + below(20))));
  if (below(3) == 0) {
    flags["--max-loras"] = std::to_string(1 + below(8));
    flags["--max-lora-rank"] = one_of({"8", "16", "64"});
    flags["--max-cpu-loras"] = std::to_string(8 + below(100));
    if (target == "sglang") maybe(2, "--lora-targets", one_of({"all", "attention"}));
  }
  return flags;
}

std::string words_of(const answer::LaunchWords& command) {
  std::string text;
  for (const answer::LaunchWord& word : command.words) text += word.flag + " " + word.value + "\n";
  for (const answer::LaunchSetting& setting : command.settings) text += setting.path + ": " + setting.value + "\n";
  return text;
}

void expect_same(const answer::EmitResult& a, const answer::EmitResult& b, const std::string& about) {
  EXPECT_EQ(a.setup.serve.model.name, b.setup.serve.model.name) << about;
  EXPECT_EQ(a.fit.chosen.layout, b.fit.chosen.layout) << about;
  EXPECT_EQ(a.setup.serve.formats, b.setup.serve.formats) << about;
  EXPECT_EQ(a.setup.serve.max_model_len, b.setup.serve.max_model_len) << about;
  EXPECT_EQ(a.setup.serve.max_num_seqs, b.setup.serve.max_num_seqs) << about;
  EXPECT_EQ(a.setup.serve.max_num_batched_tokens, b.setup.serve.max_num_batched_tokens) << about;
  EXPECT_EQ(a.setup.serve.prediction, b.setup.serve.prediction) << about;
  const int least = a.setup.serve.prediction ? 1 : 0;  // modules guess a token at least
  EXPECT_EQ(std::max(least, a.setup.drafts), b.setup.drafts) << about;
  EXPECT_EQ(a.setup.serve.adapters, b.setup.serve.adapters) << about;
  EXPECT_EQ(a.setup.prefix_caching, b.setup.prefix_caching) << about;
  EXPECT_EQ(a.setup.order, b.setup.order) << about;
  EXPECT_EQ(a.setup.max_waiting, b.setup.max_waiting) << about;
  EXPECT_NEAR(a.setup.kv_host.value(), b.setup.kv_host.value(), 1e-9 * a.setup.kv_host.value()) << about;
  EXPECT_EQ(a.fit.chosen.share, b.fit.chosen.share) << about;
  EXPECT_EQ(a.fit.chosen.memory->tokens, b.fit.chosen.memory->tokens) << about;
  // Written again, it is the same command.
  EXPECT_EQ(words_of(a.command), words_of(b.command)) << about;
}

TEST(EmitRoundTrip, WhatIsWrittenIsReadAsTheSameRecord) {
  const catalog::Catalog catalog;
  int written = 0, refused = 0, too_large = 0;
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    const Engine& engine = kEngines[seed % std::size(kEngines)];
    const Flags flags = random_flags(seed, engine);
    std::string about = "seed " + std::to_string(seed) + ":";
    for (const auto& [flag, value] : flags) about += " " + flag + " " + value;
    std::optional<api::ServeEmitAnswer> answer;
    try {
      answer = api::serve_emit(catalog, request_of({.scenario = {}, .flags = flags}), engine.target);
    } catch (const InputError&) {  // the engine cannot say it, or it cannot be
      ++refused;
      continue;
    }
    if (!api::holds(*answer)) {
      ++too_large;
      continue;
    }
    ++written;
    api::Request again =
        request_of({.scenario = {}, .flags = {{"--engine", engine.name}, {"--chip", flags.at("--chip")}}});
    // A format that only another checkpoint brings is not in the command, which says so.
    const answer::WeightsAre weights = answer::weights_are(answer->result.setup.serve);
    const bool narrowed = weights == answer::WeightsAre::kNarrowed && std::string(engine.target) == "trtllm";
    if (flags.contains("--weights") && (weights == answer::WeightsAre::kElsewhere || narrowed))
      again.flags["--weights"] = flags.at("--weights");
    again.launch_text = api::text(*answer);
    again.launch_name = "--from";
    try {
      expect_same(answer->result, api::serve_emit(catalog, again, engine.target).result, about);
    } catch (const InputError& error) { ADD_FAILURE() << about << "\n" << error.what() << "\n" << again.launch_text; }
    if (HasFailure()) {
      ADD_FAILURE() << again.launch_text;
      return;
    }
  }
  EXPECT_GT(written, 100) << refused << " refused, " << too_large << " do not fit";
}

}  // namespace
}  // namespace socle::test
