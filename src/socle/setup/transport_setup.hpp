#pragma once

#include <string>

#include "socle/catalog/transport.hpp"
#include "socle/scenario/scenario.hpp"

namespace socle::setup {

/// The transport that [fabric] names. Throws InputError at its place. Requires: it names one.
catalog::Transport named_transport(const catalog::Catalog& catalog, const scenario::Scenario& scenario);

/// What NICs give of their links, and why.
struct NicShare {
  double share = 1.0;
  std::string sentence;  ///< empty where nothing is known of the NICs
};

/// The user's share of a link, else the named transport's, else what was measured beside the cluster's chip, else that
/// of the cluster's NICs, else the usual transport's. The whole link where there is no cluster, unless a library's
/// streams are to be sent. Throws InputError: unknown transports, efficiency and transport at once.
NicShare nic_share(const catalog::Catalog& catalog, const scenario::Scenario& scenario, bool cluster, bool streams);

}  // namespace socle::setup
