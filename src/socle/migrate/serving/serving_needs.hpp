#pragma once

#include <string>
#include <vector>

#include "socle/migrate/serving/engine_facts.hpp"
#include "socle/migrate/serving/launch_record.hpp"

namespace socle::migrate {

/// One thing that a served model asks of an engine.
struct ServingNeed {
  std::string kind;  ///< of the packs: "feature", "connector"
  std::string item;  ///< "speculative_decoding"
  std::string from;  ///< what asks for it: "--speculative-config", or "default"
  int line = 0;
};

/// What a launch command asks for, once each, in the order of the command; defaults of the engine last. Sizes are asked
/// for when they are beyond 1.
std::vector<ServingNeed> needs_of(const LaunchRecord& record, const catalog::LaunchTable& table);

/// A need and what is known of it on the target.
struct NeedVerdict {
  ServingNeed need;
  Known known;
  bool same_platform = false;  ///< no row speaks of it, and the engine and its platform stay
  /// It works there, as far as anybody says.
  bool holds() const { return counts_as_yes(known.status) || (same_platform && known.status == Status::kUnknown); }
};

}  // namespace socle::migrate
