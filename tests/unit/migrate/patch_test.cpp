#include "socle/migrate/code/patch.hpp"

#include <gtest/gtest.h>

namespace socle::migrate {
namespace {

std::string patch_of(std::string_view source, const std::string& path = "a.cu") {
  static const NameTable names(parse_csv("cuda,library,kind,hip,hip_status,musa,musa_status\n"
                                         "cuda_runtime.h,header,header,hip/hip_runtime.h,supported,,\n"
                                         "cudaMalloc,cuda_runtime,function,hipMalloc,supported,musaMalloc,partial\n"
                                         "cudaFree,cuda_runtime,function,hipFree,supported,musaFree,partial\n",
                                         "names.csv"),
                               nullptr);
  return rename_patch(path, source, scan(source, Language::kCpp, true, names), names, Target::kHip);
}

TEST(RenamePatch, RenamesInCodeOnly) {
  EXPECT_EQ(patch_of("#include <cuda_runtime.h>\ncudaMalloc(cudaFree); // cudaFree\nint x;\n"),
            "--- a/a.cu\n+++ b/a.cu\n@@ -1,3 +1,3 @@\n"
            "-#include <cuda_runtime.h>\n-cudaMalloc(cudaFree); // cudaFree\n"
            "+#include <hip/hip_runtime.h>\n+hipMalloc(hipFree); // cudaFree\n int x;\n");
  EXPECT_EQ(patch_of("int x;\n"), "");
  EXPECT_EQ(patch_of(""), "");
}

TEST(RenamePatch, KeepsAMissingLineEndAndCarriageReturns) {
  EXPECT_EQ(patch_of("x\r\ncudaFree"),
            "--- a/a.cu\n+++ b/a.cu\n@@ -1,2 +1,2 @@\n x\r\n-cudaFree\n\\ No newline at end of file\n"
            "+hipFree\n\\ No newline at end of file\n");
}

TEST(RenamePatch, JoinsNeighboursWhoseContextTouches) {
  // Lines 1 and 8 are seven apart: six lines of context between them, one hunk; 1 and 9: two.
  EXPECT_NE(patch_of("cudaFree\n2\n3\n4\n5\n6\n7\ncudaFree\n").find("@@ -1,8 +1,8 @@"), std::string::npos);
  const std::string apart = patch_of("cudaFree\n2\n3\n4\n5\n6\n7\n8\ncudaFree\n");
  EXPECT_NE(apart.find("@@ -1,4 +1,4 @@"), std::string::npos) << apart;
  EXPECT_NE(apart.find("@@ -6,4 +6,4 @@"), std::string::npos) << apart;
}

TEST(RenamePatch, SaysOnlyPathsThatItCan) {
  EXPECT_TRUE(can_stand_in_a_patch("a b/c.cu"));
  EXPECT_NE(patch_of("cudaFree\n", "a b.cu").find("--- a/a b.cu\t\n"), std::string::npos);
  EXPECT_FALSE(can_stand_in_a_patch("a\nb.cu"));
  EXPECT_FALSE(can_stand_in_a_patch("a\"b.cu"));
}

}  // namespace
}  // namespace socle::migrate
