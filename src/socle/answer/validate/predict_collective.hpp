#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "socle/answer/validate/collective_case.hpp"
#include "socle/catalog/collective_library.hpp"
#include "socle/kernel/chip_kernels.hpp"
#include "socle/machine/link_curves.hpp"

namespace socle::answer {

/// What is left out of the chip's own measurements before they answer.
enum class HeldOut {
  kNothing,
  kSize,   ///< the measured size nearest to the question, within half an octave
  kRanks,  ///< the curve of the same number of ranks
  kChip,   ///< every curve: defaults on the datasheet link
};

/// A predicted collective.
struct CollectivePrediction {
  Seconds time;
  BytesPerSecond bus_bandwidth;  ///< as nccl-tests defines it; of expert exchanges as their library prints it
  kernel::Basis basis = kernel::Basis::kDatasheet;
  double low = 1.0, high = 1.0;  ///< measured / predicted time: nine of ten measurements lie between
};

/// Bus bandwidth / (buffer / time): 2 (n - 1) / n, (n - 1) / n, or 1 for broadcast and send-receive.
double collective_bus_factor(CollectiveKind kind, int ranks);

/// Predicts cases from the catalogue: chips' curves, the library, the NICs. Parses each chip once; safe to use from any
/// number of threads.
class CollectivePredictor {
 public:
  /// Requires: `catalog` outlives this object. Throws InputError on a malformed library.
  explicit CollectivePredictor(const catalog::Catalog& catalog);

  /// Requires: the case is supported.
  CollectivePrediction predict(const CollectiveCase& c) const;

  /// The same with measurements left out; empty where that leaves nothing out: no curve of this group size, across
  /// nodes, other kinds.
  std::optional<CollectivePrediction> predict_without(const CollectiveCase& c, HeldOut held_out) const;

 private:
  struct Part {
    catalog::Chip chip;
    machine::LinkCurves links;
    std::vector<kernel::CollectiveCurve> curves;  ///< those of `links`, extended beyond their largest size
    catalog::CollectiveLibrary library;           ///< of the chip's vendor
  };
  const Part& part(const std::string& slug) const;
  CollectivePrediction finish(const CollectiveCase& c, Seconds time, kernel::Basis basis) const;
  CollectivePrediction inside(const CollectiveCase& c, const std::vector<kernel::CollectiveCurve>& curves,
                              const Part& part) const;
  CollectivePrediction across(const CollectiveCase& c, const Part& part) const;
  CollectivePrediction experts(const CollectiveCase& c, const Part& part) const;

  const catalog::Catalog& catalog_;
  catalog::CollectiveLibrary library_;  ///< of vendors without one in the catalogue
  mutable std::mutex mutex_;
  mutable std::map<std::string, Part> parts_;
};

}  // namespace socle::answer
