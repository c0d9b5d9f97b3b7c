#pragma once

#include <string>
#include <vector>

#include "socle/machine/machine.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/setup/cluster_facts.hpp"

namespace socle::setup {

/// A scenario's cluster as machine and facts.
struct ClusterSetup {
  machine::Machine machine;               ///< on the stack that is stated, else on one of the plausible
  std::vector<catalog::Stack> plausible;  ///< when none is stated, with their ranges on this chip; empty otherwise
  ClusterFacts facts;
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;
};

/// Builds the machine of one cluster. Requires: node or chip, and nodes or chips, are given.
/// Throws InputError for unknown names, facts that are not public, and counts that do not divide.
ClusterSetup set_up_cluster(const catalog::Catalog& catalog, const scenario::ClusterSection& cluster);

/// Nodes that fill two scale-up domains: what a cluster whose size is still open is set up with, so that neither its
/// domains are cut short nor its NICs left out. Throws InputError for unknown names.
int nodes_of_two_domains(const catalog::Catalog& catalog, const scenario::ClusterSection& cluster);

}  // namespace socle::setup
