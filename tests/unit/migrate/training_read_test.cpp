#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/migrate/training/emit.hpp"
#include "socle/migrate/training/read_launch.hpp"
#include "socle/migrate/training/requirements.hpp"
#include "socle/migrate/training/translate.hpp"
#include "support/training_facts.hpp"

namespace socle::migrate {
namespace {

using test::training_facts;

JobRecord read(const std::string& text, const std::string& name = "run.sh", int launch = 0) {
  return read_launch(training_facts().arguments, {{text, name}}, {.launch = launch});
}

std::string problem_of(const std::string& text, const std::string& name = "run.sh") {
  try {
    read(text, name);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

/// What a record would be written as, for messages.
std::string shown(const JobRecord& record) { return record.script.empty() ? record.framework : script_lines(record); }

const char* const kLaunches[] = {"mindspeed_deepseek.sh", "megatron_arrays.sh", "slurm.sh", "deepspeed.sh", "bridge.sh",
                                 "model_config.yaml",     "titan.toml"};

TEST(TrainingRead, WhatIsWrittenReadsBackAsTheSameRecord) {
  for (const char* launch : kLaunches) {
    const std::string path = std::string("fuzz/corpus/training_launch/") + launch;
    const JobRecord record = read(read_file(path), path);
    const Platform* platform = find_platform(training_facts().platforms, "cuda");
    for (const EmitFormat& format : emit_formats()) {
      const EmitPlace place{platform, 2, 8};
      if (format.name == "deepspeed-json" && record.framework != "deepspeed") continue;
      if (format.name == "bridge" && record.framework != "megatron-bridge") continue;
      if (format.name == "yaml" && !std::string(launch).ends_with(".yaml")) continue;
      if (format.name == "env") continue;
      JobRecord source = record;
      if (format.name != "yaml") source.extras.clear();
      const JobRecord adapted = format.adapt(source, place);
      const LaunchFile file = emitted(format, source, place);
      const JobRecord again =
          read_launch(training_facts().arguments, {{file.text, file.name}}, {.framework = record.framework});
      EXPECT_EQ(again, adapted) << launch << " as " << format.name << "\n"
                                << shown(adapted) << "\n---\n"
                                << shown(again);
    }
  }
}

TEST(TrainingRead, ALaunchThatNothingChangesIsWrittenAsItWas) {
  for (const char* launch : kLaunches) {
    const std::string path = std::string("fuzz/corpus/training_launch/") + launch;
    JobRecord record = read(read_file(path), path);
    if (record.script.empty()) continue;
    const JobRecord again = read(emitted(emit_format("sh"), record, {}).text);
    EXPECT_EQ(again.arguments, record.arguments) << launch;
    EXPECT_EQ(again.launch, record.launch) << launch;
    EXPECT_EQ(again.launcher, record.launcher) << launch;
    EXPECT_EQ(again.environment, record.environment) << launch;
    EXPECT_EQ(again.tail, record.tail) << launch;
    EXPECT_EQ(again.framework, record.framework) << launch;
  }
}

TEST(TrainingRead, KnowsTheFrameworkByWhatIsUsed) {
  EXPECT_EQ(read("torchrun pretrain_gpt.py --num-layers 2").framework, "megatron-main");
  EXPECT_EQ(read("torchrun pretrain_gpt.py --num-layers 2 --use-custom-fsdp").framework, "megatron-0.12");
  EXPECT_EQ(read("torchrun pretrain_gpt.py --num-layers 2 --use-ascend-coc").framework, "mindspeed-llm");
  EXPECT_EQ(read("deepspeed train.py --deepspeed_config a.json").framework, "deepspeed");
  EXPECT_EQ(read("torchrun -m torchtitan.train --job.config_file a.toml").framework, "torchtitan");
  EXPECT_EQ(read("python run_recipe.py --recipe x model.seq_length=1").framework, "megatron-bridge");
  EXPECT_EQ(read("{\"train_batch_size\": 8}", "a.json").framework, "deepspeed");
}

TEST(TrainingRead, ReadsTheNeedsOfAJob) {
  // 32 nodes of 16 on tp 2, pp 8: dp = 512 / 16 = 32; 7680 / 32 = 240 micro batches of 1. 64 layers in 8 stages of
  // chunks of 2: 4 chunks.
  const TrainingNeeds needs = training_needs(read(read_file("fuzz/corpus/training_launch/mindspeed_deepseek.sh")));
  EXPECT_EQ(needs.shape, TrainingNeeds::Shape::kMoe);
  EXPECT_TRUE(needs.latent_attention);
  EXPECT_EQ(needs.dp(), 32);
  EXPECT_EQ(needs.accumulation(), 240);
  EXPECT_EQ(needs.vpp, 4);
  EXPECT_EQ(needs.dense_layers, 3);
  EXPECT_EQ(needs.recompute, "full");
}

TEST(TrainingRead, FollowsAShellInAShell) {
  const JobRecord record = read(
      "A='--num-layers 2'\nsrun -l bash -c \"cd /x; export NCCL_DEBUG=INFO R=\\$SLURM_NODEID\ntorchrun --node_rank "
      "\\$R "
      "pretrain_gpt.py $A > \\$R.log\"");
  EXPECT_EQ(record.value("--num-layers"), "2");
  EXPECT_EQ(record.environment.at(0).name, "NCCL_DEBUG");
  EXPECT_EQ(record.inside.size(), 2u) << "each node works out its rank, and goes to its folder";
  EXPECT_TRUE(record.tail_inside);
  const JobRecord again = read(emitted(emit_format("sh"), record, {}).text);
  EXPECT_EQ(again, record) << shown(record) << "\n---\n" << shown(again);
  const JobRecord eval = read("C=\"torchrun $D pretrain_gpt.py --num-layers 2\"\necho $C\neval $C\nset +x\n");
  EXPECT_EQ(eval.value("--num-layers"), "2");
  EXPECT_EQ(eval.launch.at(0).text(), "${D}");
}

TEST(TrainingRead, TakesOneOfSeveralLaunchesAndSaysSo) {
  const std::string two = "torchrun pretrain_gpt.py --num-layers 2\ntorchrun pretrain_gpt.py --num-layers 4\n";
  EXPECT_EQ(read(two).value("--num-layers"), "2");
  EXPECT_EQ(read(two).notes.at(0).line, 2);
  EXPECT_EQ(read(two, "run.sh", 2).value("--num-layers"), "4");
  EXPECT_THROW(read(two, "run.sh", 3), InputError);
}

TEST(TrainingRead, TellsAllThatIsWrongAtOnce) {
  const std::string problems =
      problem_of("MODEL_ARGS:\n  num-layers: 1\n  --a: {b: 1}\n  --c: [[1]]\nENV_VARS:\n  X: [1]\n", "a.yaml");
  EXPECT_NE(problems.find("a.yaml:2:15: num-layers is no argument"), std::string::npos) << problems;
  EXPECT_NE(problems.find("a.yaml:3:8: --a has keys below it"), std::string::npos) << problems;
  EXPECT_NE(problems.find("a.yaml:4:9: lists in lists"), std::string::npos) << problems;
  EXPECT_NE(problems.find("a.yaml:6:6: a variable of the environment is one text"), std::string::npos) << problems;
  EXPECT_NE(problem_of("echo hi").find("no launch of a training job stands here"), std::string::npos);
  EXPECT_NE(problem_of("torchrun my.py --what 1").find("none of its arguments is known"), std::string::npos);
}

TEST(TrainingRead, ReadsWhatConfigurationsOfTestsHold) {
  const JobRecord record =
      read("MODEL_ARGS:\n  --lr: 1\n  --lr: 2\n  --save: $OUT/x\n  trainer.max_steps: 5\n", "a.yaml");
  EXPECT_EQ(record.value("--lr"), "2");
  EXPECT_EQ(record.notes.at(0).line, 3);
  EXPECT_EQ(record.find("--save")->text(), "${OUT}/x");
  EXPECT_EQ(record.value("trainer.max_steps"), "5");
}

TEST(TrainingRead, TellsTrainingFromServing) {
  EXPECT_TRUE(is_training_launch("torchrun $X pretrain_gpt.py"));
  EXPECT_TRUE(is_training_launch("{\"zero_optimization\": {}}"));
  EXPECT_TRUE(is_training_launch("MODEL_ARGS:\n  --a: 1\n"));
  EXPECT_FALSE(is_training_launch("vllm serve Qwen/Qwen3-32B -tp 4"));
  EXPECT_FALSE(is_training_launch("int main() {}"));
  EXPECT_FALSE(is_training_launch("{\"model_type\": \"llama\"}"));
}

}  // namespace
}  // namespace socle::migrate
