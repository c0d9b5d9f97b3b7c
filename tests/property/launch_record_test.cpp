#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/random.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/setup/launch_record.hpp"

namespace socle::test {
namespace {

using migrate::LaunchRecord;

const std::vector<catalog::LaunchTable>& tables() {
  static const auto all = catalog::load_launch_tables(catalog::Catalog());
  return all;
}

LaunchRecord read(const std::string& text) { return setup::read_launch_record(tables(), text, "test"); }

/// A record that was read, written and read again is the same.
void expect_kept(const std::string& text) {
  const LaunchRecord record = read(text);
  for (const bool many_lines : {false, true}) {
    const std::string written = migrate::launch_line(record, many_lines);
    EXPECT_EQ(read(written), record) << text << "\nis written as\n" << written;
  }
}

/// Commands as people and their pages write them.
TEST(LaunchRecord, KeepsEveryWordOfCommandsAsPeopleWriteThem) {
  expect_kept("vllm serve Qwen/Qwen3-32B");
  expect_kept("vllm serve \"$MODEL_PATH\" --host 0.0.0.0 --port 8000 -tp 4 -dp=2 -O3");
  expect_kept(
      "export HCCL_IF_IP=$local_ip\nexport OMP_NUM_THREADS=1\nvllm serve /models/w8a8 \\\n  --quantization "
      "ascend");
  expect_kept(
      "VLLM_USE_V1=1 nohup vllm serve a/b --additional-config '{\"a\": {\"b\": [1, \"x y\"]}}' --headless > log 2>&1 "
      "&");
  expect_kept(
      "vllm serve m --speculative-config.method mtp --no-enable-prefix-caching --seed 1024 --served-model-name a b c");
  expect_kept("docker run --gpus all -e A=b -v /m:/m vllm/vllm-openai:v0.11.0 --model /m --tensor-parallel-size 8");
  expect_kept(
      "docker run -it quay.io/ascend/vllm-ascend:v0.11.0 vllm serve m --enforce-eager --new-flag-of-tomorrow 1 2");
  expect_kept("python -m vllm.entrypoints.openai.api_server --model=m --trust-remote-code --rope-scaling '{\"a\":-1}'");
  expect_kept("python3 -m sglang.launch_server --model-path m --tp 8 --device npu --cuda-graph-bs 1 2 4 8");
  expect_kept("vllm serve ~/models/m --download-dir ~ --chat-template ~/a\\ b/$NAME/c");
  expect_kept("trtllm-serve m --tp_size 4 --max_batch_size 64");
  expect_kept("vllm serve m \"--odd flag\" x --$NAME y '--a b'=c");
  expect_kept("vllm serve m --chat-template '' --port \"${PORT:-8000}\" --api-key \"a'b\"");
}

TEST(LaunchRecord, SaysWhatBelongsToWhichFlag) {
  const LaunchRecord record = read("A=1 vllm serve m --cuda-graph-sizes 1 2 4 --tomorrow x y --enforce-eager -tp 2");
  ASSERT_EQ(record.items.size(), 5u);
  EXPECT_EQ(record.environment.front().first, "A");
  EXPECT_EQ(record.items[0].flag, "");
  EXPECT_EQ(record.items[1].values.size(), 3u);
  EXPECT_EQ(record.items[2].values.size(), 2u) << "a flag that nobody knows keeps the words up to the next";
  EXPECT_TRUE(record.items[3].values.empty());
  EXPECT_EQ(migrate::value_text(record.items[4]), "2");
}

std::string random_word(const RandomStream& random, std::uint32_t& draw) {
  static constexpr std::string_view kLetters = "abcXYZ019_./:,=+ '\"\\${}[]()*?!#&|;<>~`\t%@^中";
  std::string word;
  const auto length = 1 + static_cast<int>(random.uniform(0, draw++) * 12);
  for (int i = 0; i < length; ++i)
    word += kLetters[static_cast<std::size_t>(random.uniform(0, draw++) * static_cast<double>(kLetters.size() - 3))];
  return word.front() == '-' ? "x" + word : word;
}

/// Any flags of any engine's table with any values, quoted as a shell needs it.
TEST(LaunchRecord, IsTheSameWhenItIsWrittenAndReadAgain) {
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    const RandomStream random(seed, 77);
    std::uint32_t draw = 0;
    const auto& table = tables()[seed % tables().size()];
    LaunchRecord record;
    record.family = table.family;
    const std::string command = table.commands.empty() ? "python3 -m " + table.modules.front() : table.commands.front();
    std::string text;
    for (int i = 0; i < 3; ++i) text += "V" + std::to_string(i) + "=" + shell_quoted(random_word(random, draw)) + " ";
    text += command + " model";
    const int flags = 1 + static_cast<int>(random.uniform(0, draw++) * 14);
    for (int i = 0; i < flags; ++i) {
      const auto at = static_cast<std::size_t>(random.uniform(0, draw++) * static_cast<double>(table.flags.size()));
      const catalog::LaunchFlag& flag = table.flags[at];
      if (!flag.names.front().starts_with('-')) continue;
      text += " " +
              flag.names[static_cast<std::size_t>(random.uniform(0, draw++) * static_cast<double>(flag.names.size()))];
      if (flag.value == catalog::LaunchValue::kOne || flag.value == catalog::LaunchValue::kJson)
        text += (random.uniform(0, draw++) < 0.3 ? "=" : " ") + shell_quoted(random_word(random, draw));
      if (flag.value == catalog::LaunchValue::kList) text += " 1 2";
    }
    expect_kept(text);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace socle::test
