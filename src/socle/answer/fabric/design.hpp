#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/progress.hpp"
#include "socle/setup/design_setup.hpp"

namespace socle::answer {

struct DesignOptions {
  unsigned threads = 0;  ///< 0 = all cores; the answer does not depend on it
};

/// The answer to `socle fabric design`: every sensible fabric for one set of hosts.
struct DesignResult {
  setup::DesignHosts hosts;
  search::FabricQuestion question;
  std::optional<setup::TrainSetup> job;  ///< whose steps the candidates carry
  std::vector<search::FabricCandidate> candidates;
  std::vector<std::string> assumptions;

  /// Some fabric can be built and stays within the limits.
  bool feasible() const;
};

/// Sizes every fabric with price, power and failures and, when there is a job, its step time on each. Throws Cancelled.
DesignResult design_fabric(setup::DesignSetup setup, const DesignOptions& options, Progress& progress);

}  // namespace socle::answer
