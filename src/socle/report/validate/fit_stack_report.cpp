#include "socle/report/validate/fit_stack_report.hpp"

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/validate/error_tables.hpp"

namespace socle::report {
namespace {

std::string value_text(const answer::FittedFigure& figure, double value) {
  return figure.time ? format_seconds(Seconds{value}) : fmt::format("{:.3f}", value);
}

std::string figures_table(const answer::StackFit& fit) {
  TextTable table({{"figure"}, {"prior", Align::kRight}, {"fitted", Align::kRight}, {"moved", Align::kRight}});
  for (const answer::FittedFigure& f : fit.figures) {
    const std::string moved = !f.moved()                ? ""
                              : f.share || f.prior <= 0 ? fmt::format("{:+.2f}", f.fitted - f.prior)
                                                        : format_signed_percent(f.fitted / f.prior - 1.0);
    table.add_row({f.name, value_text(f, f.prior), value_text(f, f.fitted), moved});
  }
  return table.str();
}

answer::ErrorSummary named(answer::ErrorSummary summary, const char* name) {
  summary.group = name;
  return summary;
}

std::vector<answer::ErrorSummary> errors_of(const answer::StackFit& fit) {
  return {named(fit.before, "priors alone"), named(fit.after, "fitted"), named(fit.left_out, "left out")};
}

std::string left_out_note(const answer::StackFit& fit) {
  if (fit.folds == 0) return "Fewer than three runs: none can be left out, so the error on runs to come is not known.";
  const std::string how = fit.folds == fit.after.cases
                              ? "each run predicted by a fit without it"
                              : fmt::format("in {} folds, each predicted by a fit without it", fit.folds);
  return fmt::format(
      "left out: {}, with the range that this fit states; it says what to expect of runs to come. fitted: the same "
      "runs that moved the figures, so it flatters.",
      how);
}

}  // namespace

std::string fit_stack_text(const answer::StackFit& fit) {
  const catalog::Stack& stack = fit.fitted;
  std::string text = fmt::format("{}: fitted on {} of {} cases, all taken to have run on it\n", printable(stack.slug),
                                 stack.runs, fit.cases);
  for (const auto& [reason, count] : fit.unused) text += wrap_text(fmt::format("{} x {}", count, reason), 96, 2);
  text += wrap_text(fmt::format("Priors from {}.", fit.leaned_on), 100, 0) + "\n" + figures_table(fit) + "\n" +
          summary_table(errors_of(fit)) + "\n" + wrap_text(left_out_note(fit), 100, 0);
  text += wrap_text(
      fmt::format("Stated range: {:.2f} to {:.2f} of the predicted step time, the errors of these runs drawn towards "
                  "those of all published runs by {} / ({} + 12).",
                  stack.range_low, stack.range_high, stack.runs, stack.runs),
      100, 0);
  text += wrap_text(fit.memory_error ? fmt::format("Memory: allocator overhead {:.2f}, reserve {}, mean error {}.",
                                                   stack.memory_overhead, format_bytes(stack.memory_reserve),
                                                   format_percent(*fit.memory_error))
                                     : std::string("Memory: fewer than four runs state it; overhead and reserve stay."),
                    100, 0);
  return text;
}

Json fit_stack_json(const answer::StackFit& fit, const std::vector<InputText>& inputs) {
  const catalog::Stack& stack = fit.fitted;
  Json document = Json::object({{"schema", "socle.fit-stack/1"},
                                {"provenance", provenance("validate training --fit-stack", inputs)},
                                {"stack", stack.slug},
                                {"cases", fit.cases},
                                {"runs", stack.runs}});
  Json unused = Json::array();
  for (const auto& [reason, count] : fit.unused) unused.push(Json::object({{"reason", reason}, {"cases", count}}));
  document.set("unused_reasons", std::move(unused)).set("leaned_on", fit.leaned_on);
  Json figures = Json::array();
  for (const answer::FittedFigure& f : fit.figures)
    figures.push(Json::object({{"figure", f.name}, {"prior", f.prior}, {"fitted", f.fitted}, {"moved", f.moved()}}));
  document.set("figures", std::move(figures)).set("errors", summary_json(errors_of(fit))).set("folds", fit.folds);
  document.set("error", stack.error).set("range_low", stack.range_low).set("range_high", stack.range_high);
  document.set("memory_error", fit.memory_error ? Json(*fit.memory_error) : Json());
  Json rows = Json::array();
  for (const answer::ValidationRow& row : fit.rows) {
    if (!row.compared()) continue;
    rows.push(Json::object({{"id", row.id},
                            {"measured_s", *row.measured},
                            {"predicted_s", row.value},
                            {"low_s", row.low},
                            {"high_s", row.high}}));
  }
  document.set("left_out", std::move(rows));
  return document.set("overlay", Json::object({{"path", fit.overlay_path()}, {"text", fit.overlay}}));
}

Schema fit_stack_schema() {
  SchemaRows rows{
      {"provenance", "provenance", "Version, command and inputs."},
      {"stack", "string", "The stack, by its slug."},
      {"cases", "integer", "Cases of the file."},
      {"runs", "integer", "Cases of these that the stack was fitted on."},
      {"unused_reasons[]", "object", "Why the others were not, the most frequent reason first."},
      {"unused_reasons[].reason", "string", "The reason; figures in it read N."},
      {"unused_reasons[].cases", "integer", "Cases."},
      {"leaned_on", "string", "Whose figures the priors are."},
      {"figures[]", "object", "The figures of the stack, as under [fitted] of its file."},
      {"figures[].figure", "string", "Its name."},
      {"figures[].prior", "number", "Before the runs; seconds for host_ and step_overhead, otherwise plain."},
      {"figures[].fitted", "number", "After them."},
      {"figures[].moved", "boolean", "The runs moved it."},
      {"errors[]", "errors",
       "With the priors alone, fitted, and left out; left out is absent with fewer than three runs."},
      {"folds", "integer", "Parts in which runs were left out: as many as runs, or ten; 0: none could be."},
      {"error", "number", "Mean absolute error over the runs fitted on, a fraction."},
      {"range_low", "number", "Lower end of measured / predicted that the stack states, 90 %."},
      {"range_high", "number", "Upper end."},
      {"memory_error", "number|null", "Mean absolute error of memory after its fit; null: fewer than four state it."},
      {"left_out[]", "object", "Each run as a fit without it predicts it."},
      {"left_out[].id", "string", "Id of the case."},
      {"left_out[].measured_s", "number", "Seconds of a step, measured."},
      {"left_out[].predicted_s", "number", "Predicted."},
      {"left_out[].low_s", "number", "Lower end of its range."},
      {"left_out[].high_s", "number", "Upper end of its range."},
      {"overlay", "object", "The stack's file for --catalog DIR."},
      {"overlay.path", "string", "Its path below DIR."},
      {"overlay.text", "string", "What it holds."}};
  return {"socle.fit-stack/1",
          "A software stack fitted on a user's own runs: `socle validate training --fit-stack`.",
          {{"", "", std::move(rows)}},
          {provenance_shape(), errors_shape()}};
}

}  // namespace socle::report
