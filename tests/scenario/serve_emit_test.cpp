// `socle serve emit` and `--from` through the public face: what is written reads back as what was asked.
#include <gtest/gtest.h>

#include "socle/api/serve.hpp"
#include "socle/base/json.hpp"
#include "socle/base/shell_script.hpp"
#include "socle/base/shell_words.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

api::ServeEmitAnswer emit(const std::string& target, const Flags& flags, const Files& files = {}) {
  return api::serve_emit(catalog::Catalog(), request_of({.scenario = {}, .flags = flags, .files = files}), target);
}

api::ServeFitAnswer fit_from(const std::string& command, const Flags& flags, const Files& files = {}) {
  api::Request request = request_of({.scenario = {}, .flags = flags, .files = files});
  request.launch_text = command;
  request.launch_name = "--from";
  return api::serve_fit(catalog::Catalog(), request);
}

template <typename Ask>
std::string refusal_of(Ask ask) {
  try {
    ask();
    return {};
  } catch (const InputError& error) { return error.what(); }
}

struct Case {
  const char* target;
  const char* engine;
  const char* chip;
  Flags flags;
};

std::vector<Case> cases() {
  return {
      {"vllm", "vllm-0.11", "h100-sxm", {{"--model", "llama-3.1-70b"}, {"--max-model-len", "32k"}}},
      {"vllm", "vllm-0.6", "a100-sxm-80gb", {{"--model", "qwen2.5-72b"}, {"--tp", "4"}, {"--weights", "fp8"}}},
      {"vllm", "vllm-0.19", "h200-sxm", {{"--model", "deepseek-r1"}, {"--tp", "8"}, {"--ep", "8"}, {"--kv", "fp8"}}},
      {"vllm",
       "vllm-0.14",
       "h200-sxm",
       {{"--model", "deepseek-v3"}, {"--dp", "8"}, {"--tp", "1"}, {"--mtp", "true"}, {"--max-model-len", "16384"}}},
      {"vllm", "vllm-0.11", "h200-sxm", {{"--model", "qwen3-30b-a3b"}, {"--tp", "1"}, {"--dp", "2"}, {"--ep", "1"}}},
      {"vllm", "vllm-0.11", "h100-sxm", {{"--model", "llama-3.1-405b"}, {"--tp", "8"}, {"--pp", "2"}}},
      {"vllm", "vllm-ascend-0.11", "ascend-910b2", {{"--model", "qwen3-32b"}, {"--tp", "4"}}},
      {"sglang", "sglang-0.5", "h20-141gb", {{"--model", "deepseek-r1"}}},
      {"sglang", "sglang-0.5", "h20-141gb", {{"--model", "deepseek-r1"}, {"--tp", "2"}, {"--dp", "4"}, {"--ep", "8"}}},
      {"sglang", "sglang-0.4", "h200-sxm", {{"--model", "qwen3-235b-a22b"}, {"--tp", "8"}, {"--ep", "8"}}},
      {"sglang",
       "sglang-0.5",
       "h100-sxm",
       {{"--model", "llama-3.1-70b"}, {"--tp", "8"}, {"--pp", "2"}, {"--kv", "fp8"}}},
      {"trtllm",
       "tensorrt-llm-1.0",
       "h100-sxm",
       {{"--model", "llama-3.1-70b"}, {"--kv", "fp8"}, {"--max-num-seqs", "64"}}},
      {"trtllm",
       "tensorrt-llm-1.2",
       "b200-sxm",
       {{"--model", "deepseek-r1"}, {"--tp", "1"}, {"--dp", "8"}, {"--mtp", "true"}, {"--prompt-wait-steps", "60"}}},
      {"trtllm", "tensorrt-llm-0.20", "h200-sxm", {{"--model", "qwen3-30b-a3b"}, {"--tp", "2"}, {"--ep", "2"}}},
  };
}

TEST(ServeEmit, WhatIsWrittenReadsBackAsTheSameFit) {
  for (const Case& one : cases()) {
    Flags flags = one.flags;
    flags["--engine"] = one.engine;
    flags["--chip"] = one.chip;
    const std::string name = std::string(one.engine) + " " + flags["--model"];
    const api::ServeEmitAnswer written = emit(one.target, flags);
    ASSERT_TRUE(api::holds(written)) << name;
    const api::ServeFitAnswer read = fit_from(api::text(written), {{"--engine", one.engine}, {"--chip", one.chip}});
    const answer::FitResult &a = written.result.fit, &b = read.result;
    EXPECT_EQ(a.setup.model.name, b.setup.model.name) << name;
    EXPECT_EQ(a.chosen.layout, b.chosen.layout) << name << "\n" << api::text(read);
    EXPECT_EQ(a.setup.formats, b.setup.formats) << name;
    EXPECT_EQ(a.setup.max_model_len, b.setup.max_model_len) << name;
    EXPECT_EQ(a.setup.max_num_seqs, b.setup.max_num_seqs) << name;
    EXPECT_EQ(a.setup.max_num_batched_tokens, b.setup.max_num_batched_tokens) << name;
    EXPECT_EQ(a.setup.prediction, b.setup.prediction) << name;
    EXPECT_EQ(a.chosen.share, b.chosen.share) << name;
    EXPECT_EQ(a.chosen.memory->tokens, b.chosen.memory->tokens) << name;
    EXPECT_TRUE(b.fits()) << name;
  }
}

