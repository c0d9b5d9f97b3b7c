#include "socle/answer/validate/fit_stack.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "socle/answer/validate/fitted_stack_text.hpp"
#include "socle/answer/validate/predict_case.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/base/utf8.hpp"
#include "socle/catalog/stack_figures.hpp"
#include "socle/catalog/stacks.hpp"

namespace socle::answer {
namespace {

using catalog::Stack;

constexpr std::size_t kEachAlone = 20;  // runs that are left out one by one; more go in folds
constexpr std::size_t kFolds = 10;
constexpr std::size_t kFewest = 3;  // runs of which one can be left out

InputError refusal(const char* flag, std::string why) {
  return InputError(Problem{{}, 0, 0, flag, fmt::format("{}: {}", flag, why)});
}

bool is_slug(const std::string& name) {
  return !name.empty() && name.size() <= 64 &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }) &&
         name.front() != '.' && name.front() != '-';
}

/// The stack before its runs: facts and priors, and the file that states the facts.
struct Base {
  Stack stack;
  std::string leaned_on;
  std::string file;  ///< without [fitted]
};

std::string stack_file(const catalog::Catalog& catalog, const std::string& slug) {
  return std::string(catalog.text_of("stacks/" + slug + ".toml"));
}

/// "the figures of 3 measured stacks of Megatron Bridge, 21 of its family (megatron-core), 32 in all"
std::string relatives_of(const Stack& stack, const std::vector<Stack>& stacks) {
  int framework = 0, family = 0, all = 0;
  for (const Stack& other : stacks) {
    if (other.runs == 0 || other.slug == stack.slug) continue;
    ++all;
    framework += other.framework == stack.framework;
    family += !stack.family.empty() && other.family == stack.family;
  }
  return fmt::format("measured stacks: {} of its framework ({}), {} of its family ({}), {} in all", framework,
                     stack.framework, family, stack.family.empty() ? "none" : stack.family, all);
}

Base base_of(const catalog::Catalog& catalog, const FitStackQuestion& question, const std::string& source, int year) {
  if (!is_slug(question.name))
    throw refusal("--fit-stack", fmt::format("\"{}\" is no name of a stack; write small letters, digits, - and .",
                                             printable(question.name)));
  const bool exists = catalog.has("stacks/" + question.name + ".toml");
  if (exists && (!question.like.empty() || !question.family.empty()))
    throw refusal(question.like.empty() ? "--family" : "--like",
                  fmt::format("{} is in the catalogue and has facts of its own; leave this out, or choose a new name",
                              question.name));
  if (!question.like.empty() && !question.family.empty())
    throw refusal("--family", "beside --like, whose family the stack has; write one of the two");
  const std::vector<Stack> stacks = catalog::load_stacks(catalog);
  const auto known = [&](const std::string& slug) {
    return *std::find_if(stacks.begin(), stacks.end(), [&](const Stack& stack) { return stack.slug == slug; });
  };
  Base base;
  if (exists) {
    base.stack = known(question.name);
    base.file = stack_file(catalog, question.name);
  } else if (!question.like.empty()) {
    base.stack = known(catalog.slug_of("stacks", question.like));
    base.file = renamed_stack_file(stack_file(catalog, base.stack.slug), question.name, source);
  } else {
    if (!question.family.empty()) base.stack.family = catalog.slug_of("families", question.family);
    base.stack.framework = question.name;
    base.stack.from_year = year;
  }
  base.stack.slug = question.name;
  if (!exists) base.stack.name = question.name;
  if (!exists && question.like.empty()) base.file = plain_stack_file(base.stack, source);
  base.stack = catalog::with_general_priors(std::move(base.stack));
  const catalog::UnseenRange unseen = catalog::load_unseen_ranges(catalog).stack;
  base.stack.range_low = unseen.low;
  base.stack.range_high = unseen.high;
  if (exists || !question.like.empty() || !question.family.empty()) {
    base.stack = catalog::with_figures_of_relatives(std::move(base.stack), stacks, {});
    base.leaned_on = relatives_of(base.stack, stacks);
  } else {
    base.leaned_on =
        "nothing but the priors of a stack of which nothing is known (--like STACK or --family FAMILY "
        "lean on relatives)";
  }
  return base;
}

