#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socle::answer {

/// One case and metric, as `--rows` writes it.
struct ValidationRow {
  std::string id, source, chip, stack, metric;
  int chips = 0;
  bool predicted = false;
  std::string reason;  ///< why not, when it was not predicted
  std::optional<double> measured;
  double value = 0, low = 0, high = 0;
  std::optional<double> memory_gb;  ///< predicted peak, of metrics that have one
  bool fits = true;                 ///< in memory; meant only with `memory_gb`
  std::string job{};                ///< what layouts of one training job share; empty: not compared by layout

  /// Can it be judged: predicted, and measured above zero?
  bool compared() const { return predicted && measured && *measured > 0; }
};

/// Error figures over a group of rows that were predicted and have a measurement.
struct ErrorSummary {
  std::string group;
  int cases = 0;
  double mean_absolute = 0, median_absolute = 0, signed_mean = 0;
  double worst = 0;
  std::string worst_id;
  double covered = 0;  ///< share of measurements inside the stated range
};

/// Names the group that a row belongs to; an empty name leaves the row out.
struct RowGrouping {
  const char* kind;
  std::function<std::string(const ValidationRow&)> name;
};

/// "all" first, then each grouping's groups in the order of their names. Rows that were not compared do not count.
std::vector<ErrorSummary> summarise_rows(const std::vector<const ValidationRow*>& rows,
                                         const std::vector<RowGrouping>& groupings);

/// What stands before the first dash of an id names the collection that a row comes from.
std::string collection_of(const std::string& id);

/// How many cases there are, how many were predicted, and how many of those have a measurement.
struct CaseCounts {
  int cases = 0, predicted = 0, compared = 0;
};
CaseCounts count_cases(const std::vector<const ValidationRow*>& rows);

/// Reasons of the rows that were not predicted, most frequent first; ties by text. Figures in a reason become N.
std::vector<std::pair<std::string, int>> counted_reasons(const std::vector<const ValidationRow*>& rows);

}  // namespace socle::answer
