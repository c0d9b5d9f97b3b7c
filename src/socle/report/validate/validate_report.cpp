#include "socle/report/validate/validate_report.hpp"

#include <array>

#include <fmt/format.h>

#include "socle/base/csv.hpp"
#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/validate/error_tables.hpp"
#include "socle/report/validate/left_out_tables.hpp"
#include "socle/report/validate/order_tables.hpp"

namespace socle::report {
namespace {

Json document(const std::string& kind, const std::vector<InputText>& inputs) {
  Json json = Json::object();
  json.set("schema", "socle.validate/1");
  json.set("provenance", provenance("validate " + kind, inputs));
  return json;
}

struct Board {
  const char* key;
  const char* title;
  const std::vector<answer::ErrorSummary>* errors;
};

std::array<Board, 4> boards(const answer::CollectiveValidation& v) {
  return {{{"errors", "Time, or bus bandwidth where no time is stated: predicted / measured - 1", &v.errors},
           {"held_out_size", "The same without the measurement of that size on that curve", &v.without_size},
           {"held_out_ranks", "The same without the curve of that number of ranks", &v.without_ranks},
           {"held_out_chip", "The same without any measurement of the chip: datasheet link and class defaults",
            &v.without_chip}}};
}

std::array<Board, 7> boards(const answer::ServingValidation& v) {
  return {{{"ttft", "Time to first token: predicted / measured - 1", &v.ttft},
           {"tpot", "Time per output token: predicted / measured - 1", &v.tpot},
           {"throughput", "Output tokens a second, derived from both: predicted / measured - 1", &v.throughput},
           {"ttft_without_chip", "Time to first token, with the engine's overheads from its other chips",
            &v.ttft_without_chip},
           {"tpot_without_chip", "Time per output token, likewise", &v.tpot_without_chip},
           {"ttft_without_engine", "Time to first token, with the overheads of other engines on the chip",
            &v.ttft_without_engine},
           {"tpot_without_engine", "Time per output token, likewise", &v.tpot_without_engine}}};
}

}  // namespace

std::string validation_text(const answer::TrainingValidation& validation) {
  const std::vector<const answer::ValidationRow*> steps = answer::rows_of_metric(validation.rows, "step_s");
  const answer::CaseCounts counts = answer::count_cases(steps);
  std::string text = fmt::format("{} cases: {} predicted ({} of them with a measured step time), {} not supported\n",
                                 counts.cases, counts.predicted, counts.compared, validation.unsupported);
  text += reasons_text(steps);
  text +=
      fmt::format("known layouts predicted: {} of {}\n", validation.known_layout_predicted, validation.known_layout);
  text += fmt::format("layouts that ran but are called out of memory: {} of {}\n", validation.wrongly_out_of_memory,
                      counts.predicted);
  text += "\nStep time: predicted / measured - 1\n" + summary_table(validation.step_time);
  const bool has_memory = !validation.memory.empty() && validation.memory.front().cases > 0;
  text += has_memory ? "\nPeak memory: predicted / measured - 1\n" + summary_table(validation.memory)
                     : std::string("\nPeak memory: no case states it\n");
  return text + order_text(validation.orders) + left_out_text(validation.left_out, validation.step_time.front());
}

Json validation_json(const answer::TrainingValidation& validation, const std::vector<InputText>& inputs) {
  const std::vector<const answer::ValidationRow*> steps = answer::rows_of_metric(validation.rows, "step_s");
  const answer::CaseCounts counts = answer::count_cases(steps);
  Json json = document("training", inputs);
  json.set("cases", counts.cases);
  json.set("predicted", counts.predicted);
  json.set("compared", counts.compared);
  json.set("unsupported", validation.unsupported);
  json.set("unsupported_reasons", reasons_json(steps));
  json.set("known_layouts", validation.known_layout);
  json.set("known_layouts_predicted", validation.known_layout_predicted);
  json.set("ran_but_called_out_of_memory", validation.wrongly_out_of_memory);
  json.set("step_time", summary_json(validation.step_time));
  json.set("memory", summary_json(validation.memory));
  json.set("layout_order", order_json(validation.orders));
  json.set("left_out", left_out_json(validation.left_out));
  return json;
}

std::string validation_text(const answer::CollectiveValidation& validation) {
  const answer::CaseCounts counts = answer::count_cases(validation.judged);
  std::string text = fmt::format("{} cases: {} predicted ({} of them with a measurement), {} not supported\n",
                                 counts.cases, counts.predicted, counts.compared, counts.cases - counts.predicted);
  text += reasons_text(validation.judged);
  for (const Board& board : boards(validation)) {
    if (board.errors->front().cases > 0) text += fmt::format("\n{}\n", board.title) + summary_table(*board.errors);
  }
  return text;
}

Json validation_json(const answer::CollectiveValidation& validation, const std::vector<InputText>& inputs) {
  const answer::CaseCounts counts = answer::count_cases(validation.judged);
  Json json = document("collectives", inputs);
  json.set("cases", counts.cases);
  json.set("predicted", counts.predicted);
  json.set("compared", counts.compared);
  json.set("unsupported", counts.cases - counts.predicted);
  json.set("unsupported_reasons", reasons_json(validation.judged));
  for (const Board& board : boards(validation)) json.set(board.key, summary_json(*board.errors));
  return json;
}

std::string validation_text(const answer::ServingValidation& validation) {
  const std::vector<const answer::ValidationRow*> rows = answer::rows_of_metric(validation.rows, "tpot_ms");
  const answer::CaseCounts counts = answer::count_cases(rows);
  std::string text = fmt::format("{} cases: {} predicted ({} of them with a measurement), {} not supported\n",
                                 counts.cases, counts.predicted, counts.compared, counts.cases - counts.predicted);
  text += reasons_text(rows);
  for (const Board& board : boards(validation)) {
    if (board.errors->front().cases > 0) text += fmt::format("\n{}\n", board.title) + summary_table(*board.errors);
  }
  const answer::Regret& regret = validation.regret;
  if (regret.groups > 0) {
    text += fmt::format(
        "\nThe configuration that would be picked, against the best measured, per chip: {:.1f} % worse "
        "on average over\n{} choices; worst {:.0f} %",
        100 * regret.mean, regret.groups, 100 * regret.worst);
    text += regret.worst_group.empty() ? "\n" : fmt::format(" ({})\n", regret.worst_group);
  }
  return text;
}

Json validation_json(const answer::ServingValidation& validation, const std::vector<InputText>& inputs) {
  const std::vector<const answer::ValidationRow*> rows = answer::rows_of_metric(validation.rows, "tpot_ms");
  const answer::CaseCounts counts = answer::count_cases(rows);
  Json json = document("serving", inputs);
  json.set("cases", counts.cases);
  json.set("predicted", counts.predicted);
  json.set("compared", counts.compared);
  json.set("unsupported", counts.cases - counts.predicted);
  json.set("unsupported_reasons", reasons_json(rows));
  for (const Board& board : boards(validation)) json.set(board.key, summary_json(*board.errors));
  Json regret = Json::object();
  regret.set("choices", validation.regret.groups);
  regret.set("mean", validation.regret.mean);
  regret.set("worst", validation.regret.worst);
  regret.set("worst_choice", validation.regret.worst_group);
  json.set("regret", std::move(regret));
  return json;
}

std::string validation_text(const answer::RunValidation& validation) {
  TextTable table({{"run", Align::kLeft},
                   {"metric", Align::kLeft},
                   {"measured", Align::kRight},
                   {"predicted", Align::kRight},
                   {"error", Align::kRight},
                   {"range", Align::kRight}});
  for (const answer::ValidationRow& row : validation.rows) {
    const auto number = [](double value) { return fmt::format("{:.5g}", value); };
    table.add_row({row.id, row.metric, number(*row.measured), row.predicted ? number(row.value) : row.reason,
                   row.predicted ? format_signed_percent(row.value / *row.measured - 1.0) : "-",
                   row.predicted ? fmt::format("{} to {}", number(row.low), number(row.high)) : "-"});
  }
  return "Recorded runs, replayed on their own arrivals\n" + table.str();
}

Json validation_json(const answer::RunValidation& validation, const std::vector<InputText>& inputs) {
  std::vector<const answer::ValidationRow*> rows;
  for (const answer::ValidationRow& row : validation.rows) rows.push_back(&row);
  const answer::CaseCounts counts = answer::count_cases(rows);
  Json json = document("runs", inputs);
  json.set("cases", counts.cases);
  json.set("predicted", counts.predicted);
  json.set("compared", counts.compared);
  json.set("unsupported", counts.cases - counts.predicted);
  json.set("unsupported_reasons", reasons_json(rows));
  return std::move(json.set("errors", summary_json(validation.errors)));
}

std::string validation_rows_csv(const std::vector<answer::ValidationRow>& rows) {
  std::vector<std::vector<std::string>> lines;
  const auto number = [](double value) { return fmt::format("{:.6g}", value); };
  for (const answer::ValidationRow& row : rows) {
    const bool memory = row.predicted && row.memory_gb;
    lines.push_back({row.id, row.metric, row.predicted ? "predicted" : "unsupported", row.reason,
                     row.measured ? number(*row.measured) : "", row.predicted ? number(row.value) : "",
                     row.predicted ? number(row.low) : "", row.predicted ? number(row.high) : "",
                     row.compared() ? number(row.value / *row.measured - 1.0) : "",
                     memory ? number(*row.memory_gb) : "", memory ? (row.fits ? "true" : "false") : ""});
  }
  return write_csv({"id", "metric", "status", "reason", "measured", "predicted", "low", "high", "relative_error",
                    "predicted_memory_gb", "fits"},
                   lines);
}

}  // namespace socle::report
