#include "socle/api/fabric.hpp"

#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "socle/answer/validate/validate_collectives.hpp"
#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/machine/machine_builder.hpp"

namespace socle::answer {
namespace {

/// A synthetic log of nccl-tests: time = start + bytes / rate, `ranks` over `nodes`.
struct Timing {
  const char* name;
  int ranks, nodes;
  double start_us, rate;  ///< rate in bytes of buffer per second
};

double bus_factor(const Timing& t) {
  if (std::string_view(t.name) == "sendrecv") return 1;
  return (std::string_view(t.name) == "all_reduce" ? 2.0 : 1.0) * (t.ranks - 1) / t.ranks;
}

std::string log_of(const Timing& t, const char* device = "NVIDIA H100 80GB HBM3") {
  std::string text = "# nThread 1 nGpus 1\n# Using devices\n";
  for (int r = 0; r < t.ranks; ++r)
    text += fmt::format("#  Rank {:2} Group  0 Pid {} on node-{} device {} [0x07] {}\n", r, 400 + r,
                        r / (t.ranks / t.nodes), r, device);
  text += fmt::format(
      "# Collective test starting: {}_perf\n#       size         count      type   redop    root     time   algbw   "
      "busbw #wrong     time   algbw   busbw #wrong\n",
      t.name);
  for (double bytes = 1024; bytes <= 17179869184.0; bytes *= 2) {
    const double us = t.start_us + bytes / t.rate * 1e6;
    const double algbw = bytes / us / 1e3;
    text += fmt::format("{:.0f} {:.0f} float sum -1 {:.2f} {:.2f} {:.2f} 0 {:.2f} {:.2f} {:.2f} 0\n", bytes, bytes / 4,
                        us, algbw, algbw * bus_factor(t), us, algbw, algbw * bus_factor(t));
  }
  return text;
}

const Timing kInside{"all_reduce", 8, 1, 30, 200e9};
const Timing kAcross{"all_gather", 16, 2, 50, 400e9};
const Timing kSend{"sendrecv", 16, 2, 12, 47e9};

CalibrateResult calibrated(std::vector<FabricLog> logs, const std::string& nic = "400 Gb/s") {
  return calibrate_fabric(catalog::Catalog(), {.logs = std::move(logs), .collective = {}, .gpu = {}, .nic = nic});
}

std::string refusal(const CalibrateQuestion& request) {
  try {
    calibrate_fabric(catalog::Catalog(), request);
  } catch (const InputError& error) { return error.what(); }
  return "accepted";
}

catalog::Catalog laid_over(const CalibrateResult& c) {
  return catalog::Catalog({{c.overlay_path(), c.overlay_text(), "mine.toml"}});
}

TEST(CalibrateFabric, FindsStartRateAndHalfSize) {
  const CalibrateQuestion question{.logs = {{"a.log", log_of(kInside)}}, .collective = {}, .gpu = {}, .nic = {}};
  const Json json = parse_json(api::json(api::calibrate_fabric(catalog::Catalog(), question)), "answer");
  EXPECT_EQ(json.find("chip")->as_string(), "h100-sxm");
  const Json& fit = json.find("collectives")->as_array().front();
  EXPECT_NEAR(fit.find("start_s")->as_double(), 30e-6, 1e-8);
  EXPECT_NEAR(fit.find("bus_bandwidth_bytes_per_s")->as_double(), 1.75 * 200e9, 1e8);
  EXPECT_NEAR(fit.find("half_size_bytes")->as_double(), 6e6, 1e4);  // 30 us x 200 GB/s
  EXPECT_LT(fit.find("mean_absolute_error")->as_double(), 0.001);
}

TEST(CalibrateFabric, LearnsTheNicsShareFromWhatLeavesANode) {
  // sendrecv: 47 of 50 GB/s = 0.94; all-gather on 2 x 8: 15/16 x 400 / 8 = 46.9 GB/s. The larger counts.
  const CalibrateResult c = calibrated({{"a.log", log_of(kAcross)}, {"b.log", log_of(kSend)}});
  EXPECT_NE(c.overlay_text().find("nic_fraction = 0.94"), std::string::npos) << c.overlay_text();
  EXPECT_NE(c.overlay_text().find("latency_us = 12.0"), std::string::npos) << c.overlay_text();
  ASSERT_FALSE(c.remarks.empty());
  EXPECT_TRUE(c.remarks.front().starts_with("send-receive is fitted but not laid over")) << c.remarks.front();
}

TEST(CalibrateFabric, OverlayPredictsTheUsersOwnMeasurements) {
  const CalibrateResult c = calibrated({{"a.log", log_of(kInside)}, {"b.log", log_of(kAcross)}});
  EXPECT_EQ(c.overlay_path(), "collectives/h100-sxm.toml");
  // 1 GiB: 30 us + 5368.7 us; across 50 us + 2684.4 us.
  const std::string cases =
      "collective,bytes,gpus,nodes,gpu,busbw_gbs,time_us,source\nall_reduce,1073741824,8,1,H100,,5398.7,s\nall_gather,"
      "1073741824,16,2,H100,,2734.4,s\n";
  const auto validation = validate_collectives(laid_over(c), parse_csv(cases, "mine.csv"), 1);
  ASSERT_EQ(validation.judged.size(), 2u);
  for (const ValidationRow* row : validation.judged) EXPECT_NEAR(row->value / *row->measured, 1.0, 0.001) << row->id;
}

TEST(CalibrateFabric, OverlayReachesTheMachineThatTrains) {
  const catalog::Catalog built_in, mine = laid_over(calibrated({{"a.log", log_of(kInside)}, {"b.log", log_of(kSend)}}));
  const catalog::Stack stack;
  const machine::Machine before =
      machine::MachineBuilder(built_in).build({.chip = "h100-sxm", .nic_per_chip = {}}, stack);
  const machine::Machine after = machine::MachineBuilder(mine).build({.chip = "h100-sxm", .nic_per_chip = {}}, stack);
  const double bytes = 1 << 26;
  EXPECT_NEAR(after.kernels().collective_time(kernel::Collective::kAllReduce, 8, Bytes{bytes}).time.value(),
              30e-6 + bytes / 200e9, 1e-7);
  EXPECT_NEAR(after.spec().nic_fraction, 0.94, 1e-4);
  EXPECT_NE(before.spec().nic_fraction, after.spec().nic_fraction);
  EXPECT_EQ(
      before.kernels().collective_time(kernel::Collective::kAllGather, 8, Bytes{bytes}).time,
      after.kernels().collective_time(kernel::Collective::kAllGather, 8, Bytes{bytes}).time);  // not measured here
}

TEST(CalibrateFabric, TablesFitAHundredColumns) {
  const std::string text = api::text(api::CalibrateAnswer{
      calibrated({{"a.log", log_of(kInside)}, {"b.log", log_of(kAcross)}, {"c.log", log_of(kSend)}})});
  for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
    end = std::min(text.find('\n', at), text.size());
    EXPECT_LE(end - at, 100u);
  }
  EXPECT_NE(text.find("all-reduce"), std::string::npos) << text;
}

TEST(CalibrateFabric, RefusesWhatItCannotPlace) {
  const auto with = [](const std::string& text) {
    return CalibrateQuestion{.logs = {{"my.log", text}}, .collective = {}, .gpu = {}, .nic = {}};
  };
  std::string log = log_of(kInside);
  EXPECT_NE(refusal({}).find("name one or more logs"), std::string::npos);
  CalibrateQuestion fewer = with(log);
  fewer.ranks = 4;  // the printed bandwidths say 8
  EXPECT_NE(refusal(fewer).find("correct --collective or --gpus"), std::string::npos) << refusal(fewer);
  CalibrateQuestion misnamed = with(log);
  misnamed.collective = "allswap";
  EXPECT_NE(refusal(misnamed).find("--collective 'allswap' is unknown"), std::string::npos);
  EXPECT_NE(refusal(with(log_of(kInside, "Frobnicator 9"))).find("not in the catalogue; give --gpu CHIP"),
            std::string::npos);
  CalibrateQuestion two = with(log);
  two.logs.push_back({"b.log", log_of(kInside, "NVIDIA B200")});
  EXPECT_NE(refusal(two).find("calibrate one chip at a time"), std::string::npos) << refusal(two);
  CalibrateQuestion slow = with(log_of(kSend));
  slow.nic = "100 Gb/s";
  EXPECT_NE(refusal(slow).find("correct --nic"), std::string::npos);
  slow.nic = "quick";
  EXPECT_NE(refusal(slow).find("--nic quick"), std::string::npos);
  log.erase(log.find("# Collective test starting"), log.find("#       size") - log.find("# Collective test starting"));
  EXPECT_NE(refusal(with(log)).find("name it: --collective all_reduce"), std::string::npos);
  EXPECT_NE(refusal(with(log_of(kInside).substr(0, log_of(kInside).find("\n2048") + 1))).find("at one size only"),
            std::string::npos);
}

TEST(CalibrateFabric, LeavesOutAndNamesCollectivesWithoutAModel) {
  Timing gather = kInside;
  gather.name = "gather";
  const CalibrateResult c = calibrated({{"g.log", log_of(gather)}, {"a.log", log_of(kInside)}});
  ASSERT_EQ(c.remarks.size(), 1u);
  EXPECT_NE(c.remarks.front().find("gather left out: Socle has no model of it"), std::string::npos)
      << c.remarks.front();
}

}  // namespace
}  // namespace socle::answer
