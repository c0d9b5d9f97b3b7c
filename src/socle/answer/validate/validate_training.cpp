#include "socle/answer/validate/validate_training.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/answer/validate/predict_case.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/catalog/stacks.hpp"

namespace socle::answer {
namespace {

std::vector<ValidationRow> rows_of_case(const machine::MachineBuilder& machines,
                                        const std::vector<catalog::Stack>& stacks, const TrainingCase& c) {
  ValidationRow row = step_row(c);
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
    row.memory_gb =
        prediction->step.stages[static_cast<std::size_t>(prediction->step.fullest_stage)].total().value() / 1e9;
    row.fits = prediction->fits;
    if (!c.memory_gb) return {row};
    ValidationRow memory = row;
    memory.metric = "memory_gb";
    memory.measured = c.memory_gb;
    memory.value = *row.memory_gb;
    memory.low = *row.memory_gb * 0.85;
    memory.high = *row.memory_gb * 1.15;
    return {row, memory};
  } catch (const InputError& error) {
    row.reason = error.what();
    return {row};
  }
}

/// What runs of one job share: everything but the layout, the framework and how it was told to save memory.
std::string job_of(const CsvTable& cases, std::size_t i) {
  const auto cell = [&](const char* column) { return cases.cell(i, column); };
  return fmt::format("{} {}, {} x {}, sequence {}, batch {}, {}", collection_of(cell("id")), cell("model_name"),
                     cell("n_chips"), cell("chip"), cell("seq_len"), cell("global_batch_seqs"), cell("precision"));
}

std::string scale_of(int chips) {
  if (chips <= 8) return "1-8 chips";
  if (chips <= 64) return "9-64 chips";
  if (chips <= 512) return "65-512 chips";
  return "more than 512 chips";
}

std::vector<ErrorSummary> summarise_all(const std::vector<ValidationRow>& rows, std::string_view metric) {
  return summarise_rows(rows_of_metric(rows, metric),
                        {{"source", [](const ValidationRow& row) { return collection_of(row.id); }},
                         {"chip", [](const ValidationRow& row) { return row.chip; }},
                         {"stack", [](const ValidationRow& row) { return row.stack; }},
                         {"scale", [](const ValidationRow& row) { return scale_of(row.chips); }}});
}

}  // namespace

TrainingValidation validate_training(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads,
                                     Progress* progress) {
  cases.require_columns({"id", "source", "year", "model_name", "seq_len", "chip", "n_chips", "tp", "pp",
                         "global_batch_seqs", "measured_step_s"});
  const std::vector<catalog::Stack> stacks = catalog::load_stacks(catalog);
  const machine::MachineBuilder machines(catalog);
  std::vector<std::vector<ValidationRow>> by_case(cases.rows());
  std::vector<std::vector<Problem>> problems(cases.rows());
  std::vector<char> known(cases.rows(), 0);
  std::vector<TrainingCase> read(cases.rows());
  if (progress) progress->begin("predicting cases", cases.rows());
  parallel_for(
      cases.rows(), threads,
      [&](std::size_t i) {
        try {
          read[i] = read_training_case(catalog, cases, i);
          known[i] = !cases.cell(i, "tp").empty() && !cases.cell(i, "pp").empty();
          by_case[i] = rows_of_case(machines, stacks, read[i]);
          by_case[i].front().job = job_of(cases, i);
        } catch (const InputError& error) { problems[i] = error.problems(); }
      },
      progress);
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
  result.orders = job_orders(result.rows);
  result.left_out = leave_out(machines, stacks, read, rows_of_metric(result.rows, "step_s"), threads, progress);
  return result;
}

std::vector<const ValidationRow*> rows_of_metric(const std::vector<ValidationRow>& rows, std::string_view metric) {
  std::vector<const ValidationRow*> found;
  for (const ValidationRow& row : rows) {
    if (row.metric == metric) found.push_back(&row);
  }
  return found;
}

}  // namespace socle::answer
