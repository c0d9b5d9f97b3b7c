#include "socle/migrate/code/verdict.hpp"

#include <gtest/gtest.h>

namespace socle::migrate {
namespace {

const NameTable& table() {
  static const NameTable names(parse_csv("cuda,library,kind,hip,hip_status,musa,musa_status\n"
                                         "cudaMalloc,cuda_runtime,function,hipMalloc,supported,musaMalloc,partial\n"
                                         "cudaOld,cuda_runtime,function,hipOld,partial,,\n"
                                         "__ldg,cuda_device,function,__ldg,supported,,\n"
                                         "cudaGraphicsX,cuda_runtime,function,,unsupported,,\n",
                                         "names.csv"),
                               nullptr);
  return names;
}

TargetVerdict judged(std::string_view source, Target target = Target::kHip) {
  Census census;
  census.add("a.cu", source, Language::kCpp, scan(source, Language::kCpp, true, table()));
  return judge(table(), census, target);
}

TEST(Verdict, CountsEachUseOnce) {
  // 3 renamed of 2 names, 1 the same, 1 without an equivalent, 1 unknown: 4 of 6 uses and 3 of 5 names are covered.
  const TargetVerdict hip = judged("cudaMalloc cudaMalloc cudaOld __ldg cudaGraphicsX cudaNew");
  EXPECT_EQ(hip.all.uses, 6u);
  EXPECT_EQ(hip.renamed.uses, 3u);
  EXPECT_EQ(hip.same.uses, 1u);
  EXPECT_EQ(hip.no_equivalent.uses, 1u);
  EXPECT_EQ(hip.unknown.uses, 1u);
  EXPECT_EQ(hip.partial.uses, 1u);
  EXPECT_DOUBLE_EQ(hip.coverage_by_use(), 4.0 / 6.0);
  EXPECT_DOUBLE_EQ(hip.coverage_by_name(), 3.0 / 5.0);
  EXPECT_DOUBLE_EQ(hip.hours, kHoursPerMissingName + kHoursPerUnknownName);
  EXPECT_EQ(hip.effort, Effort::kHours);
}

TEST(Verdict, GoesOnlyWhereEveryNameIsDocumentedAndNothingAsksForWork) {
  EXPECT_EQ(judged("cudaMalloc __ldg").decision, Decision::kGo);
  EXPECT_EQ(judged("cudaMalloc __ldg").evidence, Evidence::kE1);
  EXPECT_EQ(judged("cudaMalloc cudaOld").decision, Decision::kGoWithWork) << "deprecated there";
  EXPECT_EQ(judged("cudaMalloc asm(\"\");").decision, Decision::kGoWithWork);
  EXPECT_EQ(judged("cudaMalloc cudaGraphicsX").decision, Decision::kGoWithWork) << "half of the uses";
  EXPECT_EQ(judged("cudaMalloc cudaGraphicsX cudaNew").decision, Decision::kNoGo) << "a third";
  EXPECT_EQ(judged("int x;").decision, Decision::kGo) << "there is nothing to move";
}

TEST(Verdict, NeverTakesTheUnknownForYes) {
  const TargetVerdict musa = judged("cudaMalloc __ldg __ldg", Target::kMusa);
  EXPECT_EQ(musa.unknown.uses, 2u);
  EXPECT_DOUBLE_EQ(musa.coverage_by_use(), 1.0 / 3.0);
  EXPECT_EQ(musa.decision, Decision::kNoGo);
  EXPECT_EQ(judged("cudaMalloc", Target::kMusa).decision, Decision::kGoWithWork) << "a rename rule proves nothing";
  EXPECT_EQ(judged("cudaMalloc", Target::kMusa).evidence, Evidence::kE0);
}

TEST(Verdict, GrowsTheClassOfEffortWithPlaces) {
  std::string source = "cudaMalloc";
  EXPECT_EQ(judged(source).effort, Effort::kNone);
  for (int i = 0; i < 4; ++i) source += "\nasm(\"\");";  // 4 places of 2 h
  EXPECT_EQ(judged(source).effort, Effort::kHours);
  source += "\nasm(\"\");";
  EXPECT_EQ(judged(source).effort, Effort::kDays);
  for (int i = 0; i < 36; ++i) source += "\nasm(\"\");";  // 41 places: 82 h
  EXPECT_EQ(judged(source).effort, Effort::kWeeks);
}

/// Libraries of CUDA of which no row is known count as unknown, so that they are not passed over.
TEST(Verdict, NamesOfFurtherLibrariesAreUnknown) {
  const TargetVerdict hip = judged("nvmlInit nvtxMarkB cuptiActivityEnable nvjpegCreate nvidiaThing cuptake");
  EXPECT_EQ(hip.unknown.names, 4u);
}

}  // namespace
}  // namespace socle::migrate
