#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "socle/api/migrate.hpp"
#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"

namespace socle::test {
namespace {

namespace fs = std::filesystem;

/// A folder of its own, gone with the test.
class MigrateCuda : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "socle-migrate-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void put(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  fs::path folder_;
};

api::CodeAnswer ask(const std::string& path, const std::string& to, bool patch = false, const std::string& own = {}) {
  return api::migrate_cuda(
      catalog::Catalog(),
      {.paths = {path}, .to = to, .names_text = own, .names_name = own.empty() ? "" : "own.csv", .patch = patch});
}

std::string problem_of(const std::string& path, const std::string& to, bool patch = false) {
  try {
    ask(path, to, patch);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST_F(MigrateCuda, SaysOfTheExampleWhatBreaksWhere) {
  const auto answer = ask("examples/migrate-cuda", "hip,musa");
  const migrate::Census& census = answer.result.census;
  EXPECT_EQ(census.files, 2u);
  EXPECT_EQ(census.launches, 1u);
  EXPECT_EQ(census.of(migrate::Hazard::kInlinePtx).first.at(0).line, 18);
  EXPECT_EQ(census.of(migrate::Hazard::kWarp32).places, 2u);
  EXPECT_EQ(census.of(migrate::Hazard::kTorchCuda).places, 1u);
  for (const migrate::TargetVerdict& target : answer.result.targets)
    EXPECT_EQ(target.decision, migrate::Decision::kGoWithWork);
  EXPECT_EQ(answer.result.targets[0].no_equivalent.names, 1u) << "__shfl_down_sync";
}

TEST_F(MigrateCuda, WritesAPatchThatPatchApplies) {
  if (std::system("patch --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "the program patch is not installed";
  put("tree/a b/mean.cu", read_file("examples/migrate-cuda/mean.cu"));
  put("tree/odd.cuh", "\xff\xfe\r\n#include \"cuda_runtime.h\"\r\n\n\n\n\n\n\n\n\ncudaFree(cudaMalloc)");
  for (const char* to : {"hip", "musa"}) {
    const auto answer = ask((folder_ / "tree").string(), to, true);
    EXPECT_EQ(answer.result.patch_left_out, 0u);
    EXPECT_NE(answer.result.patch.find("odd.cuh"), std::string::npos);
    put("out.patch", answer.result.patch);
    const std::string command =
        "patch --dry-run --binary -d / -p1 < '" + (folder_ / "out.patch").string() + "' > /dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << to;
  }
}

TEST_F(MigrateCuda, LeavesNothingToRenameBehindItsPatch) {
  if (std::system("patch --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "the program patch is not installed";
  put("mean.cu", read_file("examples/migrate-cuda/mean.cu"));
  const std::string path = (folder_ / "mean.cu").string();
  put("out.patch", ask(path, "hip", true).result.patch);
  ASSERT_EQ(std::system(("patch -s -d / -p1 < '" + (folder_ / "out.patch").string() + "'").c_str()), 0);
  const auto after = ask(path, "hip", true);
  EXPECT_EQ(after.result.patch, "");
  EXPECT_EQ(after.result.targets[0].renamed.uses, 0u);
}

TEST_F(MigrateCuda, SkipsAndCountsWhatItDoesNotScan) {
  put("a.cu", "cudaMalloc\n");
  put("binary.cu", std::string("cudaMalloc\0", 11));
  put("latin.cpp", "// \xe9\n");
  put("notes.txt", "cudaMalloc");
  put(".git/hidden.cu", "cudaMalloc");
  put("long.cu", std::string(1 << 20, 'x') + " cudaMalloc");
  fs::create_directory_symlink(folder_, folder_ / "loop");
  fs::create_symlink(folder_ / "a.cu", folder_ / "link.cu");
  const migrate::Census census = ask(folder_.string(), "hip").result.census;
  EXPECT_EQ(census.files, 3u);
  EXPECT_EQ(census.not_utf8, 1u);
  EXPECT_EQ(census.skipped.links, 2u);
  EXPECT_EQ(census.skipped.binary, 1u);
  EXPECT_EQ(census.names.at("cudaMalloc").uses, 2u);
}

TEST_F(MigrateCuda, PutsRowsOfTheUserFirst) {
  put("a.cu", "cudaMine cudaMalloc\n");
  const auto answer = ask((folder_ / "a.cu").string(), "musa", true,
                          "cuda,musa,musa_status\ncudaMine,musaMine,supported\ncudaMalloc,,unsupported\n");
  EXPECT_EQ(answer.result.targets[0].supported.uses, 1u);
  EXPECT_EQ(answer.result.targets[0].no_equivalent.uses, 1u);
  EXPECT_NE(answer.result.patch.find("+musaMine cudaMalloc"), std::string::npos);
}

TEST_F(MigrateCuda, RefusesWhatItCannotAnswer) {
  EXPECT_NE(problem_of("no/such/folder", "hip").find("is missing"), std::string::npos);
  EXPECT_NE(problem_of("README.md", "hip").find("is no source"), std::string::npos);
  EXPECT_NE(problem_of("examples", "").find("--to is missing"), std::string::npos);
  EXPECT_NE(problem_of("examples", "rocm").find("write hip, musa"), std::string::npos);
  EXPECT_NE(problem_of("examples", "hip,hip").find("twice"), std::string::npos);
  EXPECT_NE(problem_of("examples", "hip,musa", true).find("one target"), std::string::npos);
}

TEST_F(MigrateCuda, KnowsHowManyNamesEachPlatformHas) {
  const auto known = api::migrate_targets(catalog::Catalog()).result;
  for (const answer::FactPack& pack : known.packs) EXPECT_GT(pack.rows, 0u) << pack.name;
  const auto& platforms = known.platforms;
  ASSERT_EQ(platforms.size(), 6u);
  for (const auto& platform : platforms) EXPECT_GT(platform.names, 0u) << platform.key;
  EXPECT_EQ(platforms[0].dated, "2024-10");
}

/// Of four platforms few names are known: what is not is unknown. Where kernels are no CUDA, each is to be rewritten.
TEST_F(MigrateCuda, SaysHowLittleIsKnownOfOthers) {
  const auto answer = ask("examples/migrate-cuda", "maca,cnrt,ascend").result;
  EXPECT_EQ(answer.targets[0].no_equivalent.uses, 0u);
  EXPECT_GT(answer.targets[0].unknown.uses, 5u);
  EXPECT_EQ(answer.targets[0].decision, migrate::Decision::kGoWithWork);
  EXPECT_EQ(answer.targets[1].decision, migrate::Decision::kNoGo);
  EXPECT_EQ(answer.targets[2].rewrites, 6u)
      << "PTX, two warps of 32, an extension twice, and the kernel that is launched";
  EXPECT_NE(problem_of("examples/migrate-cuda", "maca", true).find("--diff takes hip or musa"), std::string::npos);
}

}  // namespace
}  // namespace socle::test
