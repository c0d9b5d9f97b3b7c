#include "socle/api/validate_training.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "socle/api/predict_case.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/catalog/stacks.hpp"

namespace socle::api {
namespace {

std::vector<ValidationRow> rows_of_case(const MachineBuilder& machines, const std::vector<catalog::Stack>& stacks, const TrainingCase& c) {
  ValidationRow row;
  row.id = c.id;
  row.source = c.source;
  row.chip = c.chip;
  row.chips = c.chips;
  row.metric = "step_s";
  row.measured = c.step_s;
  row.reason = c.unsupported;
  if (!row.reason.empty()) return {row};
  try {
    const catalog::Stack stack = case_stack(c, stacks, machines.chip(c.chip));
    row.stack = stack.slug;
    const Feasible<CasePrediction> prediction = predict_case(machines, c, stack);
    if (!prediction) {
      row.reason = prediction.why().detail;
      return {row};
    }
    row.predicted = true;
    row.value = prediction->step.step_time.value();
    row.low = row.value * prediction->range_low;
    row.high = row.value * prediction->range_high;
    row.memory_gb = prediction->step.stages[static_cast<std::size_t>(prediction->step.fullest_stage)].total().value() / 1e9;
    row.fits = prediction->fits;
    if (!c.memory_gb) return {row};
    ValidationRow memory = row;
    memory.metric = "memory_gb";
    memory.measured = c.memory_gb;
    memory.value = row.memory_gb;
    memory.low = row.memory_gb * 0.85;
    memory.high = row.memory_gb * 1.15;
    return {row, memory};
  } catch (const InputError& error) {
    row.reason = error.what();
    return {row};
  }
}

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

std::string scale_of(int chips) {
  if (chips <= 8) return "1-8 chips";
  if (chips <= 64) return "9-64 chips";
  if (chips <= 512) return "65-512 chips";
  return "more than 512 chips";
}

// What stands before the first dash of an id names the collection a row comes from.
std::string collection_of(const std::string& id) { return id.substr(0, id.find('-')); }

std::vector<ErrorSummary> summarise_all(const std::vector<ValidationRow>& rows, std::string_view metric) {
  std::vector<const ValidationRow*> all;
  for (const ValidationRow& row : rows) {
    if (row.predicted && row.metric == metric && row.measured && *row.measured > 0) all.push_back(&row);
  }
  std::vector<ErrorSummary> summaries{summarise("all", all)};
  const auto add_groups = [&](const char* kind, const auto& key) {
    std::map<std::string, std::vector<const ValidationRow*>> groups;
    for (const ValidationRow* row : all) groups[key(*row)].push_back(row);
    for (auto& [name, members] : groups) summaries.push_back(summarise(fmt::format("{} {}", kind, name), members));
  };
  add_groups("source", [](const ValidationRow& row) { return collection_of(row.id); });
  add_groups("chip", [](const ValidationRow& row) { return row.chip; });
  add_groups("stack", [](const ValidationRow& row) { return row.stack; });
  add_groups("scale", [](const ValidationRow& row) { return scale_of(row.chips); });
  return summaries;
}

}  // namespace

TrainingValidation validate_training(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads) {
  cases.require_columns({"id", "source", "year", "model_name", "seq_len", "chip", "n_chips", "tp", "pp", "global_batch_seqs", "measured_step_s"});
  const std::vector<catalog::Stack> stacks = catalog::load_stacks(catalog);
  const MachineBuilder machines(catalog);
  std::vector<std::vector<ValidationRow>> by_case(cases.rows());
  std::vector<std::vector<Problem>> problems(cases.rows());
  std::vector<char> known(cases.rows(), 0);
  parallel_for(cases.rows(), threads, [&](std::size_t i) {
    try {
      const TrainingCase c = read_training_case(catalog, cases, i);
      known[i] = !cases.cell(i, "tp").empty() && !cases.cell(i, "pp").empty();
      by_case[i] = rows_of_case(machines, stacks, c);
    } catch (const InputError& error) {
      problems[i] = error.problems();
    }
  });
  Problems bad;
  for (const auto& list : problems) bad.add(list);
  bad.throw_if_any();

  TrainingValidation result;
  for (std::size_t i = 0; i < by_case.size(); ++i) {
    for (ValidationRow& row : by_case[i]) {
      if (row.metric == "step_s") {
        result.unsupported += !row.predicted;
        result.known_layout += known[i];
        result.known_layout_predicted += known[i] && row.predicted;
        result.wrongly_out_of_memory += row.predicted && !row.fits;
      }
      result.rows.push_back(std::move(row));
    }
  }
  result.step_time = summarise_all(result.rows, "step_s");
  result.memory = summarise_all(result.rows, "memory_gb");
  return result;
}

std::string validation_rows_csv(const TrainingValidation& validation) {
  std::vector<std::vector<std::string>> rows;
  const auto number = [](double value) { return fmt::format("{:.6g}", value); };
  for (const ValidationRow& row : validation.rows) {
    const bool compared = row.predicted && row.measured && *row.measured > 0;
    rows.push_back({row.id, row.metric, row.predicted ? "predicted" : "unsupported", row.reason, row.measured ? number(*row.measured) : "",
                    row.predicted ? number(row.value) : "", row.predicted ? number(row.low) : "", row.predicted ? number(row.high) : "",
                    compared ? number(row.value / *row.measured - 1.0) : "", row.predicted ? number(row.memory_gb) : "",
                    row.predicted ? (row.fits ? "true" : "false") : ""});
  }
  return write_csv({"id", "metric", "status", "reason", "measured", "predicted", "low", "high", "relative_error", "predicted_memory_gb", "fits"}, rows);
}

}  // namespace socle::api
