#include "socle/answer/validate/validate_serving.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/validate/predict_serving.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"

namespace socle::answer {
namespace {

using Prediction = std::optional<ServingPrediction>;

struct CaseResult {
  ServingCase c;
  std::string engine;  ///< the catalogue's line
  Prediction prediction, without_chip, without_engine;
};

double tokens_per_s(const ServingCase& c, double ttft_ms, double tpot_ms) {
  return 1e3 * c.concurrency * c.output / (ttft_ms + (c.output - 1.0) * tpot_ms);
}

ValidationRow row_of(const CaseResult& result, const char* metric, std::optional<double> measured) {
  ValidationRow row;
  row.id = result.c.id;
  row.source = result.c.source;
  row.chip = result.c.chip;
  row.stack = result.engine;
  row.metric = metric;
  row.chips = result.c.served.layout.chips();
  row.reason = result.c.unsupported;
  row.measured = measured;
  return row;
}

ValidationRow ttft_row(const CaseResult& result, const Prediction& p) {
  ValidationRow row = row_of(result, "ttft_ms", result.c.ttft_ms);
  if (!p) return row;
  row.predicted = true;
  row.value = p->ttft.value() * 1e3;
  row.low = row.value * p->timing.ttft.low;
  row.high = row.value * p->timing.ttft.high;
  return row;
}

ValidationRow tpot_row(const CaseResult& result, const Prediction& p) {
  ValidationRow row = row_of(result, "tpot_ms", result.c.tpot_ms);
  if (!p) return row;
  row.predicted = true;
  row.value = p->tpot.value() * 1e3;
  row.low = row.value * p->timing.tpot.low;
  row.high = row.value * p->timing.tpot.high;
  return row;
}

ValidationRow throughput_row(const CaseResult& result, const Prediction& p) {
  const ServingCase& c = result.c;
  std::optional<double> measured;
  if (c.ttft_ms && c.tpot_ms) measured = tokens_per_s(c, *c.ttft_ms, *c.tpot_ms);
  ValidationRow row = row_of(result, "output_tok_s", measured);
  if (!p) return row;
  const ValidationRow ttft = ttft_row(result, p), tpot = tpot_row(result, p);
  row.predicted = true;
  row.value = tokens_per_s(c, ttft.value, tpot.value);
  row.low = tokens_per_s(c, ttft.high, tpot.high);
  row.high = tokens_per_s(c, ttft.low, tpot.low);
  return row;
}

std::vector<CaseResult> predict_all(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads,
                                    Progress* progress) {
  const ServingPredictor predictor(catalog);
  std::vector<CaseResult> results(cases.rows());
  std::vector<std::vector<Problem>> problems(cases.rows());
  if (progress) progress->begin("predicting cases", cases.rows());
  parallel_for(
      cases.rows(), threads,
      [&](std::size_t i) {
        try {
          CaseResult& result = results[i];
          result.c = read_serving_case(catalog, cases, i);
          if (!result.c.unsupported.empty()) return;
          result.engine = predictor.engine_of(result.c).slug;
          const auto prediction = predictor.predict(result.c);
          if (!prediction) {
            result.c.unsupported = prediction.why().reason;
            return;
          }
          result.prediction = *prediction;
          const auto held_out = [&](const std::optional<catalog::ServingTiming>& timing) -> Prediction {
            if (!timing) return std::nullopt;
            return *predictor.predict(result.c, *timing);
          };
          result.without_chip = held_out(predictor.timing_without_chip(result.c));
          result.without_engine = held_out(predictor.timing_without_engine(result.c));
        } catch (const InputError& error) { problems[i] = error.problems(); }
      },
      progress);
  Problems bad;
  for (const auto& list : problems) bad.add(list);
  bad.throw_if_any();
  return results;
}

using RowMaker = ValidationRow (*)(const CaseResult&, const Prediction&);

std::vector<ErrorSummary> summarise(const std::vector<CaseResult>& results, RowMaker make,
                                    Prediction CaseResult::*which) {
  std::vector<ValidationRow> rows;
  std::map<std::string, std::string> model_of;
  for (const CaseResult& result : results) {
    if (!(result.*which)) continue;
    rows.push_back(make(result, result.*which));
    model_of[result.c.id] = result.c.served.model.name;
  }
  std::vector<const ValidationRow*> list;
  for (const ValidationRow& row : rows) list.push_back(&row);
  return summarise_rows(list, {{"chip", [](const ValidationRow& row) { return row.chip; }},
                               {"engine", [](const ValidationRow& row) { return row.stack; }},
                               {"model", [&](const ValidationRow& row) { return model_of.at(row.id); }}});
}

/// Output tokens a second and chip of one configuration; of several measurements of it, their mean.
struct Choice {
  double measured = 0, predicted = 0;
  int times = 0;
};

// Groups are alike in model, chip, lengths and concurrency; layouts, formats and engines are what is chosen.
Regret regret_of(const std::vector<CaseResult>& results) {
  std::map<std::string, std::map<std::string, Choice>> groups;
  for (const CaseResult& result : results) {
    const ServingCase& c = result.c;
    if (!result.prediction || !c.ttft_ms || !c.tpot_ms) continue;
    const ValidationRow row = throughput_row(result, result.prediction);
    const workload::ServingLayout& l = c.served.layout;
    const model::ServingFormats& f = c.served.formats;
    Choice& choice = groups[fmt::format(
        "{}, {}, {} in, {} out, {} at once", c.served.model.name, c.chip, c.input, c.output,
        c.concurrency)][fmt::format("{} {} {} {} {} {} {} {}", result.engine, l.tensor_parallel, l.pipeline_parallel,
                                    l.data_parallel, l.expert_parallel, static_cast<int>(f.matrices),
                                    static_cast<int>(f.experts), result.prediction->drafts)];
    choice.measured += *row.measured / row.chips;
    choice.predicted += row.value / row.chips;
    ++choice.times;
  }
  Regret regret;
  for (const auto& [name, choices] : groups) {
    if (choices.size() < 2) continue;
    double best = 0, picked = 0, most = -1;
    for (const auto& [configuration, choice] : choices) {
      const double measured = choice.measured / choice.times, predicted = choice.predicted / choice.times;
      best = std::max(best, measured);
      if (predicted <= most) continue;
      most = predicted;
      picked = measured;
    }
    const double worse = best / picked - 1.0;
    ++regret.groups;
    regret.mean += worse;
    if (worse > regret.worst) {
      regret.worst = worse;
      regret.worst_group = name;
    }
  }
  if (regret.groups > 0) regret.mean /= regret.groups;
  return regret;
}

}  // namespace

ServingValidation validate_serving(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads,
                                   Progress* progress) {
  cases.require_columns({std::begin(kServingColumns), std::end(kServingColumns)});
  const std::vector<CaseResult> results = predict_all(catalog, cases, threads, progress);
  ServingValidation validation;
  for (const CaseResult& result : results) {
    for (const RowMaker make : {ttft_row, tpot_row, throughput_row})
      validation.rows.push_back(make(result, result.prediction));
  }
  validation.ttft = summarise(results, ttft_row, &CaseResult::prediction);
  validation.tpot = summarise(results, tpot_row, &CaseResult::prediction);
  validation.throughput = summarise(results, throughput_row, &CaseResult::prediction);
  validation.ttft_without_chip = summarise(results, ttft_row, &CaseResult::without_chip);
  validation.tpot_without_chip = summarise(results, tpot_row, &CaseResult::without_chip);
  validation.ttft_without_engine = summarise(results, ttft_row, &CaseResult::without_engine);
  validation.tpot_without_engine = summarise(results, tpot_row, &CaseResult::without_engine);
  validation.regret = regret_of(results);
  return validation;
}

}  // namespace socle::answer
