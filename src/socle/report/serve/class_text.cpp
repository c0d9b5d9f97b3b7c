#include <cmath>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/serve/simulate_words.hpp"

namespace socle::report {

std::string milliseconds(Seconds time) {
  const double ms = time.value() * 1e3;
  return ms < 1e4 ? fmt::format("{:.4g}", ms) : format_whole(std::llround(ms));
}

std::string objective_words(const answer::Objectives& objectives) {
  std::string text;
  const auto add = [&](const char* name, const std::optional<Seconds>& limit) {
    if (limit) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, format_seconds(*limit));
  };
  add("TTFT", objectives.ttft);
  add("TPOT", objectives.tpot);
  add("E2E", objectives.e2e);
  return text;
}

std::string class_table(const answer::ServeResult& result) {
  const std::vector<setup::RequestClass>& classes = result.setup.requests.classes;
  if (classes.empty()) return {};
  const bool priority = result.setup.order_name == "priority", fair = result.setup.order_name == "fair";
  std::vector<TextColumn> columns{{"class", Align::kLeft}};
  if (priority || fair) columns.push_back({priority ? "priority" : "weight", Align::kRight});
  for (const char* name : {"requests", "TTFT ms", "p99", "TPOT ms", "p99", "output tok/s"})
    columns.push_back({name, Align::kRight});
  const bool rejects = result.figures.rejected > 0;
  if (rejects) columns.push_back({"rejected", Align::kRight});
  const bool objectives = result.objectives.any();
  if (objectives) {
    columns.push_back({"kept", Align::kRight});
    columns.push_back({"wanted", Align::kRight});
    columns.push_back({"goodput/s", Align::kRight});
  }
  TextTable table(std::move(columns));
  std::string held;
  for (std::size_t i = 0; i < std::min(classes.size(), result.figures.classes.size()); ++i) {
    const answer::ClassFigures& f = result.figures.classes[i];
    std::vector<std::string> cells{printable(classes[i].name, 24)};
    if (priority || fair) cells.push_back(std::to_string(priority ? classes[i].priority : classes[i].weight));
    cells.push_back(format_whole(f.requests));
    for (const Seconds time : {f.ttft.mean, f.ttft.p99, f.tpot.mean, f.tpot.p99}) cells.push_back(milliseconds(time));
    cells.push_back(fmt::format("{:.5g}", result.figures.per_second(f.output_tokens)));
    if (rejects) cells.push_back(format_whole(f.rejected));
    if (objectives) {
      const answer::Objectives& own = result.objectives.classes[i];
      cells.push_back(own.any() ? format_percent(f.share_met) : "");
      cells.push_back(own.any() ? format_percent(own.share) : "");
      cells.push_back(fmt::format("{:.4g}", result.figures.per_second(f.share_met * static_cast<double>(f.requests))));
      if (own.any())
        held += fmt::format("{}{}: {}", held.empty() ? "" : "; ", printable(classes[i].name, 24), objective_words(own));
    }
    table.add_row(std::move(cells));
  }
  return "\n" + table.str() + (held.empty() ? "" : "held to: " + held + "\n");
}

}  // namespace socle::report
