#include <cmath>

#include <gtest/gtest.h>

#include "socle/answer/validate/predict_collective.hpp"
#include "socle/base/json.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

using answer::CollectiveKind;

std::string simulated(const Flags& flags, bool json = true, const Files& files = {}) {
  return shown(
      api::simulate_fabric(catalog::Catalog(), request_of({.flags = flags, .files = files}), {}, {.threads = 1}), json);
}
double time_of(const Flags& flags) {
  return parse_json(simulated(flags), "answer").find("completion_time_s")->as_double();
}
double bus_gb_s(const Flags& flags) {
  return parse_json(simulated(flags), "answer").find("bus_bandwidth_bytes_per_s")->as_double() / 1e9;
}

struct Named {
  const char* traffic;
  CollectiveKind kind;
};
constexpr Named kCollectives[] = {
    {"all-reduce", CollectiveKind::kAllReduce},         {"all-gather", CollectiveKind::kAllGather},
    {"reduce-scatter", CollectiveKind::kReduceScatter}, {"all-to-all", CollectiveKind::kAllToAll},
    {"broadcast", CollectiveKind::kBroadcast},          {"reduce", CollectiveKind::kReduce},
    {"send-receive", CollectiveKind::kSendReceive},
};

// What is simulated by default, where nothing collides, is what `socle validate collectives` predicts.
TEST(FabricLibrary, AgreesWithTheLibrarysClosedForm) {
  const catalog::Catalog catalog;
  const answer::CollectivePredictor predictor(catalog);
  const struct {
    const char* cluster;
    const char* chip;
    int nodes, chips;
  } clusters[] = {{"hgx-h100:1", "h100-sxm", 1, 8},   {"hgx-h100:2", "h100-sxm", 2, 8},
                  {"hgx-h100:4", "h100-sxm", 4, 8},   {"hgx-h100:16", "h100-sxm", 16, 8},
                  {"hgx-h100:64", "h100-sxm", 64, 8}, {"gb200-nvl72:2", "gb200", 2, 72}};
  for (const auto& c : clusters) {
    for (const Named& named : kCollectives) {
      for (const double bytes : {1e6, 16e6, 1e9}) {
        const double found = time_of({{"--cluster", c.cluster},
                                      {"--traffic", named.traffic},
                                      {"--bytes", std::to_string(static_cast<long long>(bytes)) + " B"},
                                      {"--topology", "rail-optimized"},
                                      {"--transport", "infiniband"}});
        answer::CollectiveCase asked;
        asked.kind = named.kind;
        asked.chip = c.chip;
        asked.buffer = Bytes{bytes};
        asked.ranks = c.nodes * c.chips;
        asked.nodes = c.nodes;
        asked.nic_per_chip = BytesPerSecond{50e9};
        asked.one_domain = c.nodes == 1;
        const double expected = predictor.predict(asked).time.value();
        EXPECT_NEAR(found / expected, 1.0, 0.03) << named.traffic << " of " << bytes << " on " << c.cluster;
      }
    }
  }
}

struct Row {
  const char *cluster, *traffic, *transport, *link;
  double measured;
};

double over_measured(const Row& row) {
  return bus_gb_s({{"--cluster", row.cluster},
                   {"--traffic", row.traffic},
                   {"--bytes", "8 GiB"},
                   {"--link", row.link},
                   {"--transport", row.transport}}) /
         row.measured;
}

// Published bus bandwidths (validation/collectives.csv, nccl rows).
TEST(FabricLibrary, MeetsPublishedMeasurementsAcrossHosts) {
  const Row rows[] = {{"hgx-h100:2", "all-reduce", "infiniband", "400 Gb/s", 467},
                      {"dgx-b200:2", "all-reduce", "roce", "400 Gb/s", 683.5},
                      {"hgx-h100:4", "all-reduce", "roce", "400 Gb/s", 320},
                      {"hgx-h100:32", "all-reduce", "infiniband", "400 Gb/s", 340},
                      {"hgx-h200:248", "all-reduce", "infiniband", "400 Gb/s", 350}};
  for (const Row& row : rows)
    EXPECT_NEAR(over_measured(row), 1.0, 0.12) << row.traffic << " on " << row.cluster << " over " << row.transport;
}

// Known miss, row nccl-0005: an all-gather of 200 GB/s on 32 nodes of the site whose all-reduce, which passes twice as
// much, shows 340. The prediction is that of the all-reduce's NICs, 57 % more; a change here is to be looked at.
TEST(FabricLibrary, MissesTheAllGatherThatItsOwnSiteContradicts) {
  EXPECT_NEAR(over_measured({"hgx-h100:32", "all-gather", "infiniband", "400 Gb/s", 200}), 1.57, 0.05);
}

// The shares of TCPX and TCPXO come from these two rows (gcp-0001, gcp-0002): no test of the prediction.
TEST(FabricLibrary, SharesOfTransportsReproduceTheRowsTheyComeFrom) {
  EXPECT_NEAR(over_measured({"hgx-h100:2", "all-gather", "gpudirect-tcpxo", "200 Gb/s", 188.5}), 1.0, 0.03);
  EXPECT_NEAR(over_measured({"hgx-h100:2", "all-gather", "gpudirect-tcpx", "125 Gb/s", 50}), 1.0, 0.03);
}

