#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/json.hpp"
#include "socle/base/money.hpp"
#include "socle/report/provenance.hpp"
#include "socle/report/sensitivity.hpp"
#include "socle/report/train_case.hpp"
#include "socle/report/waterfall.hpp"
#include "socle/search/layout_search.hpp"

namespace socle::report {

/// One predicted figure with its range and what it rests on.
struct Figure {
  std::string key;       ///< of the JSON member, with its unit, e.g. "step_time_s"
  std::string label;
  double value = 0, low = 0, high = 0;
  std::string (*format)(double) = nullptr;
  std::string basis;     ///< "measured", "calibrated", "datasheet" or "assumed", and of what
};

/// What a search adds to the report of its best layout.
struct SearchReport {
  search::SearchCounts counts;
  std::map<std::string, std::uint64_t> reasons;
  bool proven = false;
  std::vector<search::RankedLayout> best;   ///< fastest first; the first is the one reported
};

/// How the run stands against the limits that the user set.
struct LimitReport {
  std::vector<std::string> broken;          ///< with need, limit and by how much
  std::vector<std::string> unjudged;        ///< limits for which a fact is missing
};

/// Everything that `socle train` says.
struct TrainReport {
  TrainCase run;
  std::vector<Figure> figures;
  std::vector<WaterfallStep> waterfall;
  std::optional<SearchReport> search;
  std::vector<Swing> swings;                ///< empty unless explained
  std::optional<LimitReport> limits;        ///< empty when none is set
};

/// The figures of a case: step, throughput, utilisation, run, energy, price. What is not known is left out.
std::vector<Figure> train_figures(const TrainCase& run);

/// For people: at most 100 columns.
std::string train_text(const TrainReport& report);

/// Schema `socle.train/1`.
Json train_json(const TrainReport& report, const std::vector<InputText>& inputs);

}  // namespace socle::report
