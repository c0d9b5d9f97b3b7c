#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/json.hpp"
#include "socle/comm/round_simulation.hpp"
#include "socle/net/topology.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// A busy link and who shares it.
struct HotLink {
  net::LinkId link = 0;
  double utilisation = 0;                 ///< bytes carried over capacity x time
  double bytes = 0;
  std::uint64_t flows = 0;                ///< messages that cross it; 0 when sprayed
  std::vector<std::size_t> examples;      ///< some of them, by index of the result's transfers
};

/// Bus bandwidth of one message size.
struct SizePoint {
  Bytes bytes{};
  Seconds time{};
  BytesPerSecond algorithm_bandwidth{}, bus_bandwidth{};
};

/// One simulated exchange, ready to be told.
struct FabricReport {
  std::string fabric, traffic, routing;   ///< one line each
  const net::Topology* topology = nullptr;
  comm::SimulationResult result;
  Bytes buffer{};
  double bus_factor = 1;
  std::optional<Seconds> ideal;           ///< alpha-beta on links of one's own, for collectives
  std::vector<double> utilisation;        ///< by link
  std::vector<HotLink> hottest;
  std::vector<SizePoint> sizes;
  std::vector<std::pair<std::uint32_t, Seconds>> seeds;   ///< completion time by seed, in order of seeds
  std::vector<std::string> assumptions;
};

/// Share of each link's capacity that was used over the run.
std::vector<double> utilisation_of(const net::Topology& topology, const comm::SimulationResult& result);

/// For people: at most 100 columns.
std::string fabric_text(const FabricReport& report);
/// Schema `socle.fabric/1`.
Json fabric_json(const FabricReport& report, const std::vector<InputText>& inputs);
/// One line a message: group, round, from, to, bytes, start_s, duration_s, rate.
std::string flows_csv(const FabricReport& report);
/// One line a link: from, to, bandwidth, bytes, utilisation.
std::string links_csv(const FabricReport& report);
/// Chrome trace; Perfetto opens it. A row for each sender.
std::string flows_trace(const FabricReport& report);

}  // namespace socle::report
