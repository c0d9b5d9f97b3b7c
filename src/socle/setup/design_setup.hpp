#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/search/fabric_design.hpp"
#include "socle/setup/train_setup.hpp"

namespace socle::setup {

/// Hosts and NICs of a question, wherever they are stated.
struct DesignHosts {
  int hosts = 0, nics = 0, scale_up_domain = 1;
  BytesPerSecond link{};
  std::string name;
};

/// What `socle fabric design` is asked: what is to be connected, by which parts, within which limits, for which job.
struct DesignSetup {
  DesignHosts hosts;
  search::FabricQuestion question;
  search::FabricLimits limits;
  std::optional<TrainSetup> job;  ///< whose steps are to be predicted; empty when no model is named
  std::vector<std::string> assumptions;
};

/// Resolves hosts, parts, prices and the job. Throws InputError: no hosts, NICs or speed, sizes out of range, unknown
/// parts, and whatever set_up_job refuses.
DesignSetup set_up_design(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                          const std::optional<std::string>& config);

/// The network between the nodes of one cluster, whatever its job, for those that price it: of two nodes where their
/// number is left open. Where it cannot be asked about (NICs or parts that are not known) it is empty, and the reason
/// joins `doubts`.
std::optional<search::FabricQuestion> network_question(const catalog::Catalog& catalog, scenario::Scenario scenario,
                                                       const scenario::ClusterSection& cluster,
                                                       std::vector<std::string>& doubts);

}  // namespace socle::setup