TEST(ServeEmit, WhatDoesNotFitIsExplainedAndNotWritten) {
  const Flags flags{{"--model", "llama-3.1-70b"}, {"--chip", "h100-sxm"}, {"--tp", "1"}};
  const api::ServeEmitAnswer answer = emit("vllm", flags);
  EXPECT_FALSE(api::holds(answer));
  EXPECT_NE(api::text(answer).find("does not fit: tp 1"), std::string::npos);
  EXPECT_EQ(api::text(answer).find("vllm serve"), std::string::npos);
  const Json json = parse_json(api::json(answer), "answer");
  EXPECT_TRUE(json.find("argv")->as_array().empty());
  EXPECT_TRUE(json.find("files")->as_array().empty());
  EXPECT_FALSE(json.find("fit")->find("nearest")->as_array().empty());
}

TEST(ServeEmit, TheTargetAndTheEngineMustAgree) {
  const Flags flags{{"--model", "llama-3.1-8b"}, {"--chip", "h100-sxm"}, {"--engine", "vllm-0.11"}};
  const std::string said = refusal_of([&] { emit("sglang", flags); });
  EXPECT_NE(said.find("emit sglang writes commands of sglang, and the engine is vllm-0.11"), std::string::npos) << said;
  EXPECT_NE(refusal_of([&] { emit("vlm", flags); }).find("did you mean \"vllm\"?"), std::string::npos);
  Flags other = flags;
  other["--engine"] = "lmdeploy";
  EXPECT_NE(refusal_of([&] { emit("k8s", other); }).find("no launch command is known of LMDeploy"), std::string::npos);
}

// vLLM shares experts out over all chips or over none; TensorRT-LLM has attention on every chip or cut by tp.
TEST(ServeEmit, WhatAnEngineCannotSayIsRefusedWithWhatItCan) {
  const Flags flags{{"--model", "deepseek-r1"}, {"--chip", "h200-sxm"}, {"--tp", "8"}};
  Flags experts = flags, groups = flags, cache = flags;
  experts["--ep"] = "4";
  EXPECT_NE(refusal_of([&] { emit("vllm", experts); }).find("use ep = 1 or 8"), std::string::npos);
  groups["--tp"] = "2";
  groups["--dp"] = "4";
  groups["--ep"] = "8";
  EXPECT_NE(refusal_of([&] { emit("trtllm", groups); }).find("use tp = 1, dp = 8"), std::string::npos);
  cache["--kv"] = "int8";
  EXPECT_NE(refusal_of([&] { emit("vllm", cache); }).find("use bf16 or fp8"), std::string::npos);
}

api::ServeEmitAnswer emit_named(const std::string& target, const std::string& name) {
  api::Request request = request_of({.scenario = {}, .flags = {{"--chip", "h100-sxm"}}});
  request.launch_text = "vllm serve " + shell_quoted(name);
  request.launch_name = "--from";
  return api::serve_emit(catalog::Catalog(), request, target);
}

// A name comes from a file of somebody else's: neither a shell nor a pod may read it as more than a name.
TEST(ServeEmit, AHostileNameStaysOneWord) {
  for (const std::string folder : {"a b", "x'; touch y; '", "$(touch y)", "`touch y`", "a\"b", "#x", "a\\b", "*"}) {
    const std::string name = folder + "/Llama-3.1-8B";
    const auto commands = read_shell_script(api::text(emit_named("vllm", name)), "emitted").commands;
    ASSERT_EQ(commands.size(), 1U) << name;
    EXPECT_EQ(commands.front().words.at(2).text(), name);
    EXPECT_TRUE(commands.front().words.at(2).known()) << name;
    const api::ServeEmitAnswer pod = emit_named("k8s", name);
    const std::string manifests = api::text(pod);
    EXPECT_EQ(manifests.find("\"$(touch"), std::string::npos) << "must be $$(: " << manifests;
    EXPECT_NE(manifests.find(Json(folder.starts_with('$') ? "$" + name : name).dump(false)), std::string::npos) << name;
  }
  for (const std::string name : {"a\nb/Llama-3.1-8B", "\x1b[2J/Llama-3.1-8B"}) {
    const std::string said = refusal_of([&] { emit_named("vllm", name); });
    EXPECT_NE(said.find("cannot stand in a command"), std::string::npos) << said;
  }
}

