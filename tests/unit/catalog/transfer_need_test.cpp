#include "socle/catalog/transfer_need.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::catalog {
namespace {

constexpr const char* kDay = "2026-06-30";

Transfer known(double persons, double sensitive) {
  return {.to = "SG",
          .persons = persons,
          .sensitive = sensitive,
          .critical_operator = false,
          .important_data = false,
          .recipient_covered = false};
}

TransferNeed from_china(const Transfer& transfer, const char* day = kDay) {
  return transfer_need(load_jurisdiction(Catalog(), "cn"), transfer, day).need;
}

TEST(TransferNeed, PersonsWhoseDataIsNotSensitiveDecideByTwoThresholds) {
  EXPECT_EQ(from_china(known(0, 0)), TransferNeed::kExempt);
  EXPECT_EQ(from_china(known(99'999, 0)), TransferNeed::kExempt);
  EXPECT_EQ(from_china(known(100'000, 0)), TransferNeed::kContract);
  EXPECT_EQ(from_china(known(999'999, 0)), TransferNeed::kContract);
  EXPECT_EQ(from_china(known(1'000'000, 0)), TransferNeed::kAssessment);
}

TEST(TransferNeed, SensitiveDataDecidesByOne) {
  EXPECT_EQ(from_china(known(0, 1)), TransferNeed::kContract);
  EXPECT_EQ(from_china(known(0, 9'999)), TransferNeed::kContract);
  EXPECT_EQ(from_china(known(0, 10'000)), TransferNeed::kAssessment);
}

TEST(TransferNeed, ImportantDataAndCriticalOperatorsAreAlwaysAssessed) {
  Transfer transfer = known(1, 0);
  transfer.critical_operator = true;
  EXPECT_EQ(from_china(transfer), TransferNeed::kAssessment);
  transfer = known(0, 0);
  transfer.important_data = true;
  EXPECT_EQ(from_china(transfer), TransferNeed::kAssessment);
}

TEST(TransferNeed, AGroundExemptsWhoeverIsNoCriticalOperator) {
  Transfer transfer = known(2'000'000, 0);
  transfer.ground = "contract";
  EXPECT_EQ(from_china(transfer), TransferNeed::kExempt);
  transfer.critical_operator = true;
  EXPECT_EQ(from_china(transfer), TransferNeed::kUnknown);  // the copies do not say
}

TEST(TransferNeed, WhatIsUnknownStaysSoOnlyWhereItMatters) {
  const Jurisdiction china = load_jurisdiction(Catalog(), "China");
  Transfer transfer = known(50'000, 0);
  transfer.sensitive.reset();
  TransferVerdict verdict = transfer_need(china, transfer, kDay);
  EXPECT_EQ(verdict.need, TransferNeed::kUnknown);
  EXPECT_EQ(verdict.possible, (std::vector{TransferNeed::kExempt, TransferNeed::kContract, TransferNeed::kAssessment}));
  EXPECT_EQ(verdict.undecided_by, std::vector<std::string>{"sensitive"});
  // A million persons: assessed, however many of them are sensitive and whoever operates it.
  transfer.persons = 1'000'000;
  transfer.critical_operator.reset();
  transfer.important_data.reset();
  verdict = transfer_need(china, transfer, kDay);
  EXPECT_EQ(verdict.need, TransferNeed::kAssessment);
  EXPECT_TRUE(verdict.undecided_by.empty());
}

TEST(TransferNeed, RulesHoldFromTheirDayOn) {
  EXPECT_EQ(from_china(known(50'000, 0), "2024-03-22"), TransferNeed::kExempt);
  EXPECT_EQ(from_china(known(50'000, 0), "2024-03-21"), TransferNeed::kUnknown);  // other counts then
  EXPECT_EQ(from_china(known(50'000, 0), "2020-01-01"), TransferNeed::kUnknown);  // no rule at hand
}

TEST(TransferNeed, EuropeAsksWhereItGoes) {
  const Jurisdiction europe = load_jurisdiction(Catalog(), "eea");
  const auto to = [&](const char* country, std::optional<bool> covered = {}) {
    Transfer transfer = known(5, 0);
    transfer.to = country;
    transfer.recipient_covered = covered;
    return transfer_need(europe, transfer, kDay);
  };
  EXPECT_EQ(to("DE").need, TransferNeed::kExempt);
  EXPECT_EQ(to("JP").need, TransferNeed::kExempt);
  EXPECT_EQ(to("CN").need, TransferNeed::kContract);
  EXPECT_EQ(to("SG").need, TransferNeed::kContract);
  EXPECT_EQ(to("US", true).need, TransferNeed::kExempt);
  EXPECT_EQ(to("US", false).need, TransferNeed::kContract);
  EXPECT_EQ(to("US").undecided_by, std::vector<std::string>{"recipient_covered"});
}

TEST(TransferNeed, SaysWhoseRulesThereAre) {
  try {
    (void)load_jurisdiction(Catalog(), "mars");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("no rules of \"mars\" on data that leaves. It has those of cn, eu"),
              std::string::npos)
        << error.what();
  }
}

TEST(TransferNeed, ARuleOfOnesOwnIsReadWithCare) {
  const Catalog own({{"transfer/xx.toml",
                      "name = \"X\"\ncode = \"XX\"\n[[rule]]\nid = \"X-1\"\neffective = \"2026-01-01\"\n"
                      "instrument = \"i\"\ntest = \"t\"\nneed = \"permit\"\nground = [\"luck\"]\nsource = \"s\"\n",
                      "own/transfer/xx.toml"}});
  try {
    (void)load_jurisdiction(own, "xx");
    FAIL();
  } catch (const InputError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("own/transfer/xx.toml:8"), std::string::npos) << message;
    EXPECT_NE(message.find("exempt, contract, assessment"), std::string::npos) << message;
    EXPECT_NE(message.find("\"luck\" is none"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace socle::catalog