/// Cases to fit on, and why the others are not.
struct Runs {
  std::vector<FitRun> runs;
  std::vector<ValidationRow> refused;  ///< with reasons
};

// Near copies of one run (the same job, chips and layout) count as the square root of their number.
std::string signature(const CsvTable& cases, std::size_t i) {
  std::string text;
  for (const char* column : {"model_name", "chip", "n_chips", "precision", "tp", "pp", "vpp", "cp", "ep", "dp",
                             "micro_batch", "global_batch_seqs", "seq_len"})
    text += cases.cell(i, column) + "\n";
  return text;
}

Runs usable(const machine::MachineBuilder& machines, const CsvTable& table, const std::vector<TrainingCase>& cases,
            const Stack& stack) {
  Runs runs;
  std::map<std::string, int> copies;
  std::vector<std::string> signatures;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    ValidationRow row;
    row.reason = cases[i].unsupported;
    if (row.reason.empty() && !(cases[i].step_s && *cases[i].step_s > 0)) row.reason = "no measured step time";
    if (row.reason.empty()) {
      try {
        const auto prediction = predict_case(machines, cases[i], stack);
        if (!prediction) row.reason = prediction.why().detail;
      } catch (const InputError& error) { row.reason = error.what(); }
    }
    if (!row.reason.empty()) {
      runs.refused.push_back(std::move(row));
      continue;
    }
    runs.runs.push_back({&cases[i], 1});
    signatures.push_back(signature(table, i));
    ++copies[signatures.back()];
  }
  for (std::size_t i = 0; i < signatures.size(); ++i) runs.runs[i].weight = 1 / std::sqrt(copies.at(signatures[i]));
  return runs;
}

ValidationRow row_of(const TrainingCase& run, const std::optional<FitPrediction>& prediction, const Stack& stack) {
  ValidationRow row = step_row(run);
  row.stack = stack.slug;
  row.predicted = prediction.has_value();
  if (!prediction) return row;
  row.value = prediction->step.value();
  row.low = row.value * stack.range_low;
  row.high = row.value * stack.range_high;
  row.memory_gb = prediction->memory.value() / 1e9;
  return row;
}

std::vector<ValidationRow> rows_on(const machine::MachineBuilder& machines, const std::vector<FitRun>& runs,
                                   const Stack& stack) {
  std::vector<ValidationRow> rows;
  for (const FitRun& fit : runs) rows.push_back(row_of(*fit.run, predict_on(machines, *fit.run, stack), stack));
  return rows;
}

ErrorSummary summary(const std::vector<ValidationRow>& rows) {
  std::vector<const ValidationRow*> all;
  for (const ValidationRow& row : rows) all.push_back(&row);
  return summarise_rows(all, {}).front();
}

/// Figures, error and range of a stack on its runs.
Stack fitted_on(const machine::MachineBuilder& machines, const std::vector<FitRun>& runs, const Stack& prior,
                const catalog::FittedRange& everyone, unsigned threads, Progress* progress) {
  Stack stack = fit_figures(machines, runs, prior, threads, progress);
  std::vector<double> ratios;
  for (const ValidationRow& row : rows_on(machines, runs, stack)) {
    if (row.compared()) ratios.push_back(*row.measured / row.value);
  }
  if (!ratios.empty()) take_range(std::move(ratios), everyone, stack);
  return stack;
}