TEST(ServeEmit, ManifestsAskForTheVendorsChips) {
  const std::string nvidia = api::text(emit("k8s", {{"--model", "llama-3.1-70b"},
                                                    {"--chip", "h100-sxm"},
                                                    {"--engine", "vllm-0.11.2"},
                                                    {"--tp", "4"},
                                                    {"--replicas", "3"}}));
  for (const char* line : {"kind: \"Deployment\"", "  replicas: 3\n", "\"nvidia.com/gpu\": 4\n", "kind: \"Service\"",
                           "image: \"vllm/vllm-openai:v0.11.2\"", "path: \"/health\"", "mountPath: \"/dev/shm\""})
    EXPECT_NE(nvidia.find(line), std::string::npos) << line << "\n" << nvidia;
  const std::string ascend =
      api::text(emit("k8s", {{"--model", "qwen3-32b"}, {"--chip", "ascend-910b2"}, {"--tp", "4"}}));
  EXPECT_NE(ascend.find("\"huawei.com/Ascend910\": 4\n"), std::string::npos) << ascend;
  const std::string nodes =
      api::text(emit("k8s", {{"--model", "llama-3.1-405b"}, {"--chip", "h100-sxm"}, {"--tp", "8"}, {"--pp", "2"}}));
  EXPECT_NE(nodes.find("kind: \"LeaderWorkerSet\""), std::string::npos);
  EXPECT_NE(nodes.find("size: 2\n"), std::string::npos);
  EXPECT_NE(nodes.find("The cluster needs LeaderWorkerSet"), std::string::npos);
  EXPECT_EQ(nodes.find("start Ray on all"), std::string::npos);  // the manifest does
  const std::string settings =
      api::text(emit("k8s", {{"--model", "qwen3-32b"}, {"--chip", "h100-sxm"}, {"--engine", "tensorrt-llm"}}));
  EXPECT_NE(settings.find("kind: \"ConfigMap\""), std::string::npos);
  EXPECT_NE(settings.find("\"/etc/socle/extra-llm-api-options.yaml\""), std::string::npos);
}

TEST(ServeFrom, FlagsOfTheCommandLineWin) {
  const std::string command = "vllm serve meta-llama/Llama-3.1-70B -tp 8 --gpu-memory-utilization 0.5 -q fp8";
  const api::ServeFitAnswer answer =
      fit_from(command, {{"--chip", "h100-sxm"}, {"--tp", "4"}, {"--gpu-memory-utilization", "0.92"}});
  EXPECT_EQ(answer.result.chosen.layout.tensor_parallel, 4);
  EXPECT_DOUBLE_EQ(answer.result.chosen.share, 0.92);
  EXPECT_EQ(answer.result.setup.formats.matrices, model::WeightFormat::kFp8);
  EXPECT_NE(api::text(answer).find("the command line wins"), std::string::npos);
}

TEST(ServeFrom, AnswersSocleServeAsWell) {
  api::Request request = request_of(
      {.scenario = {},
       .flags = {
           {"--chip", "h100-sxm"}, {"--rate", "1"}, {"--input", "128"}, {"--output", "16"}, {"--duration", "5 s"}}});
  request.launch_text =
      "docker run --gpus all -p 8000:8000 vllm/vllm-openai:v0.11.0 --model meta-llama/Llama-3.1-8B "
      "--no-enable-prefix-caching --max-num-seqs 64";
  request.launch_name = "--from";
  const api::ServeAnswer answer = api::serve(catalog::Catalog(), request, {.curve = false});
  EXPECT_TRUE(api::holds(answer));
  EXPECT_NE(api::text(answer).find("prefix_caching = false"), std::string::npos);
  EXPECT_NE(api::text(answer).find("vLLM 0.11"), std::string::npos);
}

TEST(ServeFrom, AnEngineOfAnotherFamilyIsRefused) {
  const std::string said = refusal_of([&] {
    fit_from("vllm serve Qwen/Qwen3-32B", {{"--chip", "h100-sxm"}, {"--engine", "sglang-0.5"}});
  });
  EXPECT_NE(said.find("the engine is sglang-0.5, and the launch command is one of vLLM"), std::string::npos) << said;
}

}  // namespace
}  // namespace socle::test
