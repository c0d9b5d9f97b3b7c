#include "socle/answer/validate/validation_rows.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace socle::answer {
namespace {

// Figures differ from case to case; the reason does not.
std::string without_figures(const std::string& reason) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string text;
  for (std::size_t i = 0; i < reason.size(); ++i) {
    const bool starts_word = i == 0 || reason[i - 1] == ' ';
    std::size_t end = i;
    while (end < reason.size() && is_digit(reason[end])) ++end;
    const bool whole = end > i && starts_word &&
                       (end == reason.size() || reason[end] == ' ' || reason[end] == ',' || reason[end] == '.');
    text += whole ? 'N' : reason[i];
    if (whole) i = end - 1;
  }
  return text;
}

// Requires: every row was compared.
ErrorSummary summarise(std::string group, const std::vector<const ValidationRow*>& rows) {
  ErrorSummary summary;
  summary.group = std::move(group);
  std::vector<double> absolute;
  double covered = 0;
  for (const ValidationRow* row : rows) {
    const double error = row->value / *row->measured - 1.0;
    absolute.push_back(std::fabs(error));
    summary.mean_absolute += std::fabs(error);
    summary.signed_mean += error;
    covered += *row->measured >= row->low && *row->measured <= row->high;
    if (std::fabs(error) > std::fabs(summary.worst)) {
      summary.worst = error;
      summary.worst_id = row->id;
    }
  }
  summary.cases = static_cast<int>(rows.size());
  if (rows.empty()) return summary;
  const double n = static_cast<double>(rows.size());
  summary.mean_absolute /= n;
  summary.signed_mean /= n;
  summary.covered = covered / n;
  std::sort(absolute.begin(), absolute.end());
  const std::size_t half = absolute.size() / 2;
  summary.median_absolute = absolute.size() % 2 == 1 ? absolute[half] : 0.5 * (absolute[half - 1] + absolute[half]);
  return summary;
}

}  // namespace

std::string collection_of(const std::string& id) { return id.substr(0, id.find('-')); }

std::vector<ErrorSummary> summarise_rows(const std::vector<const ValidationRow*>& rows,
                                         const std::vector<RowGrouping>& groupings) {
  std::vector<const ValidationRow*> all;
  for (const ValidationRow* row : rows) {
    if (row->compared()) all.push_back(row);
  }
  std::vector<ErrorSummary> summaries{summarise("all", all)};
  for (const RowGrouping& grouping : groupings) {
    std::map<std::string, std::vector<const ValidationRow*>> groups;
    for (const ValidationRow* row : all) {
      if (std::string name = grouping.name(*row); !name.empty()) groups[std::move(name)].push_back(row);
    }
    for (const auto& [name, members] : groups)
      summaries.push_back(summarise(fmt::format("{} {}", grouping.kind, name), members));
  }
  return summaries;
}

CaseCounts count_cases(const std::vector<const ValidationRow*>& rows) {
  CaseCounts counts;
  for (const ValidationRow* row : rows) {
    ++counts.cases;
    counts.predicted += row->predicted;
    counts.compared += row->compared();
  }
  return counts;
}

std::vector<std::pair<std::string, int>> counted_reasons(const std::vector<const ValidationRow*>& rows) {
  std::map<std::string, int> counts;
  for (const ValidationRow* row : rows) {
    if (!row->predicted) ++counts[without_figures(row->reason)];
  }
  std::vector<std::pair<std::string, int>> list(counts.begin(), counts.end());
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return list;
}

}  // namespace socle::answer
