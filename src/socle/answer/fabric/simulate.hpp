#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "socle/base/progress.hpp"
#include "socle/comm/round_simulation.hpp"
#include "socle/setup/simulate_setup.hpp"

namespace socle::answer {

struct SimulateOptions {
  unsigned threads = 0;  ///< 0 = all cores; the answer does not depend on it
};

/// A busy link and who shares it.
struct HotLink {
  net::LinkId link = 0;
  double utilisation = 0;  ///< bytes carried over capacity x time
  double bytes = 0;
  std::uint64_t flows = 0;            ///< messages that cross it; 0 when sprayed
  std::vector<std::size_t> examples;  ///< some of them, by index of the result's transfers
};

/// Bus bandwidth of one message size.
struct SizePoint {
  Bytes bytes{};
  Seconds time{};
  BytesPerSecond algorithm_bandwidth{}, bus_bandwidth{};
};

/// What a library ran, and the parts of its time alone on its links; outside and inside overlap.
struct LibraryFigures {
  std::string name, algorithm, protocol;  ///< protocol: empty inside one domain
  int channels = 0;                       ///< 0 inside one domain
  Seconds latency{}, outside{}, inside{};
  Seconds low{}, high{};  ///< of the time where nothing collides or fails: catalog::CollectiveRange
};

/// The answer to `socle fabric simulate`: one exchange as it went.
struct SimulateResult {
  std::string fabric, traffic, routing;             ///< one line each
  std::string topology_name;                        ///< "fat-tree"
  std::string algorithm;                            ///< of collectives
  std::optional<LibraryFigures> library;            ///< of collectives that a library runs
  std::optional<comm::OperationRequest> operation;  ///< of collectives
  std::unique_ptr<const net::Topology> topology;
  comm::SimulationResult result;
  Bytes buffer{};  ///< 0 for patterns
  double bus_factor = 1;
  std::optional<Seconds> ideal;     ///< collectives on links of their own: alpha-beta, or the library's closed form
  std::vector<double> utilisation;  ///< by link: share of its capacity that was used over the run
  std::vector<HotLink> hottest;
  std::vector<SizePoint> sizes;
  std::vector<std::pair<std::uint32_t, Seconds>> seeds;  ///< completion time by seed, in order of seeds
  std::vector<std::string> assumptions;

  Seconds completion_time() const { return result.time; }
  /// As nccl-tests defines them; 0 for patterns.
  BytesPerSecond algorithm_bandwidth() const {
    return result.time > Seconds{} ? buffer / result.time : BytesPerSecond{};
  }
  BytesPerSecond bus_bandwidth() const { return algorithm_bandwidth() * bus_factor; }
  /// Every message arrived.
  bool complete() const { return result.stalled == 0; }
};

/// Simulates one exchange on one fabric, once for each seed and size that is asked for. Throws Cancelled, and
/// InputError when two members cannot reach each other.
SimulateResult simulate_fabric(setup::SimulateSetup setup, const SimulateOptions& options, Progress& progress);

}  // namespace socle::answer
