#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/error.hpp"
#include "socle/scenario/cluster_section.hpp"
#include "socle/scenario/cost_section.hpp"
#include "socle/scenario/fabric_section.hpp"
#include "socle/scenario/layout_section.hpp"
#include "socle/scenario/limits_section.hpp"
#include "socle/scenario/model_section.hpp"
#include "socle/scenario/requests_section.hpp"
#include "socle/scenario/risk_section.hpp"
#include "socle/scenario/serving_section.hpp"
#include "socle/scenario/traffic_section.hpp"
#include "socle/scenario/training_section.hpp"

namespace socle::scenario {

/// A scenario as the user wrote it, file and flags together. Names are not looked up yet.
struct Scenario {
  std::string source;  ///< file name; empty = flags only
  ModelSection model;
  TrainingSection training;
  std::optional<ClusterSection> cluster;
  std::vector<ClusterSection> candidates;
  workload::PartialLayout layout;
  LimitsSection limits;
  FabricSection fabric;
  TrafficSection traffic;
  ServingSection serving;
  RequestsSection requests;
  CostSection cost;
  RiskSection risk;
  Flags flags;  ///< as given, under their documented spelling
};

/// Every key of a scenario, section by section: what files, flags, help and reference are made of. Keys of a
/// [[candidate]] are those of [cluster]; only [cluster]'s have flags. One flag may belong to keys of several sections
/// that no question shares, such as --tp of [layout] and of [serving].
std::vector<Key<Scenario>> scenario_keys(const Vocabulary& vocabulary);

/// Reads a scenario (design, section 3) and lays flags over it. An empty `source` means that there is no file.
/// Throws InputError with every problem of file and flags: unknown keys with "did you mean", wrong types, units,
/// ranges, flags that do not act on the question.
Scenario read_scenario(std::string_view text, const std::string& source, const Flags& flags, Question question,
                       const Vocabulary& vocabulary);

}  // namespace socle::scenario
