#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "socle/api/migrate_move.hpp"
#include "socle/api/migrate_onnx.hpp"
#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/json.hpp"
#include "support/onnx_writer.hpp"

namespace socle::test {
namespace {

namespace fs = std::filesystem;
constexpr const char* kExample = "examples/migrate-onnx/text.onnx";

/// A folder of its own, gone with the test.
class MigrateOnnx : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "socle-onnx-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string put(const std::string& name, const std::string& bytes) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return (folder_ / name).string();
  }
  fs::path folder_;
};

api::OnnxAnswer ask(const std::string& path, const std::string& to, const std::string& own = {}) {
  return api::migrate_onnx(
      catalog::Catalog(),
      {.paths = {path}, .to = to, .operators_text = own, .operators_name = own.empty() ? "" : "own.csv"});
}

std::string problem_of(const std::string& path, const std::string& to, const std::string& own = {}) {
  try {
    ask(path, to, own);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST_F(MigrateOnnx, SaysOfTheExampleWhatRunsWhere) {
  const auto answer = ask(kExample, "ort_cpu,ascend,musa");
  ASSERT_EQ(answer.result.files.size(), 1u);
  const answer::OnnxFile& file = answer.result.files[0];
  EXPECT_EQ(file.requirement.nodes, 22u);
  ASSERT_EQ(file.targets.size(), 3u);
  EXPECT_EQ(file.targets[0].decision, migrate::Decision::kGo);
  EXPECT_EQ(file.targets[1].backend->key, "cann_graph");
  EXPECT_EQ(file.targets[1].decision, migrate::Decision::kGoWithWork) << "names that are attempted";
  EXPECT_EQ(file.targets[2].convert_to, 13) << "kernels of MUSA begin there";
  EXPECT_EQ(file.targets[2].convert_gains, 12u) << "all but the LSTM";
  const auto blockers = onnx_blockers(file, file.targets[2]);
  ASSERT_FALSE(blockers.empty());
  EXPECT_EQ(blockers[0].item, "Mul 7 (float, float)") << "the most nodes first";
  EXPECT_TRUE(api::holds(answer));
}

TEST_F(MigrateOnnx, KnowsNonMaxSuppressionWhichThePageOfKernelsLacks) {
  const Wire suppress = node("NonMaxSuppression", {"b", "s"}, {"i"});
  const std::string path =
      put("nms.onnx", model(graph({.nodes = {suppress}, .inputs = {value("b", kFloat), value("s", kFloat)}}), 11));
  EXPECT_TRUE(ask(path, "ort_cpu").result.files[0].targets[0].loads);
}

TEST_F(MigrateOnnx, ReadsExternalDataBesideTheModelOnly) {
  const auto with = [&](const std::string& location) {
    const std::string path =
        put("m.onnx", model(graph({.initializers = {external_weights("w", {4}, {{"location", location}})}}), 13));
    return ask(path, "ort_cpu").result.files[0];
  };
  put("w.bin", std::string(16, '\0'));
  EXPECT_TRUE(with("w.bin").targets[0].loads);
  EXPECT_EQ(with("w.bin").requirement.external_bytes, 16u);
  EXPECT_FALSE(with("short.bin").targets[0].loads);
  put("short.bin", std::string(15, '\0'));
  EXPECT_FALSE(with("short.bin").targets[0].loads);
  EXPECT_FALSE(with("../w.bin").targets[0].loads);
}

TEST_F(MigrateOnnx, ListsDamagedFilesOfAFolderAndRefusesNamedOnes) {
  put("good/a.onnx", read_file(kExample));
  const std::string bad = put("good/deep/b.onnx", "no model");
  const auto answer = ask((folder_ / "good").string(), "all");
  EXPECT_EQ(answer.result.files.size(), 1u);
  ASSERT_EQ(answer.result.unread.size(), 1u);
  EXPECT_NE(answer.result.unread[0].message.find("byte"), std::string::npos);
  EXPECT_NE(problem_of(bad, "all").find("byte"), std::string::npos);
  fs::remove(folder_ / "good/a.onnx");
  EXPECT_NE(problem_of((folder_ / "good").string(), "all").find("byte"), std::string::npos) << "nothing is left";
}

TEST_F(MigrateOnnx, RefusesWhatItCannotAnswer) {
  EXPECT_NE(problem_of("no/such.onnx", "all").find("cannot be read"), std::string::npos);
  EXPECT_NE(problem_of(kExample, "").find("--to is missing"), std::string::npos);
  EXPECT_NE(problem_of(kExample, "cudnn").find("ort_cuda (cuda)"), std::string::npos);
  EXPECT_NE(problem_of("docs", "all").find("no model"), std::string::npos);
  EXPECT_NE(problem_of("/dev/zero", "all").find("no ordinary file"), std::string::npos);
}

TEST_F(MigrateOnnx, JoinsAMoveByThePlatformOfTheTarget) {
  const auto answer =
      api::migrate(catalog::Catalog(), {.inputs = {kExample}, .from = "h100-sxm", .to = "ascend-910c,h20,gaudi-3"});
  ASSERT_EQ(answer.result.inputs.size(), 1u);
  const answer::MoveInput& input = answer.result.inputs[0];
  EXPECT_EQ(input.kind, answer::InputKind::kOnnx);
  ASSERT_EQ(input.findings.size(), 3u);
  EXPECT_EQ(input.findings[0].figures.at(0).text, "ONNX Runtime CANN (graph)");
  EXPECT_EQ(input.findings[0].decision, migrate::Decision::kGoWithWork);
  EXPECT_EQ(input.findings[1].decision, migrate::Decision::kGo) << "ONNX Runtime CUDA has every kernel";
  EXPECT_EQ(input.findings[2].decision, migrate::Decision::kNoGo) << "no list leads to Gaudi";
}

TEST_F(MigrateOnnx, WritesOneRowPerKindOfNode) {
  const auto answer = ask(kExample, "ort_cpu,musa");
  const std::string rows = api::onnx_rows(answer);
  const auto lines = static_cast<std::size_t>(std::count(rows.begin(), rows.end(), '\n'));
  EXPECT_EQ(lines, 1 + 2 * answer.result.files[0].requirement.uses.size());
}

TEST_F(MigrateOnnx, EscapesNamesThatWouldWriteOnTheTerminal) {
  const std::string evil = "a\x1b[31m\xff";
  const std::string path = put("evil.onnx", model(graph({.nodes = {node(evil, {"x"}, {evil}, {}, evil, evil)},
                                                         .inputs = {value(evil, kFloat, {evil})},
                                                         .outputs = {value(evil, kFloat)}}),
                                                  13, {}, {import_of(evil, 1)}));
  const auto answer = ask(path, "all");
  for (const std::string& out : {api::text(answer), api::json(answer), api::onnx_rows(answer)}) {
    EXPECT_EQ(out.find('\x1b'), std::string::npos);
    EXPECT_EQ(out.find('\xff'), std::string::npos);
  }
}

TEST_F(MigrateOnnx, MakesTheSamePackForTheSameSeed) {
  const catalog::Catalog catalog;
  const auto answer = ask(kExample, "ascend");
  const auto pack = [&](const char* sizes, std::uint32_t seed) {
    return api::onnx_golden_pack(catalog, answer, kExample, sizes, seed);
  };
  const auto first = pack("width=96", 7);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[2].name, "input_0.npy");
  // 1 x 3 x 32 x 96 floats behind a header of 128 bytes.
  EXPECT_EQ(first[2].content.size(), 128u + 4 * 3 * 32 * 96);
  EXPECT_EQ(first[2].content, pack("width=96", 7)[2].content);
  EXPECT_NE(first[2].content, pack("width=96", 8)[2].content);
  const Json manifest = parse_json(first[0].content, "manifest.json");
  EXPECT_EQ(manifest.find("inputs")->as_array()[0].find("shape")->as_array()[3].as_int(), 96);
  const auto refused = [&](const char* sizes) -> std::string {
    try {
      pack(sizes, 1);
    } catch (const InputError& error) { return error.what(); }
    return {};
  };
  EXPECT_NE(refused("height=3").find("leaves open: batch, width"), std::string::npos);
  EXPECT_NE(refused("width").find("NAME=SIZE"), std::string::npos);
  EXPECT_NE(refused("width=99999999").find("256 MiB"), std::string::npos);
}

TEST_F(MigrateOnnx, AcceptsOnACpuWhatItStoredThere) {
  if (std::system("python3 -c 'import numpy, onnxruntime' > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "Python's packages numpy and onnxruntime are not installed";
  const auto answer = ask(kExample, "ascend");
  for (const api::PackFile& file : api::onnx_golden_pack(catalog::Catalog(), answer, kExample, "", 1))
    put("pack/" + file.name, file.content);
  const std::string script = "python3 '" + (folder_ / "pack/accept.py").string() + "' ";
  const auto run = [&](const std::string& task) {
    return WEXITSTATUS(std::system((script + task + " > /dev/null 2>&1").c_str()));
  };
  EXPECT_EQ(run("check --provider CPUExecutionProvider"), 2) << "nothing is stored yet";
  EXPECT_EQ(run("golden"), 0);
  EXPECT_EQ(run("check --provider CPUExecutionProvider"), 0);
  EXPECT_EQ(run("check --provider NoSuchExecutionProvider"), 2);
  EXPECT_EQ(run("golden --model README.md"), 2) << "another file";
  std::string stored = read_file((folder_ / "pack/golden_0.npy").string());
  stored.replace(stored.size() - 4, 4, std::string("\x00\x00\x00\x40", 4));  // the last value is 2 now
  put("pack/golden_0.npy", stored);
  EXPECT_EQ(run("check --provider CPUExecutionProvider"), 1) << "different";
}

}  // namespace
}  // namespace socle::test
