#include <algorithm>

#include <fmt/format.h>

#include "socle/base/csv.hpp"
#include "socle/report/serve/simulate_report.hpp"

namespace socle::report {

std::string requests_csv(const answer::ServeResult& result) {
  std::vector<serve::RequestRow> rows = result.rows;
  std::sort(rows.begin(), rows.end(),
            [](const serve::RequestRow& a, const serve::RequestRow& b) { return a.id < b.id; });
  const std::vector<setup::RequestClass>& classes = result.setup.requests.classes;
  const auto seconds = [](serve::Picoseconds time) { return net::to_seconds(time).value(); };
  const auto number = [](double value) { return fmt::format("{:.9g}", value); };
  std::vector<std::vector<std::string>> lines;
  for (const serve::RequestRow& row : rows) {
    const serve::Outcome& o = row.outcome;
    const auto index = static_cast<std::size_t>(row.service_class);
    const std::string name = index < classes.size() ? classes[index].name : "";
    if (row.turned_away) {
      const char* why = *row.turned_away == serve::Refusal::kTooLong ? "too-long" : "queue-full";
      lines.push_back({std::to_string(row.id), number(seconds(o.arrival)), std::to_string(row.input),
                       std::to_string(row.output), "", "", "", "", "", name, why});
      continue;
    }
    const double edge = result.deployment.timing.edge.of(row.input).value();
    const double ttft = seconds(o.first_token - o.arrival) + edge, e2e = seconds(o.last_token - o.arrival) + edge;
    const double decode = seconds(o.last_token - o.first_token);
    lines.push_back({std::to_string(row.id), number(seconds(o.arrival)), std::to_string(row.input),
                     std::to_string(row.output), std::to_string(o.cached), number(ttft),
                     row.output > 1 ? number(decode / (row.output - 1)) : "", number(e2e),
                     std::to_string(o.preemptions), name, "served"});
  }
  return write_csv({"id", "arrival_s", "input_tokens", "output_tokens", "cached_tokens", "ttft_s", "tpot_s", "e2e_s",
                    "preemptions", "class", "outcome"},
                   lines);
}

}  // namespace socle::report
