#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/machine/machine.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/search/stack_spread.hpp"
#include "socle/setup/cluster_facts.hpp"
#include "socle/setup/flow_setup.hpp"
#include "socle/setup/run_limits.hpp"
#include "socle/train/step.hpp"

namespace socle::setup {

/// A scenario's training question with every name looked up and every default filled in.
struct TrainSetup {
  model::Transformer model;
  workload::TrainingJob job;
  std::string precision;
  workload::PartialLayout layout;
  machine::Machine machine;  ///< on the stack that is stated, else on the middle of the plausible in a plain layout
  std::vector<catalog::Stack> plausible;       ///< stacks that the job may run on when none is stated; empty otherwise
  std::optional<search::StackSpread> probe{};  ///< of them in that plain layout; empty: stated, or no layout divides
  ClusterFacts cluster;
  std::optional<double> memory_headroom;  ///< as the user set it
  std::optional<RunLimits> limits;        ///< of a run on its own; a plan judges its candidates itself
  std::optional<FlowSetup> flow;          ///< with the flow network

  /// Share of memory that a given layout must leave free. Unless the user says otherwise, a layout is refused only
  /// beyond the error of the memory model: what ran in public must not be called out of memory.
  double headroom() const { return memory_headroom.value_or(-train::kMemoryError); }
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;
};

/// The content of the scenario's `model.config`; empty when it names none.
std::optional<std::string> config_text(const scenario::Scenario& scenario, const FileReader& read_file);

/// Resolves what `socle train` asks: model, job, machine, limits, and the fabric where its messages are to be
/// simulated. `config` as config_text gives it. Throws InputError as set_up_job and set_up_flow do.
TrainSetup set_up_train(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                        const std::optional<std::string>& config, const FileReader& read_file);

/// Resolves a job and its machine alone, for questions that put it on machines of their own. `config is the content of
/// the scenario's `model.config`, when it names one. Throws InputError with every problem, at the place where the user
/// wrote the name: no model, no cluster, unknown names, facts that are not public, chips that are no whole number of
/// nodes.
TrainSetup set_up_job(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const std::optional<std::string>& config);

}  // namespace socle::setup
