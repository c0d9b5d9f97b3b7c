#include "socle/comm/nccl_log.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::comm {
namespace {

// Synthetic: the form of nccl-tests, invented figures.
constexpr const char* kHead =
    "# nThread 1 nGpus 1 minBytes 1024 maxBytes 2048 step: 2(factor) warmup iters: 5 iters: 20\n"
    "#\n# Using devices\n"
    "#  Rank  0 Group  0 Pid   4000 on node-a device  0 [0x07] NVIDIA H100 80GB HBM3\n"
    "#  Rank  1 Group  0 Pid   4001 on node-b device  0 [0x07] NVIDIA H100 80GB HBM3\n"
    "#\n# Collective test starting: all_reduce_perf\n"
    "#                                                  out-of-place                       in-place\n"
    "#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw "
    "#wrong\n"
    "#        (B)    (elements)                               (us)  (GB/s)  (GB/s)            (us)  (GB/s)  (GB/s)\n";
constexpr const char* kRows =
    "        1024           256     float     sum      -1    20.00    0.05    0.05      0    21.00    0.05    0.05     "
    " 0\n"
    "        2048           512     float     sum      -1    20.50    0.10    0.10      0    21.00    0.10    0.10    "
    "N/A\n";
constexpr const char* kFoot =
    "# Out of bounds values : 0 OK\n# Avg bus bandwidth    : 0.07\n#\n# Collective test concluded: all_reduce_perf\n";

std::string refusal(const std::string& text) {
  try {
    parse_nccl_log(text, "my.log");
  } catch (const InputError& error) { return error.what(); }
  return "accepted";
}

TEST(NcclLog, ReadsTableRanksHostsAndDevice) {
  const auto runs = parse_nccl_log(std::string(kHead) + kRows + kFoot, "my.log");
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].collective, "all_reduce");
  EXPECT_EQ(runs[0].ranks, 2);
  EXPECT_EQ(runs[0].nodes, 2);
  EXPECT_EQ(runs[0].device, "NVIDIA H100 80GB HBM3");
  ASSERT_EQ(runs[0].points.size(), 2u);
  EXPECT_EQ(runs[0].points[1].buffer, Bytes{2048});
  EXPECT_DOUBLE_EQ(runs[0].points[1].time.value(), 20.5e-6);
  EXPECT_DOUBLE_EQ(runs[0].points[1].bus_gb_s, 0.10);
}

TEST(NcclLog, ReadsSeveralTestsOfOneFile) {
  std::string second = std::string(kHead) + kRows + kFoot;
  for (std::size_t at; (at = second.find("all_reduce")) != std::string::npos;) second.replace(at, 10, "all_gather");
  const auto runs = parse_nccl_log(std::string(kHead) + kRows + kFoot + second, "my.log");
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[1].collective, "all_gather");
  EXPECT_EQ(runs[1].ranks, 2);
}

TEST(NcclLog, ReadsThroughTheLinePrefixesOfLaunchers) {
  for (const std::string prefix : {"[1,0]<stdout>:", "0: "}) {
    std::string text;
    for (const char c : std::string(kHead) + kRows) {
      if (text.empty() || text.back() == '\n') text += prefix;
      text += c;
    }
    const auto runs = parse_nccl_log(text, "my.log");
    ASSERT_EQ(runs.size(), 1u) << prefix;
    EXPECT_EQ(runs[0].points.size(), 2u) << prefix;
  }
}

TEST(NcclLog, TakesTheCollectiveFromTheProgramOfACommandLine) {
  const std::string text = std::string(kHead) + kRows;
  const std::size_t at = text.find("# Collective");
  const std::string without = text.substr(0, at) + text.substr(text.find('\n', at) + 1);
  EXPECT_EQ(parse_nccl_log(without, "my.log")[0].collective, "");
  EXPECT_EQ(parse_nccl_log("mpirun -np 2 ./build/reduce_scatter_perf -b 1K\n" + without, "my.log")[0].collective,
            "reduce_scatter");
  EXPECT_EQ(parse_nccl_log("/opt/reduce_perf\n" + without, "my.log")[0].collective, "reduce");
}

TEST(NcclLog, PassesOverRowsOfSizeZero) {
  const auto runs = parse_nccl_log(std::string(kHead) +
                                       "           0             0     float     sum      -1     9.00    0.00    0.00  "
                                       "    0     9.00    0.00    0.00      0\n" +
                                       kRows,
                                   "my.log");
  EXPECT_EQ(runs[0].points.size(), 2u);
}

TEST(NcclLog, SaysWhatIsWrongAndWhere) {
  const std::string head = kHead, rows = kRows;
  EXPECT_EQ(
      refusal(""),
      "my.log: no table of nccl-tests here; give the whole output of e.g. all_reduce_perf, its '#' lines included");
  EXPECT_EQ(refusal(head), "my.log:9:1: the table has no rows; did the test stop before its first size?");
  EXPECT_EQ(
      refusal(head + rows + "        4096          1024     float\n"),
      "my.log:13:1: 3 columns where the heading has 13; is the log cut off? Remove the line or take the log again");
  for (const char* bad : {"nan", "inf", "-3", "0.00", "1e99", "fast"}) {
    std::string row = rows.substr(0, rows.find('\n') + 1);
    row.replace(row.find("20.00"), 5, bad);
    EXPECT_TRUE(refusal(head + row).starts_with("my.log:11:1: size '1024', time '")) << refusal(head + row);
  }
  std::string wrong = rows;
  wrong.replace(wrong.find(" 0    21"), 2, " 7");
  EXPECT_TRUE(refusal(head + wrong).starts_with("my.log:11:1: 7 values came back wrong")) << refusal(head + wrong);
  std::string columns = head;
  columns.replace(columns.find("time"), 4, "when");
  columns.replace(columns.find("time"), 4, "when");
  EXPECT_TRUE(refusal(columns + rows).starts_with("my.log:9:1: the table's heading has no columns 'time' and 'busbw'"));
}

}  // namespace
}  // namespace socle::comm
