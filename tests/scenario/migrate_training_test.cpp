#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "socle/api/migrate_training.hpp"
#include "socle/api/train.hpp"
#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"

namespace socle::test {
namespace {

namespace fs = std::filesystem;
constexpr const char* kExample = "examples/migrate-training/llama-70b.sh";

/// A folder of its own, gone with the test.
class MigrateTraining : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "socle-training-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string put(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  fs::path folder_;
};

answer::TrainingQuestion question(std::vector<std::string> to) {
  return {.texts = {{read_file(kExample), kExample}}, .to = std::move(to)};
}

answer::TrainingMigration ask(const answer::TrainingQuestion& asked) {
  return api::migrate_training(catalog::Catalog(), asked).result;
}

std::string problem_of(const answer::TrainingQuestion& asked) {
  try {
    ask(asked);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST_F(MigrateTraining, MovesTheExampleToMindSpeed) {
  const auto made = ask(question({"ascend-910c", "cuda", "musa"}));
  EXPECT_EQ(made.from.key, "megatron-main");
  EXPECT_EQ(made.needs.chips(), 256);
  EXPECT_EQ(made.needs.dp(), 8);
  const answer::TrainingTarget& ascend = made.targets.at(0);
  EXPECT_EQ(ascend.framework.key, "mindspeed-llm");
  EXPECT_EQ(ascend.decision, migrate::Decision::kGoWithWork);
  EXPECT_TRUE(ascend.blockers.empty());
  EXPECT_EQ(ascend.coverage, 1.0);
  EXPECT_EQ(made.targets.at(1).decision, migrate::Decision::kGo) << "nothing moves";
  EXPECT_EQ(made.targets.at(2).decision, migrate::Decision::kGoWithWork);
  EXPECT_FALSE(made.targets.at(2).blockers.empty()) << "no pack states that Megatron runs there";
}

/// Whether a chip multiplies 8-bit floats decides, not its platform: A100 does not, H20 does, Ascend 950 does by a path
/// that no pack knows.
TEST_F(MigrateTraining, SettlesEightBitFloatsByTheChip) {
  const auto made = ask(question({"a100-sxm-80gb", "h20", "ascend-950dt", "ascend-910c"}));
  const auto fp8 = [&](std::size_t target) {
    for (const migrate::Translated& item : made.targets.at(target).items) {
      if (item.item == "--fp8-format") return item.change;
    }
    return migrate::Change::kMerged;
  };
  EXPECT_EQ(fp8(0), migrate::Change::kDroppedPerformance);
  EXPECT_FALSE(made.targets[0].record.has("--fp8-format")) << "and it is not launched";
  EXPECT_EQ(made.targets[0].decision, migrate::Decision::kGoWithWork);
  EXPECT_EQ(fp8(1), migrate::Change::kSame);
  EXPECT_EQ(made.targets[1].decision, migrate::Decision::kGo);
  EXPECT_EQ(fp8(2), migrate::Change::kUnknown);
  EXPECT_EQ(fp8(3), migrate::Change::kDroppedPerformance);
}

TEST_F(MigrateTraining, LetsTheUsersRulesGoFirst) {
  answer::TrainingQuestion asked = question({"ascend-910c"});
  const std::size_t dropped = ask(asked).targets.at(0).of(migrate::Change::kDroppedPerformance);
  asked.rules = "item,change,becomes,platform\n--async-save,same,--async-save,ascend\n";
  asked.rules_name = "own.csv";
  EXPECT_EQ(ask(asked).targets.at(0).of(migrate::Change::kDroppedPerformance), dropped - 1);
  asked.rules = "item,change\n--x,nonsense\n";
  EXPECT_NE(problem_of(asked).find("own.csv:2"), std::string::npos);
}

TEST_F(MigrateTraining, NamesWhatStandsInTheWayByItsLine) {
  answer::TrainingQuestion asked = question({"ascend"});
  asked.texts = {{"A=(\n  --num-layers 2\n  --use-megatron-fsdp\n)\ntorchrun pretrain_gpt.py ${A[@]}\n", "run.sh"}};
  const auto made = ask(asked);
  ASSERT_EQ(made.targets.at(0).blockers.size(), 1u);
  EXPECT_EQ(made.targets.at(0).blockers[0].line, 3);
  EXPECT_EQ(made.targets.at(0).blockers[0].item, "--use-megatron-fsdp");
}

TEST_F(MigrateTraining, WritesScriptsThatBashReads) {
  answer::TrainingQuestion asked = question({"ascend"});
  asked.emit = {"sh", "sbatch", "env"};
  const auto made = ask(asked);
  for (const migrate::LaunchFile& file : made.targets.at(0).files) {
    const std::string path = put(file.name, file.text);
    EXPECT_EQ(std::system(("bash -n '" + path + "'").c_str()), 0) << file.name;
  }
}

TEST_F(MigrateTraining, WritesManifestsThatALibraryReadsAndThatHoldWhatTheirKindsAskFor) {
  if (std::system("python3 -c 'import yaml' > /dev/null 2>&1") != 0) GTEST_SKIP() << "Python's yaml is not installed";
  answer::TrainingQuestion asked = question({"ascend"});
  asked.emit = {"volcano", "trainjob", "lws", "yaml"};
  const auto made = ask(asked);
  for (const migrate::LaunchFile& file : made.targets.at(0).files) put(file.name, file.text);
  const std::string script = put("check.py", R"(import sys, yaml
folder = sys.argv[1]
load = lambda name: yaml.safe_load(open(folder + "/" + name))
def pod(spec):
    box = spec["containers"][0]
    assert box["command"] == ["/bin/bash", "-c"] and "torchrun" in box["args"][0]
    assert box["resources"]["limits"] == {"huawei.com/Ascend910": "8"}, box["resources"]
    assert spec["volumes"][0]["emptyDir"]["medium"] == "Memory" and box["volumeMounts"][0]["mountPath"] == "/dev/shm"
v = load("volcano.yaml")
kind = lambda d: (d["apiVersion"], d["kind"])
assert kind(v) == ("batch.volcano.sh/v1alpha1", "Job")
assert (v["spec"]["minAvailable"], v["spec"]["schedulerName"]) == (32, "volcano")
assert [t["replicas"] for t in v["spec"]["tasks"]] == [1, 31] and v["spec"]["plugins"]["pytorch"]
for t in v["spec"]["tasks"]: pod(t["template"]["spec"])
t = load("trainjob.yaml")
assert kind(t) == ("trainer.kubeflow.org/v1alpha1", "TrainJob")
assert (t["spec"]["trainer"]["numNodes"], t["spec"]["trainer"]["numProcPerNode"]) == (32, 8)
assert t["spec"]["runtimeRef"]["name"] and "torchrun" in t["spec"]["trainer"]["args"][0]
l = load("lws.yaml")
assert kind(l) == ("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet") and l["spec"]["leaderWorkerTemplate"]["size"] == 32
for k in ("leaderTemplate", "workerTemplate"): pod(l["spec"]["leaderWorkerTemplate"][k]["spec"])
m = load("model_config.yaml")
assert m["MODEL_ARGS"]["--num-layers"] == 80 and m["MODEL_ARGS"]["--bf16"] is True
assert m["ENV_VARS"]["HCCL_SOCKET_IFNAME"] == "bond0"
)");
  EXPECT_EQ(std::system(("python3 '" + script + "' '" + folder_.string() + "'").c_str()), 0);
}

TEST_F(MigrateTraining, GivesAScenarioThatTrains) {
  answer::TrainingQuestion asked = question({"ascend-910c"});
  asked.scenario = "job.toml";
  const auto made = ask(asked);
  ASSERT_TRUE(made.scenario);
  put("job.config.json", made.scenario->config);
  const auto trained = api::train(
      catalog::Catalog(), {.scenario_text = made.scenario->toml(),
                           .scenario_name = "job.toml",
                           .read_file = [&](const std::string& name) { return read_file((folder_ / name).string()); }});
  EXPECT_NE(api::text(trained).find("70.6B parameters, 80 layers"), std::string::npos) << api::text(trained);
  EXPECT_NE(api::text(trained).find("tp 8 sp, pp 4, vpp 5, dp 8"), std::string::npos) << api::text(trained);
}

// The scenario that a launch with these further arguments becomes.
std::string scenario_of(const std::string& further) {
  const std::string launch =
      "torchrun --nnodes 4 --nproc_per_node 8 pretrain_gpt.py --num-layers 32 --hidden-size 4096 --num-attention-heads "
      "32 "
      "--num-query-groups 8 --group-query-attention --swiglu --padded-vocab-size 128256 --seq-length 8192 "
      "--micro-batch-size 1 --global-batch-size 64 --pipeline-model-parallel-size 2 "
      "--num-virtual-stages-per-pipeline-rank 2 --bf16 --use-distributed-optimizer " +
      further;
  answer::TrainingQuestion asked{.texts = {{launch, "run.sh"}}, .to = {"hgx-h100"}, .scenario = "job.toml"};
  const auto made = ask(asked);
  EXPECT_TRUE(made.scenario);
  const auto trained =
      api::train(catalog::Catalog(), {.scenario_text = made.scenario->toml(),
                                      .scenario_name = "job.toml",
                                      .read_file = [&](const std::string&) { return made.scenario->config; }});
  EXPECT_NE(api::text(trained).find("32 layers"), std::string::npos) << made.scenario->toml();
  return made.scenario->toml();
}

TEST_F(MigrateTraining, WritesTheOptionsOfRecomputeLossAndOptimizer) {
  const auto says = [](const std::string& text, const char* line) { return text.find(line) != std::string::npos; };
  const std::string named = scenario_of("--recompute-granularity selective --recompute-modules mlp core_attn");
  EXPECT_TRUE(says(named, "recompute = \"selective\"")) << named;
  EXPECT_TRUE(says(named, "recompute_modules = [\"core_attn\", \"mlp\"]")) << named;
  // Megatron's selective recompute covers the attention core unless modules are named.
  EXPECT_TRUE(says(scenario_of("--recompute-activations"), "recompute_modules = [\"core_attn\"]"));
  // A number of layers counts in each of the two chunks of a stage.
  const std::string block =
      scenario_of("--recompute-granularity full --recompute-method block --recompute-num-layers 3");
  EXPECT_TRUE(says(block, "recompute_layers = 6")) << block;
  const std::string lean = scenario_of(
      "--cross-entropy-loss-fusion --cross-entropy-fusion-impl te --grad-reduce-in-bf16 "
      "--use-precision-aware-optimizer "
      "--exp-avg-dtype bf16 --exp-avg-sq-dtype bf16");
  EXPECT_TRUE(says(lean, "loss = \"fused\"")) << lean;
  EXPECT_TRUE(says(lean, "optimizer = \"precision-aware\"")) << lean;
  EXPECT_TRUE(says(lean, "gradient_type = \"bf16\"")) << lean;
  EXPECT_FALSE(says(scenario_of(""), "optimizer ="));
}

TEST_F(MigrateTraining, ModelsOfEachClassBecomeConfigurations) {
  for (const char* file : {"fuzz/corpus/training_launch/mindspeed_deepseek.sh"}) {
    answer::TrainingQuestion asked{.texts = {{read_file(file), file}}, .to = {"atlas-800t-a3"}, .scenario = "job.toml"};
    const auto made = ask(asked);
    const auto trained =
        api::train(catalog::Catalog(), {.scenario_text = made.scenario->toml(),
                                        .scenario_name = "job.toml",
                                        .read_file = [&](const std::string&) { return made.scenario->config; }});
    EXPECT_NE(api::text(trained).find("64 layers"), std::string::npos) << api::text(trained);
  }
}

TEST_F(MigrateTraining, MovesToBridgeAndToDeepSpeed) {
  answer::TrainingQuestion bridge = question({"cuda"});
  bridge.framework = "megatron-bridge";
  bridge.emit = {"bridge"};
  EXPECT_NE(ask(bridge).targets.at(0).files.at(0).text.find("dataset.seq_length=8192"), std::string::npos);
  answer::TrainingQuestion deepspeed = question({"ascend"});
  deepspeed.framework = "deepspeed";
  deepspeed.emit = {"deepspeed-json"};
  const auto made = ask(deepspeed);
  EXPECT_NE(made.targets.at(0).files.at(0).text.find("\"gradient_accumulation_steps\": 256"), std::string::npos);
  EXPECT_FALSE(made.targets.at(0).blockers.empty()) << "the model and its pipeline are code there";
}

TEST_F(MigrateTraining, RefusesWhatItCannotAnswer) {
  answer::TrainingQuestion asked = question({});
  EXPECT_NE(problem_of(asked).find("--to is missing"), std::string::npos);
  asked.to = {"quantum"};
  EXPECT_NE(problem_of(asked).find("is no platform"), std::string::npos);
  asked.to = {"ascend"};
  asked.framework = "megatron";
  EXPECT_NE(problem_of(asked).find("is no framework"), std::string::npos);
  asked.framework = "";
  asked.scenario = "x.toml";
  EXPECT_NE(problem_of(asked).find("--scenario needs a machine"), std::string::npos);
  asked.scenario = "";
  asked.emit = {"pdf"};
  EXPECT_NE(problem_of(asked).find("write sh, sbatch"), std::string::npos);
  asked.emit = {"volcano"};
  asked.texts = {{"torchrun pretrain_gpt.py --num-layers 2", "run.sh"}};
  EXPECT_NE(problem_of(asked).find("add --per-node N"), std::string::npos);
}

TEST_F(MigrateTraining, ComparesTwoReleases) {
  const auto answer = api::migrate_arguments(catalog::Catalog(), {"megatron-0.12", "megatron-main", {}});
  EXPECT_EQ(answer.result.came.size(), 426u);
  EXPECT_EQ(answer.result.went(), 35u);
  EXPECT_NE(api::text(answer).find("35 went, 426 came"), std::string::npos);
  const auto used =
      api::migrate_arguments(catalog::Catalog(), {"megatron-main", "megatron-0.12", {{read_file(kExample), kExample}}});
  EXPECT_TRUE(used.result.of_launch);
  EXPECT_EQ(used.result.blocking(), 1u) << "--padded-vocab-size came later";
}

}  // namespace
}  // namespace socle::test
