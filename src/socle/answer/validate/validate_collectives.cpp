#include "socle/answer/validate/validate_collectives.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/validate/predict_collective.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"

namespace socle::answer {
namespace {

constexpr std::array<HeldOut, 3> kHeldOut = {HeldOut::kSize, HeldOut::kRanks, HeldOut::kChip};
constexpr double kLarge = 1e6;  // bytes; the bar of the error changes there

// A case with its prediction, and with those that do without its own measurement.
struct CaseResult {
  CollectiveCase c;
  std::optional<CollectivePrediction> prediction;
  std::array<std::optional<CollectivePrediction>, kHeldOut.size()> held_out;
};

const char* size_class(double bytes) {
  if (bytes < 65536) return "below 64 KiB";
  if (bytes < kLarge) return "64 KiB to 1 MB";
  return bytes < 16777216 ? "1 to 16 MiB" : "from 16 MiB";
}

ValidationRow empty_row(const CollectiveCase& c) {
  ValidationRow row;
  row.id = c.id;
  row.source = c.source;
  row.chip = c.chip;
  row.chips = c.ranks;
  row.metric = c.time_us ? "time_us" : "busbw_gbs";
  row.measured = c.time_us ? c.time_us : c.busbw_gb_s;
  row.reason = c.unsupported;
  return row;
}

// The judged metric: time where the case states it, else bus bandwidth.
ValidationRow judged_row(const CollectiveCase& c, const CollectivePrediction& p) {
  ValidationRow row = empty_row(c);
  row.predicted = true;
  if (c.time_us) {
    row.value = p.time.value() * 1e6;
    row.low = row.value * p.low;
    row.high = row.value * p.high;
  } else {
    row.value = p.bus_bandwidth.value() / 1e9;
    row.low = row.value / p.high;
    row.high = row.value / p.low;
  }
  return row;
}

// The case states both: its bus bandwidth follows from the time, so it is written but not judged again.
ValidationRow second_row(const CollectiveCase& c, const CollectivePrediction& p) {
  CollectiveCase other = c;
  other.time_us.reset();
  return judged_row(other, p);
}

struct Labels {
  std::string size, collective, group, source;
};

std::vector<ErrorSummary> summarise(const std::vector<const ValidationRow*>& rows, const std::vector<Labels>& labels,
                                    const std::vector<const ValidationRow*>& order) {
  std::map<const ValidationRow*, const Labels*> of;
  for (std::size_t i = 0; i < order.size(); ++i) of[order[i]] = &labels[i];
  return summarise_rows(rows, {{"bytes", [&](const ValidationRow& row) { return of.at(&row)->size; }},
                               {"", [&](const ValidationRow& row) { return of.at(&row)->collective; }},
                               {"group", [&](const ValidationRow& row) { return of.at(&row)->group; }},
                               {"chip", [](const ValidationRow& row) { return row.chip; }},
                               {"source", [&](const ValidationRow& row) { return of.at(&row)->source; }}});
}

// A repository or site: what stands before a version or a path.
std::string source_name(const CollectiveCase& c) {
  if (!c.id.starts_with("line-")) return collection_of(c.id);
  return c.source.substr(0, c.source.find_first_of("@: "));
}

Labels labels_of(const CollectiveCase& c) {
  const std::string where = c.one_domain   ? "one domain"
                            : c.nodes == 2 ? "2 nodes"
                            : c.nodes <= 8 ? "3 to 8 nodes"
                                           : "more than 8 nodes";
  return {size_class(c.buffer.value()), c.collective, where, source_name(c)};
}

std::vector<CaseResult> predict_all(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads,
                                    Progress* progress) {
  const CollectivePredictor predictor(catalog);
  std::vector<CaseResult> results(cases.rows());
  std::vector<std::vector<Problem>> problems(cases.rows());
  if (progress) progress->begin("predicting cases", cases.rows());
  parallel_for(
      cases.rows(), threads,
      [&](std::size_t i) {
        try {
          CaseResult& result = results[i];
          result.c = read_collective_case(catalog, cases, i);
          if (!result.c.unsupported.empty()) return;
          result.prediction = predictor.predict(result.c);
          for (std::size_t h = 0; h < kHeldOut.size(); ++h)
            result.held_out[h] = predictor.predict_without(result.c, kHeldOut[h]);
        } catch (const InputError& error) { problems[i] = error.problems(); }
      },
      progress);
  Problems bad;
  for (const auto& list : problems) bad.add(list);
  bad.throw_if_any();
  return results;
}

// Requires: one summary list per entry of kHeldOut.
std::vector<ErrorSummary> summarise_held_out(const std::vector<CaseResult>& results, std::size_t which) {
  std::vector<ValidationRow> rows;
  std::vector<Labels> labels;
  for (const CaseResult& result : results) {
    if (!result.held_out[which]) continue;
    rows.push_back(judged_row(result.c, *result.held_out[which]));
    labels.push_back(labels_of(result.c));
  }
  std::vector<const ValidationRow*> list;
  for (const ValidationRow& row : rows) list.push_back(&row);
  return summarise(list, labels, list);
}

}  // namespace

CollectiveValidation validate_collectives(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads,
                                          Progress* progress) {
  cases.require_columns({std::begin(kCollectiveColumns), std::end(kCollectiveColumns)});
  const std::vector<CaseResult> results = predict_all(catalog, cases, threads, progress);
  CollectiveValidation validation;
  std::vector<std::size_t> judged;
  std::vector<Labels> labels;
  for (const CaseResult& result : results) {
    judged.push_back(validation.rows.size());
    labels.push_back(labels_of(result.c));
    validation.rows.push_back(result.prediction ? judged_row(result.c, *result.prediction) : empty_row(result.c));
    if (result.prediction && result.c.time_us && result.c.busbw_gb_s)
      validation.rows.push_back(second_row(result.c, *result.prediction));
  }
  for (const std::size_t i : judged) validation.judged.push_back(&validation.rows[i]);
  validation.errors = summarise(validation.judged, labels, validation.judged);
  validation.without_size = summarise_held_out(results, 0);
  validation.without_ranks = summarise_held_out(results, 1);
  validation.without_chip = summarise_held_out(results, 2);
  return validation;
}

}  // namespace socle::answer
