#include <gtest/gtest.h>

#include <algorithm>

#include "socle/migrate/training/read_launch.hpp"
#include "socle/migrate/training/translate.hpp"
#include "support/training_facts.hpp"

namespace socle::migrate {
namespace {

using test::training_facts;

Translation moved(const std::string& arguments, const std::string& to, const std::string& from = {},
                  const std::string& platform = "ascend") {
  const JobRecord record = read_launch(
      training_facts().arguments, {{"torchrun --nnodes 4 --nproc_per_node 8 pretrain_gpt.py " + arguments, "run.sh"}},
      {.framework = from});
  return translate(training_facts(), record, {record.framework, to, platform});
}

const Translated& item(const Translation& made, const std::string& name) {
  static const Translated none;
  const auto at =
      std::find_if(made.items.begin(), made.items.end(), [&](const Translated& one) { return one.item == name; });
  return at == made.items.end() ? none : *at;
}

TEST(ArgumentPack, HoldsWhatCameAndWentBetweenTwoReleases) {
  int came = 0, went = 0;
  for (const ArgumentFacts& facts : training_facts().arguments.all()) {
    came += facts.main && !facts.core_0_12;
    went += !facts.main && facts.core_0_12;
    EXPECT_FALSE(facts.source.empty()) << facts.name;
    EXPECT_FALSE(facts.dated.empty()) << facts.name;
  }
  EXPECT_EQ(came, 426);
  EXPECT_EQ(went, 35);
}

TEST(TrainingRules, ATargetOfARuleIsKnownThere) {
  // What a rule makes of an argument is an argument that the pack knows of the target, wherever one of its names is.
  for (const char* to : {"megatron-main", "megatron-0.12", "mindspeed-llm"}) {
    for (const ArgumentFacts& facts : training_facts().arguments.all()) {
      for (const char* from : {"megatron-main", "megatron-0.12", "mindspeed-llm"}) {
        const TrainingRule* rule = training_facts().rules.of_name({from, to, {}}, facts.name);
        if (!rule || std::string(from) == to) continue;
        for (const auto& [name, value] : rule->becomes)
          EXPECT_TRUE(training_facts().arguments.takes(to, name) || rule->status == Status::kPartial)
              << facts.name << " -> " << name << " of " << to;
      }
    }
  }
}

TEST(Translate, MegatronToMindSpeed) {
  struct Case {
    const char *given, *name;
    Change change;
    const char *to, *value;
  };
  const Case cases[] = {
      {"--num-layers 4", "--num-layers", Change::kSame, "--num-layers", "4"},
      {"--tp-comm-overlap", "--tp-comm-overlap", Change::kRenamed, "--use-ascend-coc", ""},
      {"--tokenizer-type HuggingFaceTokenizer --tokenizer-model /a", "--tokenizer-model", Change::kRenamed,
       "--tokenizer-name-or-path", "/a"},
      {"--tokenizer-type SentencePieceTokenizer --tokenizer-model /a", "--tokenizer-model", Change::kSame,
       "--tokenizer-model", "/a"},
      {"--moe-layer-freq '([0]*3+[1]*58)'", "--moe-layer-freq", Change::kSplit,
       "--first-k-dense-replace; --moe-layer-freq", "3; 1"},
      {"--moe-layer-freq '[0,1,0,1]'", "--moe-layer-freq", Change::kNoEquivalent, "", ""},
      {"--moe-layer-freq 2", "--moe-layer-freq", Change::kSame, "--moe-layer-freq", "2"},
      {"--moe-token-dispatcher-type flex", "--moe-token-dispatcher-type", Change::kValueChanged,
       "--moe-token-dispatcher-type", "alltoall"},
      {"--fp8-recipe blockwise", "--fp8-recipe", Change::kDroppedPerformance, "", ""},
      {"--distributed-backend nccl", "--distributed-backend", Change::kSame, "--distributed-backend", "nccl"},
      {"--ckpt-format torch_dist", "--ckpt-format", Change::kValueChanged, "--ckpt-format", "torch"},
      {"--use-megatron-fsdp", "--use-megatron-fsdp", Change::kNoEquivalent, "", ""},
      {"--num-layers 48 --pipeline-model-parallel-size 4 --num-virtual-stages-per-pipeline-rank 3",
       "--num-virtual-stages-per-pipeline-rank", Change::kValueChanged, "--num-layers-per-virtual-pipeline-stage", "4"},
      {"--num-layers 4 --num-virtual-stages-per-pipeline-rank 3", "--num-virtual-stages-per-pipeline-rank",
       Change::kNoEquivalent, "", ""},
      {"--num-layers 4 --nobody-knows-this 1", "--nobody-knows-this", Change::kUnknown, "", ""},
      {"--num-layers 4 --moe-per-layer-logging", "--moe-per-layer-logging", Change::kSame, "--moe-per-layer-logging",
       ""},
  };
  for (const Case& one : cases) {
    const Translation made = moved(one.given, "mindspeed-llm", "megatron-main");
    const Translated& found = item(made, one.name);
    EXPECT_STREQ(change_key(found.change), change_key(one.change)) << one.given;
    EXPECT_EQ(found.to_item, one.to) << one.given;
    EXPECT_EQ(found.to_value, one.value) << one.given;
  }
}

TEST(Translate, AddsWhatScriptsOfMindSpeedAlwaysHave) {
  const Translation made = moved("--num-layers 4 --swiglu --normalization RMSNorm", "mindspeed-llm");
  for (const char* name :
       {"--handler-name", "--transformer-impl", "--ckpt-format", "--use-fused-swiglu", "--use-fused-rmsnorm"})
    EXPECT_TRUE(made.record.has(name)) << name;
  EXPECT_FALSE(made.record.has("--use-fused-rotary-pos-emb"));
  EXPECT_EQ(std::count_if(made.record.arguments.begin(), made.record.arguments.end(),
                          [](const Argument& one) { return one.name == "--transformer-impl"; }),
            1);
}

TEST(Translate, MindSpeedToMegatronAndBack) {
  const Translation there = moved("--num-layers 61 --first-k-dense-replace 3 --moe-layer-freq 1 --num-experts 8",
                                  "megatron-main", "mindspeed-llm", "cuda");
  EXPECT_EQ(there.record.value("--moe-layer-freq"), "([0]*3+[1]*58)");
  EXPECT_FALSE(there.record.has("--first-k-dense-replace"));
}

TEST(Translate, MegatronToBridgeAndBack) {
  const Translation there =
      moved("--num-layers 4 --seq-length 8 --bf16 --swiglu --use-distributed-optimizer --disable-bias-linear",
            "megatron-bridge", {}, "cuda");
  EXPECT_EQ(there.record.value("model.seq_length"), "8");
  EXPECT_EQ(there.record.value("dataset.seq_length"), "8");
  EXPECT_EQ(there.record.value("mixed_precision"), "bf16_mixed");
  EXPECT_EQ(there.record.value("model.add_bias_linear"), "false");
  EXPECT_EQ(there.record.value("model.activation_func"), "silu");
  JobRecord record = there.record;
  const Translation back = translate(training_facts(), record, {"megatron-bridge", "megatron-main", "cuda"});
  for (const char* name : {"--bf16", "--swiglu", "--use-distributed-optimizer", "--disable-bias-linear"})
    EXPECT_TRUE(back.record.has(name)) << name;
  EXPECT_EQ(back.record.value("--seq-length"), "8");
  EXPECT_EQ(item(back, "--recipe").change, Change::kDroppedCorrectness) << "a recipe says what no override does";
}

TEST(Translate, DeepSpeedKeepsItsIdentityOfBatches) {
  // 32 processes, tp 2: dp 16; 512 = 2 x 16 x 16.
  const Translation made = moved(
      "--num-layers 4 --micro-batch-size 2 --global-batch-size 512 --tensor-model-parallel-size 2 --adam-beta2 0.95",
      "deepspeed", {}, "cuda");
  ASSERT_NE(made.record.setting("gradient_accumulation_steps"), nullptr);
  EXPECT_EQ(made.record.setting("gradient_accumulation_steps")->value, "16");
  EXPECT_EQ(made.record.setting("train_batch_size")->value, "512");
  const Translation odd = moved("--num-layers 4 --micro-batch-size 3 --global-batch-size 512", "deepspeed", {}, "cuda");
  EXPECT_EQ(odd.record.setting("gradient_accumulation_steps"), nullptr);
}

TEST(Translate, TheEnvironmentMovesToItsPlatform) {
  const JobRecord record = read_launch(
      training_facts().arguments,
      {{"export NCCL_SOCKET_IFNAME=eth0 CUDA_VISIBLE_DEVICES=0,1 NCCL_NEW_THING=1 CUDA_DEVICE_MAX_CONNECTIONS=1 "
        "PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True CUDA_ODD=1 MINE=2\ntorchrun pretrain_gpt.py --num-layers 2",
        "run.sh"}},
      {});
  const TrainingFacts& facts = training_facts();
  const Translation ascend = translate(facts, record, {"megatron-main", "mindspeed-llm", "ascend"});
  EXPECT_EQ(item(ascend, "NCCL_SOCKET_IFNAME").to_item, "HCCL_SOCKET_IFNAME");
  EXPECT_EQ(item(ascend, "CUDA_VISIBLE_DEVICES").to_item, "ASCEND_RT_VISIBLE_DEVICES");
  EXPECT_EQ(item(ascend, "PYTORCH_CUDA_ALLOC_CONF").to_item, "PYTORCH_NPU_ALLOC_CONF");
  EXPECT_EQ(item(ascend, "CUDA_DEVICE_MAX_CONNECTIONS").change, Change::kSame);
  EXPECT_EQ(item(ascend, "NCCL_NEW_THING").change, Change::kDroppedPerformance);
  EXPECT_EQ(item(ascend, "CUDA_ODD").change, Change::kUnknown);
  EXPECT_EQ(item(ascend, "MINE").change, Change::kSame);
  const Translation hip = translate(facts, record, {"megatron-main", "megatron-main", "hip"});
  EXPECT_EQ(item(hip, "NCCL_SOCKET_IFNAME").change, Change::kSame);
  EXPECT_EQ(item(hip, "NCCL_NEW_THING").change, Change::kSame);
  EXPECT_EQ(item(hip, "CUDA_VISIBLE_DEVICES").to_item, "HIP_VISIBLE_DEVICES");
  const Translation musa = translate(facts, record, {"megatron-main", "megatron-main", "musa"});
  EXPECT_EQ(item(musa, "NCCL_SOCKET_IFNAME").status, Status::kPartial) << "no public code was seen";
  const Translation kunlun = translate(facts, record, {"megatron-main", "megatron-main", "kunlun"});
  EXPECT_EQ(item(kunlun, "CUDA_VISIBLE_DEVICES").change, Change::kNoEquivalent) << "unknown is no yes";
}

TEST(Translate, ListsOfLayersAreReadAsPythonWritesThem) {
  EXPECT_EQ(leading_dense("([0]*3+[1]*58)")->dense, 3);
  EXPECT_EQ(leading_dense("[0]*1 + [1]*26")->all, 27);
  EXPECT_EQ(leading_dense("[0,0,1,1]")->dense, 2);
  EXPECT_FALSE(leading_dense("[1,0]"));
  EXPECT_FALSE(leading_dense("[0]*-1+[1]"));
  EXPECT_FALSE(leading_dense("2"));
  EXPECT_FALSE(leading_dense("([0]*99999999999)"));
}

}  // namespace
}  // namespace socle::migrate
