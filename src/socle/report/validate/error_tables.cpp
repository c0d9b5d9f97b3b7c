#include "socle/report/validate/error_tables.hpp"

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::report {
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
    table.add_row({s.group, std::to_string(s.cases), format_percent(s.mean_absolute), format_percent(s.median_absolute),
                   format_signed_percent(s.signed_mean), format_percent(s.covered), format_signed_percent(s.worst),
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
