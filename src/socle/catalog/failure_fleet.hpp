#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/catalog/provenance.hpp"

namespace socle::catalog {

/// Events in a time.
using PerSecond = Quantity<0, -1, 0, 0, 0>;

/// What there is more of in a larger job, so that it fails more often.
enum class FailingPart { kChip, kNode, kLink };

/// One way in which something fails that ends a job (`[[class]]` of `failures/<slug>.toml`).
struct FailureClass {
  std::string name;
  std::string group;  ///< "chip", "memory", "network", "host", "power", "storage", "software", "silent", "unknown"
  FailingPart per = FailingPart::kChip;
  std::optional<std::int64_t> count;  ///< seen in the fleet's time; empty where a rate was published instead
  PerSecond rate;                     ///< of one part
  double node_lost = 1.0;             ///< share of events after which the node leaves the job until it is repaired
  int nodes_hit = 1;                  ///< nodes that one event takes at once
  Seconds unnoticed;                  ///< that the job goes on for, its work spoiled, before anybody sees it
  std::optional<Seconds> repair_median, repair_mean;  ///< of the node; the mean is the larger, tails are heavy
  std::string doubt;                                  ///< what the source says twice in different ways; empty for none
};

/// A job's mean time between failures, measured in the same fleet: all causes, not only those of the classes.
struct ObservedJob {
  std::int64_t chips = 0;
  Seconds mtti;
  std::string note;
};

/// Failures as one fleet saw them, or several together.
struct FailureFleet {
  std::string slug, name;
  std::string chip;
  std::int64_t chips = 0;
  std::int64_t chips_per_node = 8;
  double days = 0;    ///< of observation
  std::string date;   ///< when it was published, as precise as the source
  std::string grade;  ///< "primary", "second-hand", "derived": what was read for it
  std::vector<FailureClass> classes;
  double planned_per_day = 0;                 ///< interruptions of the whole fleet that were meant
  std::optional<double> rate_low, rate_high;  ///< plausible elsewhere, as shares of these rates
  std::string range_source;                   ///< what that range rests on
  std::vector<ObservedJob> observed;
  Provenance provenance;
};

/// The fleet of no other's data: what nothing else is said of.
inline constexpr const char* kUsualFailures = "pooled";

/// By slug, name or alias. Throws InputError, with "did you mean", when there is none, and on a malformed file.
FailureFleet load_failure_fleet(const Catalog& catalog, std::string_view name);

/// Every one, by slug.
std::vector<FailureFleet> load_failure_fleets(const Catalog& catalog);

/// "second-hand, 2024-07": how far a figure may be trusted, for the user to see.
std::string grade_text(const FailureFleet& fleet);

}  // namespace socle::catalog
