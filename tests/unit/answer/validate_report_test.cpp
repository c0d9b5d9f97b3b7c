#include "socle/api/validate.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/utf8.hpp"

namespace socle::answer {
namespace {

constexpr const char* kCases =
    "id,source,year,model_name,seq_len,chip,n_chips,tp,pp,global_batch_seqs,measured_step_s,measured_mem_gb\n"
    "a-1,somewhere,2024,Llama 3 8B,8192,h100-sxm,8,2,1,128,20.0,60\n"
    "a-2,somewhere,2024,Llama 3 8B,8192,h100-sxm,16,2,1,128,10.0,\n"
    "b-1,elsewhere,2024,Llama 3 8B,8192,h100-sxm,8,,,128,20.0,\n";

struct Shown {
  std::string text, rows_csv;
};

Shown answer(bool json, unsigned threads = 1) {
  const api::ValidationAnswer answer = api::validate(
      catalog::Catalog(), {.kind = "training", .csv = kCases, .source_name = "cases.csv", .threads = threads});
  return {json ? api::json(answer) : api::text(answer), api::rows_csv(answer)};
}

TEST(ValidateReport, CountsEveryCaseAndNamesWhyOneIsNotPredicted) {
  const std::string text = answer(false).text;
  EXPECT_TRUE(text.starts_with("3 cases: 2 predicted (2 of them with a measured step time), 1 not supported\n"))
      << text;
  EXPECT_NE(text.find("1 x layout not stated"), std::string::npos) << text;
  EXPECT_NE(text.find("known layouts predicted: 2 of 2\n"), std::string::npos) << text;
}

TEST(ValidateReport, TablesFitAHundredColumns) {
  const std::string text = answer(false).text;
  for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
    end = std::min(text.find('\n', at), text.size());
    EXPECT_LE(display_width(std::string_view(text).substr(at, end - at)), 100);
  }
}

TEST(ValidateReport, JsonIsTheSameForAnyNumberOfThreadsAndCarriesProvenance) {
  const std::string text = answer(true).text;
  EXPECT_EQ(text, answer(true, 2).text);
  EXPECT_EQ(text, answer(true, 7).text);
  const Json json = parse_json(text, "answer");
  EXPECT_EQ(json.find("schema")->as_string(), "socle.validate/1");
  EXPECT_EQ(json.find("provenance")->find("inputs")->as_array().front().find("name")->as_string(), "cases.csv");
  EXPECT_EQ(json.find("step_time")->as_array().front().find("cases")->as_int(), 2);
}

TEST(ValidateReport, WritesARowForEveryCaseAndMetric) {
  // Three step times, one of which also has a memory figure.
  const std::string csv = answer(false).rows_csv;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 3 + 1);
}

TEST(ValidateReport, AnUnknownKindIsRefusedWithTheKindsThatExist) {
  try {
    api::check_validation_kind("speed");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "socle validate knows: training, collectives, serving, runs");
  }
}

}  // namespace
}  // namespace socle::answer
