#include <algorithm>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_scale.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/report/train/figure_rows.hpp"
#include "socle/report/train/flow_report.hpp"
#include "socle/report/train/slice_places.hpp"
#include "socle/report/train/train_report.hpp"
#include "socle/report/train/waterfall_text.hpp"
#include "socle/workload/layout_text.hpp"

namespace socle::report {
namespace {

constexpr int kWidth = 100;

std::string head_text(const answer::TrainCase& run) {
  std::string text =
      wrap_text(fmt::format("{} on {} ({} chips), {}, sequence {}, global batch {}{}", run.model.name, run.cluster.name,
                            run.cluster.chips, run.precision, run.job.sequence_length, run.job.global_batch,
                            run.job.lora ? fmt::format(", LoRA rank {}", run.job.lora_rank) : ""),
                kWidth, 0);
  text += model_line(run.model) + "\n";
  text += wrap_text(
      fmt::format("layout: {}; {} microbatches", workload::layout_text(run.layout), run.step.microbatches), kWidth, 0);
  if (run.machine.spec().slice) text += wrap_text(slice_places_text(run), kWidth, 0);
  text += wrap_text(
      fmt::format("stack: {}", run.stacks ? search::stack_sentence(*run.stacks) : run.machine.stack().name), kWidth, 0);
  return text;
}

std::string figures_text(const answer::TrainFigures& figures) {
  TextTable table(
      {{"figure"}, {"value", Align::kRight}, {"low", Align::kRight}, {"high", Align::kRight}, {"rests on"}});
  for (const FigureRow& row : figure_rows(figures)) {
    const bool exact = row.value.low == row.value.high;
    table.add_row({row.label, row.text.value, exact ? "" : row.text.low, exact ? "" : row.text.high, row.basis});
  }
  return table.str();
}

std::string basis_text(const answer::TrainCase& run) {
  const catalog::Stack& stack = run.machine.stack();
  const catalog::ChipCalibration& calibration = run.machine.spec().calibration;
  std::string text =
      fmt::format("{} of the device time rests on measured kernel tables. ", format_percent(run.step.measured_share));
  text += run.stacks && run.stacks->stacks.size() > 1
              ? fmt::format("No stack is stated: the range covers all {} plausible and the 90 % range of each. ",
                            run.stacks->stacks.size())
          : stack.runs > 0
              ? fmt::format("The stack was fitted on {} measured runs: mean error {}, range from the residuals. ",
                            stack.runs, format_percent(stack.error))
              : std::string(
                    "No measured run stands behind the stack: its figures are its relatives', and its range comes from "
                    "the errors of stacks that were left out. ");
  text += calibration.runs > 0 ? fmt::format("The chip was calibrated on {} runs.", calibration.runs)
                               : std::string("The chip was never calibrated on whole runs.");
  text = wrap_text(text, kWidth, 0);
  text += wrap_text(
      "FLOPs of MFU: 6N + attention, causal attention counted as half of the square or in full; HFU adds recompute.",
      kWidth, 0);
  if (run.cluster.rated_power > Watts{})
    text += wrap_text(fmt::format("Power: {}, rated and independent of the load.", run.cluster.power_basis), kWidth, 0);
  if (run.cluster.price)
    text += wrap_text(
        fmt::format("Hardware of the run: {}; energy, space and staff are not in it.", run.cluster.price_basis), kWidth,
        0);
  return text;
}

constexpr std::size_t kStagesShown = 3;  // at each end of a long pipeline, and the fullest

// Stages in order; runs of stages with equal figures share a line.
std::string memory_text(const answer::TrainCase& run) {
  TextTable table({{"stage"},
                   {"weights", Align::kRight},
                   {"gradients", Align::kRight},
                   {"optimizer", Align::kRight},
                   {"activations", Align::kRight},
                   {"buffers", Align::kRight},
                   {"total", Align::kRight},
                   {"headroom", Align::kRight}});
  using memory::StageMemory;
  const Bytes have = run.machine.memory();
  const auto& stages = run.step.stages;
  const auto unit = [&](auto part) { return memory_column_unit(stages, part); };
  const auto weights = unit(&StageMemory::weights), gradients = unit(&StageMemory::gradients),
             optimizer = unit(&StageMemory::optimizer), activations = unit(&StageMemory::activations),
             buffers = unit(&StageMemory::buffers), total = unit(&StageMemory::total);
  const auto cells = [&](const StageMemory& m) {
    return std::vector<std::string>{weights.text(m.weights),
                                    gradients.text(m.gradients),
                                    optimizer.text(m.optimizer),
                                    activations.text(m.activations),
                                    buffers.text(m.buffers),
                                    total.text(m.total()),
                                    format_percent(1.0 - m.total() / have)};
  };
  int skipped = 0;
  for (std::size_t from = 0, to; from < stages.size(); from = to) {
    for (to = from + 1; to < stages.size() && cells(stages[to]) == cells(stages[from]);) ++to;
    const std::size_t fullest = static_cast<std::size_t>(run.step.fullest_stage);
    const bool inner = from >= kStagesShown && to + kStagesShown <= stages.size() && (fullest < from || fullest >= to);
    if (inner && stages.size() > 3 * kStagesShown) {
      if (skipped++ == 0) table.add_row({"..", "", "", "", "", "", "", ""});
      continue;
    }
    std::vector<std::string> row{to == from + 1 ? fmt::format("{}", from) : fmt::format("{}-{}", from, to - 1)};
    const auto values = cells(stages[from]);
    row.insert(row.end(), values.begin(), values.end());
    table.add_row(row);
  }
  std::string text =
      fmt::format("Memory of one chip of each stage, at its peak (chip: {}; error of the model about {:.0f} %)\n{}",
                  format_bytes_binary(have), train::kMemoryError * 100.0, table.str());
  if (stages[static_cast<std::size_t>(run.step.fullest_stage)].total() > have) {
    text +=
        wrap_text("Warning: the fullest stage exceeds the chip, by less than the model's error: it may or may not run.",
                  kWidth, 0);
  }
  return text;
}

std::string search_text(const answer::SearchOutcome& search) {
  const search::SearchCounts& counts = search.counts;
  std::string text = fmt::format(
      "Search: {} layouts considered; {} do not divide, {} do not fit in memory, {} cut by a bound, {} estimated, {} "
      "replayed. ",
      format_whole(counts.considered), format_whole(counts.cut_divisibility), format_whole(counts.cut_memory),
      format_whole(counts.cut_bound), format_whole(counts.estimated), format_whole(counts.replayed));
  text += search.proven ? "Nothing in the space beats the first (by the closed form)."
                        : "The best is not proven: other layouts may be faster.";
  text = wrap_text(text, kWidth, 0);
  TextTable table({{"rank", Align::kRight},
                   {"step", Align::kRight},
                   {"MFU", Align::kRight},
                   {"memory", Align::kRight},
                   {"layout"}});
  const auto fullest = [](const search::RankedLayout& ranked) {
    return ranked.step.stages[static_cast<std::size_t>(ranked.step.fullest_stage)].total();
  };
  const auto time = column_unit(search.best, [](const search::RankedLayout& ranked) { return ranked.step.step_time; });
  const auto memory = memory_column_unit(search.best, fullest);
  for (std::size_t i = 0; i < search.best.size(); ++i) {
    const train::StepResult& step = search.best[i].step;
    table.add_row({std::to_string(i + 1), time.text(step.step_time), format_percent(step.mfu),
                   memory.text(fullest(search.best[i])), workload::layout_code(search.best[i].layout)});
  }
  return text + table.str();
}

std::string swings_text(const std::vector<answer::Swing>& swings, Seconds step_time) {
  TextTable table({{"assumption"}, {"step from", Align::kRight}, {"to", Align::kRight}, {"swing", Align::kRight}});
  const auto unit = unit_for(step_time);
  for (const answer::Swing& s : swings) {
    table.add_row({s.assumption, unit.text(s.low), unit.text(s.high), format_percent((s.high - s.low) / step_time)});
  }
  return "Which assumptions move the step time most (each moved alone, the layout held)\n" + table.str();
}

std::string sentences_text(const char* heading, const std::vector<std::string>& sentences) {
  if (sentences.empty()) return {};
  std::string text = fmt::format("\n{}\n", heading);
  for (const std::string& sentence : sentences) {
    std::string wrapped = wrap_text(sentence, kWidth, 4);
    wrapped[2] = '-';
    text += wrapped;
  }
  return text;
}

std::string limits_text(const answer::LimitVerdict& limits) {
  std::string text = limits.broken.empty() ? "Limits: none that is judged is broken.\n" : std::string();
  for (const std::string& sentence : limits.broken)
    text += wrap_text(fmt::format("Breaks a limit: {}.", sentence), kWidth, 0);
  for (const std::string& sentence : limits.unjudged)
    text += wrap_text(fmt::format("Limits: {}.", sentence), kWidth, 0);
  return text;
}

}  // namespace

std::string train_text(const answer::TrainResult& result) {
  const answer::TrainCase& run = result.run;
  std::string text = head_text(run) + "\n" + figures_text(result.figures) + "\n";
  if (result.limits) text += limits_text(*result.limits) + "\n";
  text += basis_text(run);
  text += "\n" + memory_text(run) + "\n" + waterfall_text(result.waterfall);
  if (result.search) text += "\n" + search_text(*result.search);
  if (!result.swings.empty()) text += "\n" + swings_text(result.swings, run.step.step_time);
  text += sentences_text("Assumptions", run.assumptions);
  text += sentences_text("Facts that rest on recall or estimate", run.doubts);
  return result.network ? text + flow_text(*result.network) : text;
}

std::string infeasible_text(const Infeasible& why) {
  return wrap_text(fmt::format("Infeasible ({}): {}.", why.reason, why.detail), kWidth, 0) +
         (why.remedy.empty() ? std::string() : wrap_text(fmt::format("Nearest change: {}.", why.remedy), kWidth, 0));
}

}  // namespace socle::report
