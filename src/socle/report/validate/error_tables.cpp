#include "socle/report/validate/error_tables.hpp"

#include <fmt/format.h>

#include "socle/base/text_table.hpp"

namespace socle::report {
namespace {

std::string signed_percent(double fraction) { return fmt::format("{:+.1f} %", fraction * 100.0); }
std::string percent(double fraction) { return fmt::format("{:.1f} %", fraction * 100.0); }

}  // namespace

std::string reasons_text(const std::vector<const answer::ValidationRow*>& rows) {
  std::string text;
  for (const auto& [reason, count] : answer::counted_reasons(rows))
    text += wrap_text(fmt::format("{} x {}", count, reason), 96, 2);
  return text;
}

Json reasons_json(const std::vector<const answer::ValidationRow*>& rows) {
  Json list = Json::array();
  for (const auto& [reason, count] : answer::counted_reasons(rows))
    list.push(Json::object({{"reason", reason}, {"cases", count}}));
  return list;
}

std::string summary_table(const std::vector<answer::ErrorSummary>& summaries) {
  TextTable table({{"group"},
                   {"cases", Align::kRight},
                   {"mean abs", Align::kRight},
                   {"median", Align::kRight},
                   {"signed", Align::kRight},
                   {"in range", Align::kRight},
                   {"worst", Align::kRight},
                   {"worst case"}});
  for (const answer::ErrorSummary& s : summaries) {
    if (s.cases == 0) continue;
    table.add_row({s.group, std::to_string(s.cases), percent(s.mean_absolute), percent(s.median_absolute),
                   signed_percent(s.signed_mean), fmt::format("{:.0f} %", s.covered * 100.0), signed_percent(s.worst),
                   s.worst_id});
  }
  return table.str();
}

Json summary_json(const std::vector<answer::ErrorSummary>& summaries) {
  Json list = Json::array();
  for (const answer::ErrorSummary& s : summaries) {
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

}  // namespace socle::report
