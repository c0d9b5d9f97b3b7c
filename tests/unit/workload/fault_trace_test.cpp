#include "socle/workload/fault_trace.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::workload {
namespace {

/// What is wrong with a trace, line by line.
std::string problems_of(const char* text) {
  try {
    parse_fault_trace(text, "faults.csv");
  } catch (const InputError& error) { return error.what(); }
  return "";
}

TEST(FaultTrace, IsReadInTheOrderOfTimeFromItsFirstFault) {
  const FaultTrace trace = parse_fault_trace("node,down,up,class\nb,12,14,NIC\na,10,10.5,GPU\n", "faults.csv");
  ASSERT_EQ(trace.faults.size(), 2u);
  EXPECT_EQ(trace.nodes[trace.faults[0].node], "a");
  EXPECT_EQ(trace.faults[0].down, Seconds{});
  EXPECT_EQ(trace.faults[1].up, Seconds{4 * 3600.0});
  EXPECT_EQ(trace.kinds[trace.faults[1].kind], "NIC");
  EXPECT_EQ(trace.length, Seconds{4 * 3600.0});
}

TEST(FaultTrace, TakesDates) {
  const FaultTrace trace = parse_fault_trace("node,down,up\na,2024-02-28 23:00:00,2024-03-01T01:00Z\n", "faults.csv");
  EXPECT_EQ(trace.length, Seconds{26 * 3600.0});  // a leap year
}

TEST(FaultTrace, TellsEveryMistakeWithItsLine) {
  const std::string told = problems_of(
      "node,down,up\n"
      "a,1,2\n"
      "a,1.5,3\n"
      "b,5,4\n"
      "c,nan,4\n"
      ",1,2\n"
      "d,2024-01-01 00:00,5\n");
  EXPECT_NE(told.find("faults.csv:3: node a is still down by the fault of line 2"), std::string::npos) << told;
  EXPECT_NE(told.find("faults.csv:4: up (4) is not later than down (5)"), std::string::npos) << told;
  EXPECT_NE(told.find("faults.csv:5: down is \"nan\""), std::string::npos) << told;
  EXPECT_NE(told.find("faults.csv:6: node is empty"), std::string::npos) << told;
  EXPECT_NE(told.find("faults.csv:7: down is a date, but the first time of the trace is hours"), std::string::npos)
      << told;
}

TEST(FaultTrace, RefusesWhatNoTraceIs) {
  EXPECT_NE(problems_of("node,down\na,1\n").find("column \"up\" is missing"), std::string::npos);
  EXPECT_NE(problems_of("node,down,up,weight\na,1,2,3\n").find("column \"weight\""), std::string::npos);
  EXPECT_NE(problems_of("node,down,up\n").find("no fault"), std::string::npos);
  EXPECT_NE(problems_of("node,down,up\na,0,1e12\n").find("century"), std::string::npos);
  EXPECT_NE(problems_of("node,down,up\na,2024-02-30 00:00,2024-03-01 00:00\n").find("write hours"), std::string::npos);
  EXPECT_NE(problems_of("").find("empty"), std::string::npos);
}

}  // namespace
}  // namespace socle::workload