/// Each run as a fit without its fold predicts it.
std::vector<ValidationRow> left_out(const machine::MachineBuilder& machines, const std::vector<FitRun>& runs,
                                    const Stack& prior, const catalog::FittedRange& everyone, std::size_t folds,
                                    unsigned threads, Progress* progress) {
  std::vector<ValidationRow> rows(runs.size());
  if (progress) progress->begin("fitting without each run", folds);
  parallel_for(
      folds, threads,
      [&](std::size_t fold) {
        std::vector<FitRun> others;
        for (std::size_t i = 0; i < runs.size(); ++i) {
          if (i % folds != fold) others.push_back(runs[i]);
        }
        const Stack stack = fitted_on(machines, others, prior, everyone, 1, progress);
        for (std::size_t i = fold; i < runs.size(); i += folds)
          rows[i] = row_of(*runs[i].run, predict_on(machines, *runs[i].run, stack), stack);
      },
      progress);
  return rows;
}

std::vector<TrainingCase> read_cases(const catalog::Catalog& catalog, const CsvTable& table) {
  table.require_columns({"id", "source", "year", "model_name", "seq_len", "chip", "n_chips", "tp", "pp",
                         "global_batch_seqs", "measured_step_s"});
  std::vector<TrainingCase> cases;
  Problems problems;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    try {
      cases.push_back(read_training_case(catalog, table, i));
    } catch (const InputError& error) { problems.add(error.problems()); }
  }
  problems.throw_if_any();
  return cases;
}

/// What the overlay says of where its figures are from; TOML would end at a quote.
std::string source_text(const std::string& cases) {
  std::string name = printable(cases);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '"' || c == '\\'; }, '_');
  return "facts as stated; figures fitted on the runs of " + name;
}

}  // namespace

StackFit fit_stack(const catalog::Catalog& catalog, const CsvTable& table, const FitStackQuestion& question,
                   Progress* progress) {
  const std::vector<TrainingCase> cases = read_cases(catalog, table);
  int year = 0;
  for (const TrainingCase& c : cases) year = std::max(year, c.year);
  const Base base = base_of(catalog, question, source_text(table.source()), year);
  const machine::MachineBuilder machines(catalog);
  const Runs runs = usable(machines, table, cases, base.stack);
  StackFit fit;
  fit.prior = base.stack;
  fit.leaned_on = base.leaned_on;
  fit.cases = static_cast<int>(cases.size());
  std::vector<const ValidationRow*> refused;
  for (const ValidationRow& row : runs.refused) refused.push_back(&row);
  fit.unused = counted_reasons(refused);
  if (runs.runs.empty()) {
    throw refusal("--cases", fmt::format("none of {} cases can be fitted on{}", cases.size(),
                                         fit.unused.empty() ? std::string() : "; most: " + fit.unused.front().first));
  }
  const catalog::FittedRange everyone = catalog::load_fitted_range(catalog);
  if (progress) progress->begin("fitting the stack", 1);
  fit.fitted = fitted_on(machines, runs.runs, base.stack, everyone, question.threads, progress);
  fit.memory_error = fit_memory(machines, runs.runs, fit.fitted, question.threads, progress);
  for (const catalog::StackFigure& figure : catalog::stack_figures())
    fit.figures.push_back(
        {std::string(figure.name), figure.time, figure.share, figure.get(fit.prior), figure.get(fit.fitted)});
  fit.before = summary(rows_on(machines, runs.runs, fit.prior));
  fit.after = summary(rows_on(machines, runs.runs, fit.fitted));
  if (runs.runs.size() >= kFewest) {
    const std::size_t folds = runs.runs.size() <= kEachAlone ? runs.runs.size() : kFolds;
    fit.folds = static_cast<int>(folds);
    fit.rows = left_out(machines, runs.runs, base.stack, everyone, folds, question.threads, progress);
    fit.left_out = summary(fit.rows);
  }
  fit.overlay = with_fitted_section(
      base.file, fitted_section(fit.fitted, fit.memory_error.has_value(), "by socle validate training --fit-stack"));
  return fit;
}

}  // namespace socle::answer
