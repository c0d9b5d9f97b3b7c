#include "socle/setup/launch_reading.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/setup/launch_command.hpp"
#include "socle/setup/launch_values.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::setup {
namespace {

using scenario::Flags;
using scenario::Question;

LaunchReading read(std::string_view text, Question question = Question::kServe, const Flags& given = {}) {
  return read_launch(catalog::Catalog(), text, {.source = "--from", .question = question, .given = given});
}

std::string flags_of(std::string_view text, Question question = Question::kServe, const Flags& given = {}) {
  std::string all;
  for (const auto& [flag, value] : read(text, question, given).flags)
    all += (all.empty() ? "" : " ") + flag + " " + value;
  return all;
}

std::string problem_of(std::string_view text) {
  try {
    read(text);
    return {};
  } catch (const InputError& error) { return error.what(); }
}

struct Case {
  const char* command;
  const char* flags;
};

TEST(LaunchReading, CommandsOfVllm) {
  const Case cases[] = {
      {"vllm serve meta-llama/Llama-3.1-70B-Instruct --tensor-parallel-size 4", "--model Llama-3.1-70B --tp 4"},
      {"VLLM_USE_V1=1 CUDA_VISIBLE_DEVICES=0,1 vllm serve Qwen/Qwen3-32B -tp 2", "--model Qwen3-32B --tp 2"},
      {"python3 -m vllm.entrypoints.openai.api_server --model=Qwen/Qwen3-32B --max-model-len=32k",
       "--max-model-len 32k --model Qwen3-32B --tp 1"},
      {"nohup /opt/venv/bin/vllm serve Qwen/Qwen3-32B --max_num_seqs 64 > log 2>&1 &",
       "--max-num-seqs 64 --model Qwen3-32B --tp 1"},
      {"docker run --gpus all -e A=b vllm/vllm-openai:v0.11.0 --model Qwen/Qwen3-32B -q fp8",
       "--engine vllm-0.11.0 --model Qwen3-32B --tp 1 --weights fp8"},
      {"docker run x.example/ascend/vllm-ascend:v0.9.1rc2 vllm serve Qwen/Qwen3-32B",
       "--engine vllm-ascend-0.9.1 --model Qwen3-32B --tp 1"},
      {"bash -c \"vllm serve 'Qwen/Qwen3-32B' --kv-cache-dtype fp8_e5m2\"", "--kv fp8 --model Qwen3-32B --tp 1"},
      {"vllm serve Qwen/Qwen3-30B-A3B -tp 2 -dp 4 --enable-expert-parallel",
       "--dp 4 --ep 8 --model Qwen3-30B-A3B --tp 2"},
      {"vllm serve Qwen/Qwen3-30B-A3B -tp 2 -dp 4", "--dp 4 --ep 1 --model Qwen3-30B-A3B --tp 2"},
      {"vllm serve deepseek-ai/DeepSeek-R1 --speculative-config '{\"method\": \"deepseek_mtp\", "
       "\"num_speculative_tokens\": 2}'",
       "--drafts 2 --model DeepSeek-R1 --mtp true --tp 1"},
      {"vllm serve deepseek-ai/DeepSeek-R1 --speculative-config.method mtp "
       "--speculative-config.num_speculative_tokens=3",
       "--drafts 3 --model DeepSeek-R1 --mtp true --tp 1"},
      {"vllm serve Qwen/Qwen3-32B --no-enable-prefix-caching", "--model Qwen3-32B --prefix-caching false --tp 1"},
      {"vllm serve Qwen/Qwen3-32B --enable-prefix-caching --async-scheduling",
       "--model Qwen3-32B --prefix-caching true --tp 1"},
      {"vllm serve Qwen/Qwen3-32B --enable-chunked-prefill False -O3 --served-model-name a b --port 8000",
       "--model Qwen3-32B --tp 1"},
      {"vllm serve some/Llama-3.1-8B-Instruct-FP8", "--model Llama-3.1-8B --tp 1 --weights fp8"},
      {"vllm serve /models/Qwen3-32B-AWQ/ --quantization awq_marlin", "--model Qwen3-32B --tp 1 --weights w4a16"},
      {"vllm serve deepseek-ai/DeepSeek-V3 --quantization fp8", "--model DeepSeek-V3 --tp 1"},
      {"set -e\nexport HF_HOME=/x # where\n\nvllm serve \\\n  Qwen/Qwen3-32B \\\n  --port \"$PORT\"\n",
       "--model Qwen3-32B --tp 1"},
      {"vllm serve Qwen/Qwen3-32B -tp 2 --tensor-parallel-size 4", "--model Qwen3-32B --tp 4"},
  };
  for (const Case& one : cases) EXPECT_EQ(flags_of(one.command), one.flags) << one.command;
}

TEST(LaunchReading, CommandsOfSglangAndTensorrtLlm) {
  const Case cases[] = {
      {"python -m sglang.launch_server --model-path Qwen/Qwen3-32B --tp 4 --disable-radix-cache",
       "--engine sglang --model Qwen3-32B --prefix-caching false --tp 4"},
      {"docker run lmsysorg/sglang:v0.5.6-cu126 python3 -m sglang.launch_server --model Qwen/Qwen3-32B --dp 2",
       "--engine sglang-0.5.6 --model Qwen3-32B --replicas 2 --tp 1"},
      // 8 chips in 4 groups of attention: 2 each; the limits of all groups are a quarter for each.
      {"python -m sglang.launch_server --model-path deepseek-ai/DeepSeek-R1 --tp-size 8 --dp-size 4 "
       "--enable-dp-attention --max-running-requests 1024 --chunked-prefill-size 32768",
       "--dp 4 --engine sglang --ep 1 --max-num-batched-tokens 8192 --max-num-seqs 256 --model DeepSeek-R1 --tp 2"},
      {"python -m sglang.launch_server --model-path deepseek-ai/DeepSeek-R1 --tp 8 --moe-a2a-backend deepep",
       "--engine sglang --ep 8 --model DeepSeek-R1 --tp 8"},
      {"python -m sglang.launch_server --model-path deepseek-ai/DeepSeek-R1 --speculative-algorithm EAGLE "
       "--speculative-num-steps 3 --speculative-eagle-topk 1",
       "--drafts 3 --engine sglang --model DeepSeek-R1 --mtp true --tp 1"},
      {"trtllm-serve Qwen/Qwen3-32B --tp_size 2 --max_batch_size 64 --kv_cache_free_gpu_memory_fraction 0.8",
       "--engine tensorrt-llm --kv-free-fraction 0.8 --max-num-seqs 64 --model Qwen3-32B --tp 2"},
      {"cat >x.yaml <<E\nenable_attention_dp: true\nkv_cache_config:\n  dtype: fp8\ncuda_graph_config:\n  "
       "batch_sizes: [1, 2]\nE\ntrtllm-serve Qwen/Qwen3-30B-A3B --tp_size 4 --extra_llm_api_options x.yaml",
       "--dp 4 --engine tensorrt-llm --ep 1 --kv fp8 --model Qwen3-30B-A3B --tp 1"},
      {"cat >x.yaml <<E\nenable_attention_dp: true\nattention_dp_config:\n  enable_balance: true\n  timeout_iters: "
       "60\nE\n"
       "trtllm-serve Qwen/Qwen3-30B-A3B --tp_size 4 --extra_llm_api_options x.yaml",
       "--dp 4 --engine tensorrt-llm --ep 1 --model Qwen3-30B-A3B --prompt-wait-steps 60 --tp 1"},
      {"cat >x.yaml <<E\nenable_attention_dp: true\nattention_dp_config:\n  enable_balance: true\nE\n"
       "trtllm-serve Qwen/Qwen3-30B-A3B --tp_size 4 --extra_llm_api_options x.yaml",
       "--dp 4 --engine tensorrt-llm --ep 1 --model Qwen3-30B-A3B --prompt-wait-steps 50 --tp 1"},
      {"cat >x.yaml <<E\nenable_attention_dp: true\nattention_dp_config:\n  timeout_iters: 60\nE\n"
       "trtllm-serve Qwen/Qwen3-30B-A3B --tp_size 4 --extra_llm_api_options x.yaml",
       "--dp 4 --engine tensorrt-llm --ep 1 --model Qwen3-30B-A3B --tp 1"},
  };
  for (const Case& one : cases) EXPECT_EQ(flags_of(one.command), one.flags) << one.command;
}

TEST(LaunchReading, MistakesNameTheWordThePlaceAndTheRemedy) {
  const Case cases[] = {
      {"vllm serve Qwen/Qwen3-32B --tensor-paralel-size 4",
       "--from:1:27: --tensor-paralel-size is no flag of vLLM that is known; did you mean \"--tensor-parallel-size\"?"},
      {"vllm serve Qwen/Qwen3-32B \\\n  --max-num-seqs", "--from:2:3: --max-num-seqs lacks its value"},
      {"vllm serve Qwen/Qwen3-32B --max-num-seqs --port 1", "--max-num-seqs lacks its value"},
      {"vllm serve Qwen/Qwen3-32B extra", "--from:1:27: \"extra\" belongs to no flag"},
      {"vllm serve Qwen/Qwen3-32B -tp $N",
       "--from:1:31: \"${N}\" is filled in by a shell; assign it in the script, or write the value itself"},
      {"vllm serve $MODEL", "\"${MODEL}\" is filled in by a shell"},
      {"vllm serve Qwen/Qwen3-32B -tp two", "-tp two: write a whole number from 1"},
      {"vllm serve Qwen/Qwen3-32B --kv-cache-dtype int3", "is no format of a cache that is known; write auto,"},
      {"vllm serve Qwen/Qwen3-32B -q best", "is no quantisation that is known"},
      {"vllm serve Qwen/Qwen3-32B --speculative-config {x}", "is no JSON"},
      {"vllm serve nobody/Nothing-1B", "is not in the catalogue; say what it is with --model NAME"},
      {"vllm serve --port 80", "names no model"},
      {"vllm bench serve", "no launch command that is known; write `sglang serve ...`"},
      {"", "no launch command that is known"},
      {"vllm serve a\nvllm serve b", "2 launch commands stand in it"},
      {"vllm serve 'Qwen/Qwen3-32B", "nothing ends the quote '"},
      {"docker run lmsysorg/sglang:latest bash", "no launch command follows it"},
      {"trtllm-serve Qwen/Qwen3-32B --extra_llm_api_options x.yaml", "the file cannot be read here"},
      {"cat >x.yaml <<E\nkv_cache_config:\n  dtipe: fp8\nE\ntrtllm-serve Qwen/Qwen3-32B --config x.yaml",
       "x.yaml:2:10: kv_cache_config.dtipe is no setting of TensorRT-LLM that is known; did you mean "
       "\"kv_cache_config.dtype\"?"},
      {"python -m sglang.launch_server --model-path Qwen/Qwen3-32B --tp 8 --dp 3 --enable-dp-attention",
       "3 groups of --enable-dp-attention do not divide --tp-size 8"},
      {"python -m sglang.launch_server --model-path Qwen/Qwen3-32B --disable-radix-cache=1", "takes no value"},
  };
  for (const Case& one : cases)
    EXPECT_NE(problem_of(one.command).find(one.flags), std::string::npos) << one.command << "\n"
                                                                          << problem_of(one.command);
}

// What the user says by flags of their own wins, whichever of the three shares it is.
TEST(LaunchReading, GivenFlagsAreLeftToTheUser) {
  const char* command = "vllm serve Qwen/Qwen3-30B-A3B -tp 8 -ep --gpu-memory-utilization 0.8";
  EXPECT_EQ(flags_of(command, Question::kServe, {{"--tp", "4"}, {"--model", "x"}, {"--gpu-memory-utilization", "0.9"}}),
            "--ep 4");
}

TEST(LaunchReading, WhatMattersAndIsNotModelledIsADoubt) {
  const LaunchReading reading = read("vllm serve Qwen/Qwen3-32B --cpu-offload-gb 10 --enforce-eager --host x -q quark");
  ASSERT_EQ(reading.doubts.size(), 3U);
  EXPECT_NE(reading.doubts[0].find("--cpu-offload-gb 10 of the launch command matters for memory and speed"),
            std::string::npos);
}

TEST(LaunchReading, FlagsThatOnlyASimulationTakesDoNotActOnWhatFits) {
  EXPECT_EQ(flags_of("vllm serve Qwen/Qwen3-32B --no-enable-prefix-caching", Question::kServeFit),
            "--model Qwen3-32B --tp 1");
}

TEST(LaunchReading, ImagesTellVersions) {
  EXPECT_EQ(version_of_image("vllm/vllm-openai:v0.11.0"), "0.11.0");
  EXPECT_EQ(version_of_image("host:5000/a/sglang:v0.5.6-cu126@sha256:00"), "0.5.6");
  EXPECT_EQ(version_of_image("host:5000/a/sglang"), "");
  EXPECT_EQ(version_of_image("a/b:latest"), "");
}

// A command that Socle writes has a model's identifier, which must lead back to the model.
TEST(LaunchReading, EveryIdentifierOfTheCatalogueLeadsBack) {
  const catalog::Catalog catalog;
  int identifiers = 0;
  for (const std::string& path : catalog.paths_under("models/")) {
    const std::string slug = path.substr(7, path.size() - 12);
    const model::Transformer model = load_model(catalog, slug);
    if (model.hf_id.empty()) continue;
    const auto found = launch_model(catalog, model.hf_id);
    ASSERT_TRUE(found) << model.hf_id;
    EXPECT_EQ(load_model(catalog, found->name).name, model.name) << model.hf_id;
    EXPECT_EQ(found->weights, "") << model.hf_id;
    ++identifiers;
  }
  EXPECT_GT(identifiers, 50);
}

}  // namespace
}  // namespace socle::setup