// Eight hosts with one NIC each are eight domains of one member, and nothing goes over NVLink: a ring or tree moves
// 2 x 7 / 8 x 1 GB over 0.96 x 50 GB/s, 48 GB/s of bus bandwidth at most.
TEST(FabricLibrary, ADomainOfAClusterIsCountedInTheNicsGiven) {
  const Flags flags{{"--cluster", "hgx-h100:8"}, {"--nics", "1"}, {"--bytes", "1 GB"}};
  EXPECT_LT(bus_gb_s(flags), 48.0);
  EXPECT_GT(bus_gb_s(flags), 40.0);
  const std::string text = simulated(flags, false);
  EXPECT_NE(text.find("with 1 NIC of"), std::string::npos) << text;
  EXPECT_EQ(text.find("one NIC of 400 Gb/s for each"), std::string::npos) << text;
}

// The range is of the time where nothing collides: hashing and failures leave it as it is.
TEST(FabricLibrary, TheRangeIsOfTheTimeWithoutCollisionsAndFailures) {
  const auto range = [](const Flags& flags) {
    const Json answer = parse_json(simulated(flags), "answer");
    const Json& library = *answer.find("library");
    return std::pair(library.find("completion_low_s")->as_double(), library.find("completion_high_s")->as_double());
  };
  const Flags alone{{"--cluster", "hgx-h100:16"}, {"--bytes", "1 GB"}};
  Flags hurt = alone;
  hurt["--routing"] = "hashed";
  hurt["--failed"] = "spine 0";
  EXPECT_EQ(range(alone), range(hurt));
  EXPECT_GT(time_of(hurt), time_of(alone));
}

// 1 TB over eight hosts of 10 Mb/s NICs, 2 x 7 / 8 TB over 8 x 1.25 MB/s: 2.0 days and what the transport leaves.
TEST(FabricLibrary, DaysAreWithinTheClock) {
  const double days = time_of({{"--hosts", "8"}, {"--nics", "8"}, {"--link", "10 Mb/s"}, {"--bytes", "1 TB"}}) / 86400;
  EXPECT_GT(days, 2.0);
  EXPECT_LT(days, 2.5);
}

TEST(FabricLibrary, AHopLatencyBelowTheLibrarysIsSaid) {
  const Flags flags{{"--cluster", "hgx-h100:2"}, {"--hop-latency", "0.1 us"}};
  EXPECT_NE(simulated(flags, false).find("does not act"), std::string::npos);
}

TEST(FabricLibrary, CollisionsAndFewerChannelsCost) {
  const Flags base{{"--cluster", "hgx-h100:16"}, {"--bytes", "1 GB"}};
  const auto with = [&](const char* flag, const char* value) {
    Flags flags = base;
    flags[flag] = value;
    return flags;
  };
  const double best = time_of(base);
  EXPECT_GT(time_of(with("--routing", "hashed")), 1.05 * best);
  // One NIC of eight: the ring takes 2 x 127 / 128 GB over 48 GB/s and hops, 41 ms.
  EXPECT_NEAR(time_of(with("--channels", "1")), 43e-3, 2e-3);
  EXPECT_NE(simulated(with("--algorithm", "ring"), false).find("ring (254 steps)"), std::string::npos);
}

// 256 NICs of a leaf-spine fabric that loses one of two spines send what goes up over half of the uplinks.
TEST(FabricLibrary, FailuresActOnTheRealPattern) {
  const Flags whole{{"--cluster", "hgx-h100:32"}, {"--bytes", "1 GB"}, {"--routing", "adaptive"}};
  Flags failed = whole;
  failed["--failed"] = "spine 0, spine 1";
  EXPECT_GT(time_of(failed), 1.2 * time_of(whole));
}

TEST(FabricLibrary, WhatCannotBeIsRefused) {
  const struct {
    Flags flags;
    const char* says;
  } cases[] = {
      {{{"--cluster", "hgx-h100:2"}, {"--channels", "9"}}, "at most that"},
      {{{"--cluster", "hgx-h100:1"}, {"--channels", "4"}}, "no NIC carries its bytes"},
      {{{"--cluster", "hgx-h100:2"}, {"--traffic", "send-receive"}, {"--channels", "2"}}, "rail of its receiver"},
      {{{"--hosts", "1024"}, {"--nics", "8"}, {"--scale-up-domain", "4096"}, {"--traffic", "all-gather"}},
       "33546240 messages"},
      {{{"--cluster", "hgx-h100:2048"}, {"--traffic", "all-to-all"}}, "messages between domains"},
      {{{"--hosts", "16"}, {"--nics", "1024"}, {"--traffic", "all-gather"}}, "write fewer ranks (--ranks)"},
      {{{"--hosts", "8"}, {"--nics", "1"}, {"--link", "1 Mb/s"}, {"--bytes", "1 PB"}},
       "the simulated time is more than"},
      {{{"--hosts", "8"}, {"--nics", "8"}, {"--link", "1 Mb/s"}, {"--bytes", "1 PB"}},
       "the simulated time is more than"},
      {{{"--cluster", "hgx-h100:2"}, {"--algorithm", "ring"}, {"--channels", "4"}}, "those of a library"},
      {{{"--cluster", "hgx-h100:3"}, {"--ranks", "12"}}, "fill domains evenly"},
      {{{"--cluster", "hgx-h100:2"}, {"--transport", "infinband"}}, "did you mean"},
      {{{"--cluster", "hgx-h100:2"}, {"--transport", "tcp"}, {"--efficiency", "0.9"}}, "write one of them"},
  };
  for (const auto& c : cases) {
    try {
      simulated(c.flags);
      ADD_FAILURE() << c.says;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(c.says), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace socle::test
