#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "socle/api/migrate_serving.hpp"
#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"

namespace socle::test {
namespace {

using migrate::Change;
using migrate::Decision;

api::MigrateServingAnswer move(const std::string& command, const std::string& from, const std::string& to,
                               scenario::Flags flags = {}) {
  return api::migrate_serving(
      catalog::Catalog(),
      {.launch_text = command, .launch_name = "COMMAND", .from = from, .to = to, .flags = std::move(flags)});
}

const migrate::Translated& item(const answer::ServingVerdict& verdict, const std::string& name) {
  for (const migrate::Translated& one : verdict.launch.items) {
    if (one.item == name || (one.item.empty() && one.to_item == name)) return one;
  }
  throw std::runtime_error("no item " + name);
}

std::string problem_of(const std::string& command, const std::string& from, const std::string& to,
                       scenario::Flags flags = {}) {
  try {
    move(command, from, to, std::move(flags));
  } catch (const InputError& error) { return error.what(); }
  return {};
}

constexpr const char* kQwen = "vllm serve Qwen/Qwen3-32B -tp 2 --max-model-len 32768";

/// H20 keeps CUDA: nothing of the command is lost, only its layout is planned anew.
TEST(MigrateServing, StaysWithinCudaWithoutWork) {
  const auto answer = move(kQwen, "h100-sxm", "h20");
  const answer::ServingVerdict& h20 = answer.result.targets.at(0);
  EXPECT_EQ(h20.decision, Decision::kGo);
  EXPECT_EQ(h20.effort, migrate::Effort::kNone);
  EXPECT_DOUBLE_EQ(h20.items_share(), 1.0);
  // H20 has 148 TFLOP/s where H100 has 989: prompts decide, and they are several times slower.
  ASSERT_TRUE(h20.speed);
  EXPECT_LT(h20.speed->value, 0.6);
  EXPECT_LE(h20.speed->low, h20.speed->value);
  EXPECT_GE(h20.speed->high, h20.speed->value);
}

/// On Ascend a command of vLLM runs vLLM Ascend: moved to another Ascend it keeps its engine.
TEST(MigrateServing, KeepsTheEngineOfItsPlatform) {
  const auto answer = move(kQwen, "ascend-910b", "ascend-910c");
  EXPECT_EQ(answer.result.move.from.engine, "vllm-ascend");
  EXPECT_EQ(answer.result.move.to.at(0).engine, "vllm-ascend");
  EXPECT_EQ(answer.result.targets.at(0).effort, migrate::Effort::kNone);
}

/// 910C has no 8-bit floats: DeepSeek-R1's weights become integers made by ModelSlim, and need the flag that says so.
TEST(MigrateServing, PlansOtherWeightsWhereTheChipLacksTheirFormat) {
  const auto answer = move("vllm serve deepseek-ai/DeepSeek-R1 -tp 8 --max-model-len 32768", "h200-sxm", "ascend-910c");
  const answer::ServingVerdict& verdict = answer.result.targets.at(0);
  ASSERT_TRUE(verdict.fleet);
  EXPECT_EQ(verdict.fleet->formats.matrices, model::WeightFormat::kInt8);
  ASSERT_EQ(verdict.others.size(), 1u) << "16 bits, on twice the chips";
  EXPECT_GE(verdict.others[0].chips, 2 * verdict.fleet->chips);
  EXPECT_EQ(item(verdict, "--quantization").to_value, "ascend");
  EXPECT_EQ(verdict.model->known.status, migrate::Status::kSupported);
  EXPECT_EQ(verdict.decision, Decision::kGoWithWork);
  EXPECT_EQ(verdict.effort, migrate::Effort::kDays);
  EXPECT_EQ(verdict.fleet->chips, verdict.fleet->layout.chips());
}

/// V100 has no bf16: the weights are cast to fp16 as they are loaded, which the command has to say.
TEST(MigrateServing, SaysTheOtherSixteenBits) {
  const auto answer = move(kQwen, "h100-sxm", "v100-sxm-32gb,ascend-910c");
  const answer::ServingVerdict& v100 = answer.result.targets.at(0);
  EXPECT_EQ(item(v100, "--dtype").to_value, "float16");
  EXPECT_EQ(v100.fleet->formats.matrices, model::WeightFormat::kFp16);
  EXPECT_FALSE(answer.result.move.to[0].formats.at(0).new_weights);
  EXPECT_EQ(answer.result.move.to[1].formats.at(0).why, "") << "910C has bf16: nothing changes";
}

TEST(MigrateServing, GivesEveryWordALine) {
  const auto answer = move(
      "NCCL_DEBUG=INFO CUDA_VISIBLE_DEVICES=0,1 HF_HOME=/m vllm serve Qwen/Qwen3-32B -tp 2 --attention-backend "
      "FLASH_ATTN "
      "--kv-cache-dtype fp8 --kv-transfer-config '{\"kv_connector\": \"NixlConnector\"}' --enable-auto-tool-choice "
      "--flag-of-tomorrow 1",
      "h100-sxm", "ascend-910c");
  const answer::ServingVerdict& verdict = answer.result.targets.at(0);
  const migrate::LaunchRecord& record = answer.result.move.record;
  const auto read = std::count_if(verdict.launch.items.begin(), verdict.launch.items.end(),
                                  [](const auto& one) { return one.change != Change::kAdded; });
  EXPECT_EQ(static_cast<std::size_t>(read), record.environment.size() + record.items.size());
  EXPECT_EQ(item(verdict, "NCCL_DEBUG").change, Change::kDroppedPerformance);
  EXPECT_EQ(item(verdict, "CUDA_VISIBLE_DEVICES").to_item, "ASCEND_RT_VISIBLE_DEVICES");
  EXPECT_EQ(item(verdict, "HF_HOME").change, Change::kSame);
  EXPECT_EQ(item(verdict, "--kv-cache-dtype").to_value, "auto");
  EXPECT_EQ(item(verdict, "--kv-transfer-config").change, Change::kNoEquivalent);
  EXPECT_EQ(item(verdict, "--attention-backend").change, Change::kDroppedPerformance);
  EXPECT_EQ(item(verdict, "--enable-auto-tool-choice").change, Change::kSame);
  EXPECT_EQ(item(verdict, "--flag-of-tomorrow").change, Change::kUnknown);
  EXPECT_LT(verdict.needs_share(), 1.0) << "the connector";
}

/// A replica of two nodes is launched on each; flags of the nodes that are left go with them.
TEST(MigrateServing, SaysHowAReplicaOfSeveralNodesIsLaunched) {
  const auto wide = move("vllm serve deepseek-ai/DeepSeek-R1 -tp 8 --max-model-len 32768", "h200-sxm", "ascend-910c");
  const answer::ServingVerdict& two = wide.result.targets.at(0);
  ASSERT_EQ(two.fleet->layout.chips(), 16);
  EXPECT_EQ(item(two, "--data-parallel-size-local").to_value, std::to_string(two.fleet->layout.data_parallel / 2));
  EXPECT_EQ(item(two, "--data-parallel-address").to_value, "$HEAD_IP");
  EXPECT_NE(api::scripts(wide).at(0).second.find("set -- --headless"), std::string::npos);
  const auto narrow =
      move("vllm serve Qwen/Qwen3-32B -tp 2 -dp 8 -dpl 4 -dpa 10.0.0.1 --headless", "h100-sxm", "h200-sxm");
  const answer::ServingVerdict& one = narrow.result.targets.at(0);
  ASSERT_LE(one.fleet->layout.chips(), 8);
  EXPECT_EQ(item(one, "--headless").change, Change::kDroppedHarmless);
  EXPECT_EQ(item(one, "-dpl").change, Change::kDroppedHarmless);
}

/// A script is read as a shell would: what it assigns is filled in, what only a run knows stays, a default is taken.
TEST(MigrateServing, FollowsTheVariablesOfAScript) {
  const auto answer = move(
      "MODEL=Qwen/Qwen3-32B\nARGS=\"--max-model-len 32768 --port ${PORT:-8000}\"\n"
      "vllm serve $MODEL -tp ${TP:-2} $ARGS --host $HOST",
      "h100-sxm", "h20");
  const answer::ServingVerdict& verdict = answer.result.targets.at(0);
  EXPECT_EQ(answer.result.source->layout.tensor_parallel, 2);
  EXPECT_EQ(item(verdict, "--max-model-len").value, "32768");
  EXPECT_EQ(item(verdict, "--host").value, "${HOST}");
  EXPECT_NE(migrate::launch_line(verdict.launch.record, false).find("--host \"${HOST}\""), std::string::npos);
  EXPECT_NE(answer.result.move.reading.doubts.at(0).find("read as 2"), std::string::npos);
}

/// Manifests and compose files launch as commands do: by a command, by a shell, or by the image's own entry point.
TEST(MigrateServing, ReadsManifestsAndComposeFiles) {
  for (const char* text :
       {"apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n"
        "        image: vllm/vllm-openai:v0.11.0\n        args: [\"--model\", \"Qwen/Qwen3-32B\", \"-tp\", \"2\"]\n"
        "        env:\n        - name: NCCL_DEBUG\n          value: INFO\n",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    command: [sh, -c, 'NCCL_DEBUG=INFO vllm "
        "serve "
        "Qwen/Qwen3-32B -tp 2']\n",
        "services:\n  llm:\n    image: vllm/vllm-openai:v0.11.0\n    command: --model Qwen/Qwen3-32B -tp 2\n"
        "    environment:\n      NCCL_DEBUG: INFO\n"}) {
    const auto answer = move(text, "h100-sxm", "ascend-910c");
    EXPECT_EQ(answer.result.source->layout.tensor_parallel, 2) << text;
    EXPECT_EQ(item(answer.result.targets.at(0), "NCCL_DEBUG").change, Change::kDroppedPerformance) << text;
  }
  const auto script = move("#!/bin/sh\ncat > pod.yaml <<'E'\napiVersion: v1\n\tx\nE\nvllm serve Qwen/Qwen3-32B -tp 2\n",
                           "h100-sxm", "h20");
  EXPECT_EQ(script.result.source->layout.tensor_parallel, 2) << "a script that writes a manifest is none";
}

/// SGLang counts groups of attention inside --tp, vLLM beside it; TensorRT-LLM does not leave NVIDIA.
TEST(MigrateServing, SpeaksTheLanguageOfTheOtherEngine) {
  const auto answer =
      move("trtllm-serve Qwen/Qwen3-32B --tp_size 2 --max_batch_size 64 --port 8000", "h100-sxm", "ascend-910c,mi300x");
  for (const answer::ServingVerdict& verdict : answer.result.targets) {
    EXPECT_EQ(item(verdict, "--max_batch_size").to_item, "--max-num-seqs");
    EXPECT_EQ(verdict.launch.record.launcher.front().text, "vllm");
    const std::string tp = item(verdict, "--tp_size").to_item;
    EXPECT_EQ(tp, "--tensor-parallel-size");
  }
  const auto sglang =
      move("python3 -m sglang.launch_server --model-path Qwen/Qwen3-30B-A3B --tp 2 --dp 2 --enable-dp-attention",
           "h100-sxm", "ascend-910b2");
  const answer::ServingVerdict& there = sglang.result.targets.at(0);
  const int tp = std::stoi(item(there, "--tp").to_value);
  EXPECT_EQ(tp, there.fleet->layout.chips() / there.fleet->layout.pipeline_parallel);
}

TEST(MigrateServing, SaysNoWhereNothingIsKnown) {
  const auto answer = move(kQwen, "h100-sxm", "mtt-s4000");
  EXPECT_EQ(answer.result.targets.at(0).decision, Decision::kNoGo);
  EXPECT_FALSE(api::holds(answer));
  const auto llama4 = move("vllm serve meta-llama/Llama-4-Scout-17B-16E -tp 4", "h200-sxm", "ascend-910c");
  EXPECT_EQ(llama4.result.targets.at(0).decision, Decision::kNoGo) << "its page lists Llama 4 as unsupported";
}

/// A safetensors file of one tensor that holds so many bytes of BF16.
std::string safetensors(std::uint64_t bytes) {
  const std::string header = R"({"w": {"dtype": "BF16", "shape": [)" + std::to_string(bytes / 2) +
                             R"(], "data_offsets": [0, )" + std::to_string(bytes) + "]}}";
  const std::uint64_t length = header.size();
  std::string file(sizeof length, '\0');
  std::memcpy(file.data(), &length, sizeof length);
  return file + header;
}

TEST(MigrateServing, ReadsAFolderOfAModelByItsHeads) {
  namespace fs = std::filesystem;
  std::string folder = (fs::temp_directory_path() / "socle-model-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const auto put = [&](const char* name, const std::string& text) {
    std::ofstream(fs::path(folder) / name, std::ios::binary) << text;
  };
  put("config.json", R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
    "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "vocab_size": 128256, "max_position_embeddings": 8192, "torch_dtype": "bfloat16",
    "auto_map": {"AutoModel": "own.M"}})");
  put("model-1.safetensors", safetensors(16'000'000'000));
  put("model.safetensors.index.json",
      R"({"metadata": {},
      "weight_map": {"w": "model-1.safetensors", "v": "model-2.safetensors"}})");
  put("old.bin", "cos\nsystem\n");
  const auto answer =
      api::migrate_serving(catalog::Catalog(), {.launch_text = {},
                                                .launch_name = folder,
                                                .from = "h100-sxm",
                                                .to = "h20",
                                                .read_file = [](const std::string& path) { return read_file(path); }});
  fs::remove_all(folder);
  ASSERT_TRUE(answer.result.move.checkpoint);
  const migrate::Checkpoint& checkpoint = *answer.result.move.checkpoint;
  EXPECT_EQ(checkpoint.architecture, "LlamaForCausalLM");
  EXPECT_EQ(checkpoint.files, 1u);
  EXPECT_EQ(checkpoint.bytes_by_type.at("BF16"), 16e9) << "the head says so; nothing else was read";
  EXPECT_EQ(checkpoint.pickles, std::vector<std::string>{"old.bin"});
  EXPECT_EQ(checkpoint.missing, std::vector<std::string>{"model-2.safetensors"});
  EXPECT_TRUE(checkpoint.own_code);
  EXPECT_EQ(answer.result.move.record.items.back().flag, "--trust-remote-code");
  EXPECT_EQ(answer.result.targets.at(0).decision, Decision::kGoWithWork);
}

TEST(MigrateServing, RefusesWhatItCannotTake) {
  EXPECT_NE(problem_of(kQwen, "h100-sxm", "h20,h20").find("twice"), std::string::npos);
  EXPECT_NE(problem_of(kQwen, "h100-sxm", "h2O").find("h2O"), std::string::npos);
  EXPECT_NE(problem_of(kQwen, "", "h20").find("--from"), std::string::npos);
  EXPECT_NE(problem_of(kQwen, "h100-sxm", "").find("--to"), std::string::npos);
  EXPECT_NE(problem_of("echo hello", "h100-sxm", "h20").find("launch command"), std::string::npos);
  EXPECT_NE(problem_of(kQwen, "h100-sxm", "h20", {{"--concurrency", "9000"}}).find("at most 8192"), std::string::npos);
  EXPECT_NE(problem_of(kQwen, "h100-sxm", "h20", {{"--rate", "5"}}).find("--concurrency"), std::string::npos);
}

}  // namespace
}  // namespace socle::test
