#include "socle/api/validate_report.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/provenance.hpp"

namespace socle::api {
namespace {

std::string signed_percent(double fraction) { return fmt::format("{:+.1f} %", fraction * 100.0); }
std::string percent(double fraction) { return fmt::format("{:.1f} %", fraction * 100.0); }

// Figures differ from case to case; the reason does not.
std::string without_figures(const std::string& reason) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string text;
  for (std::size_t i = 0; i < reason.size(); ++i) {
    const bool starts_word = i == 0 || reason[i - 1] == ' ';
    std::size_t end = i;
    while (end < reason.size() && is_digit(reason[end])) ++end;
    const bool whole = end > i && starts_word && (end == reason.size() || reason[end] == ' ' || reason[end] == ',' || reason[end] == '.');
    text += whole ? 'N' : reason[i];
    if (whole) i = end - 1;
  }
  return text;
}

// Reasons, most frequent first; ties by text.
std::vector<std::pair<std::string, int>> counted_reasons(const TrainingValidation& validation) {
  std::map<std::string, int> counts;
  for (const ValidationRow& row : validation.rows) {
    if (row.metric == "step_s" && !row.predicted) ++counts[without_figures(row.reason)];
  }
  std::vector<std::pair<std::string, int>> list(counts.begin(), counts.end());
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return list;
}

struct CaseCounts {
  int cases = 0, predicted = 0, compared = 0;
};

CaseCounts count_cases(const TrainingValidation& validation) {
  CaseCounts counts;
  for (const ValidationRow& row : validation.rows) {
    if (row.metric != "step_s") continue;
    ++counts.cases;
    counts.predicted += row.predicted;
    counts.compared += row.predicted && row.measured && *row.measured > 0;
  }
  return counts;
}

std::string summary_table(const std::vector<ErrorSummary>& summaries) {
  TextTable table({{"group"}, {"cases", Align::kRight}, {"mean abs", Align::kRight}, {"median", Align::kRight},
                   {"signed", Align::kRight}, {"in range", Align::kRight}, {"worst", Align::kRight}, {"worst case"}});
  for (const ErrorSummary& s : summaries) {
    if (s.cases == 0) continue;
    table.add_row({s.group, std::to_string(s.cases), percent(s.mean_absolute), percent(s.median_absolute), signed_percent(s.signed_mean),
                   fmt::format("{:.0f} %", s.covered * 100.0), signed_percent(s.worst), s.worst_id});
  }
  return table.str();
}

Json json_of(const std::vector<ErrorSummary>& summaries) {
  Json list = Json::array();
  for (const ErrorSummary& s : summaries) {
    if (s.cases == 0) continue;
    Json entry = Json::object();
    entry.set("group", s.group);
    entry.set("cases", s.cases);
    entry.set("mean_absolute_error", s.mean_absolute);
    entry.set("median_absolute_error", s.median_absolute);
    entry.set("signed_error", s.signed_mean);
    entry.set("share_inside_range", s.covered);
    entry.set("worst_error", s.worst);
    entry.set("worst_case", s.worst_id);
    list.push(std::move(entry));
  }
  return list;
}

std::string validation_json(const TrainingValidation& validation, const ValidationRequest& request) {
  const CaseCounts counts = count_cases(validation);
  Json json = Json::object();
  json.set("schema", "socle.validate/1");
  json.set("provenance", report::provenance("validate training", {{request.source_name, request.csv}}));
  json.set("cases", counts.cases);
  json.set("predicted", counts.predicted);
  json.set("compared", counts.compared);
  json.set("unsupported", validation.unsupported);
  Json reasons = Json::array();
  for (const auto& [reason, count] : counted_reasons(validation)) {
    reasons.push(Json::object({{"reason", reason}, {"cases", count}}));
  }
  json.set("unsupported_reasons", std::move(reasons));
  json.set("known_layouts", validation.known_layout);
  json.set("known_layouts_predicted", validation.known_layout_predicted);
  json.set("ran_but_called_out_of_memory", validation.wrongly_out_of_memory);
  json.set("step_time", json_of(validation.step_time));
  json.set("memory", json_of(validation.memory));
  return json.dump() + "\n";
}

}  // namespace

std::string validation_text(const TrainingValidation& validation) {
  const CaseCounts counts = count_cases(validation);
  std::string text = fmt::format("{} cases: {} predicted ({} of them with a measured step time), {} not supported\n", counts.cases,
                                 counts.predicted, counts.compared, validation.unsupported);
  for (const auto& [reason, count] : counted_reasons(validation)) {
    text += wrap_text(fmt::format("{} x {}", count, reason), 96, 2);
  }
  text += fmt::format("known layouts predicted: {} of {}\n", validation.known_layout_predicted, validation.known_layout);
  text += fmt::format("layouts that ran but are called out of memory: {} of {}\n", validation.wrongly_out_of_memory, counts.predicted);
  text += "\nStep time: predicted / measured - 1\n" + summary_table(validation.step_time);
  const bool has_memory = !validation.memory.empty() && validation.memory.front().cases > 0;
  text += has_memory ? "\nPeak memory: predicted / measured - 1\n" + summary_table(validation.memory)
                     : std::string("\nPeak memory: no case states it\n");
  return text;
}

void check_validation_kind(std::string_view kind) {
  if (kind != "training") throw InputError(Problem{{}, 0, 0, {}, "socle validate knows: training"});
}

ValidationAnswer validate(const catalog::Catalog& catalog, const ValidationRequest& request) {
  check_validation_kind(request.kind);
  const TrainingValidation validation = validate_training(catalog, parse_csv(request.csv, request.source_name), request.threads);
  return {request.json ? validation_json(validation, request) : validation_text(validation), validation_rows_csv(validation)};
}

}  // namespace socle::api
