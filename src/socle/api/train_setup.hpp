#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "socle/api/scenario.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/report/train_case.hpp"

namespace socle::api {

/// A scenario's training question with every name looked up and every default filled in.
struct TrainSetup {
  model::Transformer model;
  workload::TrainingJob job;
  std::string precision;
  workload::PartialLayout layout;
  train::Machine machine;
  report::ClusterFacts cluster;
  std::optional<double> memory_headroom;   ///< as the user set it

  /// Share of memory that a given layout must leave free. Unless the user says otherwise, a layout is refused only beyond
  /// the error of the memory model: what ran in public must not be called out of memory.
  double headroom() const { return memory_headroom.value_or(-train::kMemoryError); }
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;
};

/// Resolves what `socle train` needs. `config_text` is the content of the scenario's `model.config`, when it names one.
/// Throws InputError with every problem, at the place where the user wrote the name: no model, no cluster, unknown
/// names, facts that are not public, chips that are no whole number of nodes.
TrainSetup set_up_training(const catalog::Catalog& catalog, const Scenario& scenario, const std::optional<std::string>& config_text);

}  // namespace socle::api
