#pragma once

#include <cstdint>
#include <vector>

#include "socle/setup/fabric_setup.hpp"

namespace socle::setup {

/// Hosts of each job's nodes: packed side by side, interleaved (every k-th host, jobs between each other), or scattered
/// by seed over all hosts. Throws InputError when the fabric has too few hosts.
std::vector<std::vector<std::uint32_t>> place_jobs(const scenario::Scenario& scenario, const std::string& kind,
                                                   std::uint32_t hosts, std::uint32_t nodes, std::uint32_t seed);

/// Endpoints of each job's ranks, host by host. Requires: hosts from place_jobs.
std::vector<std::vector<std::uint32_t>> endpoints_of(const std::vector<std::vector<std::uint32_t>>& hosts,
                                                     std::uint32_t rails);

}  // namespace socle::setup
