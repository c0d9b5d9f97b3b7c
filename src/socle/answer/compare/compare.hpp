#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/progress.hpp"
#include "socle/catalog/export_class.hpp"
#include "socle/setup/compare_setup.hpp"

namespace socle::answer {

struct CompareOptions {
  unsigned threads = 0;  ///< 0 = all cores; the answer does not depend on it
};

/// One chip of a comparison, on the same job.
struct ComparedChip {
  std::string name;
  std::string slug;
  std::vector<std::string> missing;     ///< facts that are not public, without which it cannot be judged
  search::PlannedOffer planned;         ///< in its best layout; `infeasible` when it cannot run the job
  double tokens_per_second = 0;         ///< whole cluster; 0 when nothing fits
  Watts power_per_chip{};               ///< rated, its share of the node where known; 0 = unknown
  std::optional<Money> price_per_chip;  ///< rent per hour or purchase, in the comparison's currency
  bool rented = false;
  std::optional<catalog::TotalPerformance> tpp;
  std::optional<double> performance_density;
  std::vector<catalog::ExportVerdict> exports;

  double per_chip() const { return planned.chips > 0 ? tokens_per_second / planned.chips : 0.0; }
};

/// The answer to `socle compare`.
struct CompareResult {
  model::Transformer model;
  workload::TrainingJob job;
  std::string precision;
  int count = 0;                     ///< chips of each kind, or of the one that the others match
  bool count_found = false;          ///< it was not said: the smallest on which each chip that can runs the job
  int count_sought = 0;              ///< it was not said, and none was found up to so many chips
  std::optional<std::size_t> match;  ///< the chip that the others keep up with in number
  std::string day;                   ///< of the export rules
  std::vector<ComparedChip> chips;   ///< the first is what the others are measured against
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;

  /// Every chip can run the job.
  bool all_run() const;
};

/// A number of chips, or nothing and up to which number was looked.
struct CommonCount {
  std::optional<int> count;
  int sought = 0;
};

/// The smallest number of chips found on which every chip runs the job that can run it at all: a multiple of all their
/// nodes. Nothing when none can, or when no number suits all. Throws Cancelled.
CommonCount smallest_common_count(const setup::CompareSetup& setup, unsigned threads, Progress& progress);

/// The same job on the same number of several chips, each in its best layout; or, with `match`, on as many of each as
/// keep up with that one. Throws Cancelled.
CompareResult compare(setup::CompareSetup setup, const CompareOptions& options, Progress& progress);

}  // namespace socle::answer
