#include "socle/search/fabric_design.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/net/topologies/topologies.hpp"

namespace socle::search {
namespace {

FabricQuestion small_question() {
  const auto part = [](double usd, double watts) {
    return cost::PricedPart{.name = "part",
                            .price = Money{usd, Currency::kUsd},
                            .power = Watts{watts},
                            .date = {},
                            .confidence = "given",
                            .source = "test"};
  };
  FabricQuestion question{.hosts = 16, .rails = 4, .radix = 16, .oversubscriptions = {1.0, 3.0}};
  question.prices = {
      .switch_box = part(10000, 700), .cable = {part(100, 0), part(500, 10), part(1000, 20)}, .nic = part(2000, 25)};
  return question;
}

FabricCandidate candidate(const char* name, double usd, double watts, double survives,
                          std::optional<double> step = {}) {
  FabricCandidate made{.name = name,
                       .spec = {},
                       .infeasible = {},
                       .parts = {},
                       .box = {},
                       .bill = {},
                       .blasts = {},
                       .blast_unknown = {},
                       .survives = survives,
                       .step = {},
                       .layout = {},
                       .broken = {}};
  made.bill.price = Money{usd, Currency::kUsd};
  made.bill.power = Watts{watts};
  made.bill.price_of_known = usd;
  made.bill.power_of_known = Watts{watts};
  if (step) made.step = Seconds{*step};
  return made;
}

TEST(FabricCandidates, EveryTopologyAppears) {
  const auto candidates = fabric_candidates(small_question());
  for (const net::TopologyEntry& entry : net::topologies()) {
    EXPECT_TRUE(std::any_of(candidates.begin(), candidates.end(), [&](const auto& c) {
      return c.spec.topology == entry.name;
    })) << entry.name;
  }
}

TEST(FabricCandidates, WhatCannotBeSaysWhyAndHow) {
  FabricQuestion question = small_question();
  question.hosts = 10000;
  int seen = 0;
  for (const FabricCandidate& c : fabric_candidates(question)) {
    if (c.spec.topology != "fat-tree" || c.spec.tiers != 2) continue;
    ++seen;
    EXPECT_NE(c.infeasible.find("use 3 tiers"), std::string::npos) << c.infeasible;
  }
  EXPECT_GT(seen, 0);
}

TEST(FabricCandidates, EveryCableOfThePlanIsOrdered) {
  const FabricQuestion question = small_question();
  for (const FabricCandidate& c : fabric_candidates(question)) {
    if (!c.infeasible.empty() || c.spec.topology == "torus") continue;
    std::uint64_t cables = 0, ordered = 0;
    for (const net::CableCount& kind : c.parts.cables) cables += kind.count;
    for (const std::uint64_t count : c.bill.cables) ordered += count;
    EXPECT_EQ(ordered, cables) << c.name;
    EXPECT_TRUE(c.bill.price) << c.name;
  }
}

// A member of the front is beaten by nobody; who is off it is beaten by somebody on it.
TEST(FabricFront, HoldsExactlyThoseThatNobodyBeats) {
  std::vector<FabricCandidate> candidates{candidate("cheap", 1, 5, 0.8, 3.0), candidate("dear, fast", 3, 6, 0.9, 1.0),
                                          candidate("dear, slow", 3, 6, 0.9, 2.0), candidate("safe", 4, 7, 0.99, 3.0),
                                          candidate("as cheap", 1, 5, 0.8, 3.0)};
  judge_fabrics({}, candidates);
  std::vector<bool> front;
  for (const auto& c : candidates) front.push_back(c.on_front);
  EXPECT_EQ(front, (std::vector<bool>{true, true, false, true, true}));
}

TEST(FabricFront, HoldsNobodyWithUnknownFailuresOrABrokenLimit) {
  std::vector<FabricCandidate> candidates{candidate("unknown failures", 1, 1, 0.9), candidate("too dear", 9, 1, 0.99),
                                          candidate("plain", 5, 5, 0.5)};
  candidates[0].survives.reset();
  judge_fabrics({.capex = Money{8, Currency::kUsd}, .power = Watts{8}}, candidates);
  EXPECT_FALSE(candidates[0].on_front || candidates[1].on_front);
  EXPECT_TRUE(candidates[2].on_front);
  ASSERT_EQ(candidates[1].broken.size(), 1u);
  EXPECT_EQ(candidates[1].broken.front(), "the network's price 9 USD exceeds network_capex 8 USD by 12.5 %");
}

// What is unknown is no tie. Two fabrics of one unpriced box compare by how many they need of it and by the rest.
TEST(FabricFront, ComparesUnknownPricesByWhatIsKnown) {
  const auto of_unknown = [](const char* name, double known, double boxes, const char* box) {
    FabricCandidate made = candidate(name, known, 5, 0.9);
    made.bill.price.reset();
    made.bill.unpriced = boxes;
    made.bill.unpriced_part = box;
    return made;
  };
  std::vector<FabricCandidate> candidates{candidate("priced", 10, 5, 0.9), of_unknown("few", 4, 3, "x"),
                                          of_unknown("many", 4, 6, "x"), of_unknown("other box", 5, 9, "y"),
                                          of_unknown("dear without", 11, 1, "z")};
  judge_fabrics({}, candidates);
  std::vector<bool> front;
  for (const auto& c : candidates) front.push_back(c.on_front);
  // "few" beats "many" for certain. 10 is less than 11 and something: "priced" beats the last one for certain.
  EXPECT_EQ(front, (std::vector<bool>{true, true, false, true, false}));
}

TEST(FabricFailures, AnOpticIsItsWorstCable) {
  FabricQuestion question = small_question();
  question.topologies = {"rail-optimized"};
  question.tiers = {2};
  question.oversubscriptions = {1.0};
  auto candidates = fabric_candidates(question);
  measure_failures(question, candidates, 1);
  const auto find = [&](const std::string& name) {
    return *std::find_if(candidates[0].blasts.begin(), candidates[0].blasts.end(),
                         [&](const net::Blast& b) { return b.element == name; });
  };
  // Endpoints hang at optical cables of the row: one of those cuts a NIC, one between switches cuts nobody.
  EXPECT_EQ(find("optic").endpoints_cut, 1u);
  EXPECT_EQ(find("optic").count, 2 * (find("cable endpoint-leaf").count + find("cable leaf-spine").count));
}

}  // namespace
}  // namespace socle::search
