#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "socle/answer/validate/serving_case.hpp"
#include "socle/answer/validate/serving_protocol.hpp"
#include "socle/base/feasible.hpp"
#include "socle/catalog/engine.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/setup/deployment.hpp"

namespace socle::answer {

struct ServingPrediction {
  Seconds ttft{}, tpot{};  ///< means over requests
  double output_tokens_per_s = 0;
  int drafts = 0;                 ///< of speculative decoding, as the collection is taken to have run it
  catalog::ServingTiming timing;  ///< what it rests on, with its ranges
};

/// Predicts measured points of serving; any number of threads may ask. Parses engines and chips once.
class ServingPredictor {
 public:
  /// Requires: `catalog` outlives this object.
  explicit ServingPredictor(const catalog::Catalog& catalog);

  /// One case as its collection ran it: a closed loop of the stated concurrency. Why not, where it does not fit.
  /// Requires: the case is supported.
  Feasible<ServingPrediction> predict(const ServingCase& c) const;
  /// The same with another timing of the engine.
  Feasible<ServingPrediction> predict(const ServingCase& c, const catalog::ServingTiming& timing) const;
  /// The timing of the case's engine on its chip.
  catalog::ServingTiming timing_of(const ServingCase& c) const;
  /// The middle of the engine's timings on other chips, or of other engines' on this chip; empty where there are none,
  /// or where the case's own rests on no measurement of its chip.
  std::optional<catalog::ServingTiming> timing_without_chip(const ServingCase& c) const;
  std::optional<catalog::ServingTiming> timing_without_engine(const ServingCase& c) const;
  /// The engine's line: by version, else the newest at the date.
  const catalog::Engine& engine_of(const ServingCase& c) const;

 private:
  const machine::Machine& machine(const std::string& chip) const;

  const catalog::Catalog& catalog_;
  machine::MachineBuilder machines_;
  std::vector<catalog::Engine> engines_;
  std::vector<catalog::ServingTiming> timings_;  ///< measured ones
  mutable std::mutex mutex_;
  mutable std::map<std::string, machine::Machine> built_;
};

}  // namespace socle::answer
