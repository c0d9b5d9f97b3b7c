#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/serve/fleet.hpp"
#include "socle/serve/tally.hpp"
#include "socle/setup/requests_setup.hpp"

namespace socle::answer {

/// A latency over requests (ITL: over tokens).
struct LatencyFigures {
  Seconds mean{}, p50{}, p90{}, p95{}, p99{};
};

struct ServeFigures;

/// What a service must keep to; empty: no limit. `share` of the requests must keep to all of them.
struct Objectives {
  std::optional<Seconds> ttft, tpot, e2e;
  double share = 0.99;
  std::vector<Objectives> classes{};  ///< of each class of requests, where there are any: these hold then

  bool any() const;
  bool met(const serve::RequestFigures& request) const;
  /// Do enough of the requests keep them, of every class where there are classes?
  bool hold(const ServeFigures& figures) const;
};

Objectives objectives_of(const setup::RequestsSetup& requests);

/// The fleet at one moment.
struct FleetSample {
  Seconds time{};
  std::int64_t waiting = 0, running = 0;
  double cache_share = 0;  ///< of all blocks
};

/// Figures of one class of requests.
struct ClassFigures {
  std::int64_t requests = 0;  ///< that came
  std::int64_t refused = 0, rejected = 0, preemptions = 0;
  double input_tokens = 0, output_tokens = 0;
  LatencyFigures ttft, tpot, e2e;
  double share_met = 1;
};

/// What a fleet adds whose prompts are computed apart.
struct ApartFigures {
  double prefill_busy_share = 0, decode_busy_share = 0;  ///< as `busy_share`, of either side
  Seconds transfer_mean{}, transfer_p99{};               ///< from a prompt's end until its cache is on the decode side
};

/// Figures of one run of a fleet.
struct ServeFigures {
  std::int64_t requests = 0;
  std::int64_t refused = 0;   ///< too long for the cache or max_model_len
  std::int64_t rejected = 0;  ///< came when as many waited as may
  std::int64_t preemptions = 0;
  double input_tokens = 0, output_tokens = 0, cached_tokens = 0;
  Seconds makespan{};  ///< from the first arrival to the last token
  LatencyFigures ttft, tpot, itl, e2e;
  double share_met = 1;   ///< of the requests that came, those that kept to all objectives; no other did
  double busy_share = 0;  ///< of the time, in which a step was under way, over replicas
  double mean_running = 0, mean_waiting = 0;
  double cache_mean = 0, cache_most = 0;  ///< shares of the blocks, of the decode side where there are two
  std::int64_t steps = 0, events = 0;
  serve::TierLoads tier_loads;        ///< named blocks that were loaded from the host and from disk
  serve::AdapterLoads adapter_loads;  ///< adapters that were copied to the chips
  std::optional<ApartFigures> apart;
  std::vector<ClassFigures> classes;  ///< of each class of requests, where there are any
  std::vector<FleetSample> samples;   ///< about 200, evenly spread

  double per_second(double count) const { return makespan > Seconds{} ? count / makespan.value() : 0.0; }
  double goodput() const { return per_second(share_met * static_cast<double>(requests)); }
};

/// Follows a fleet: means over time, and samples.
class FleetWatch {
 public:
  explicit FleetWatch(std::int64_t blocks) : blocks_(blocks) {}
  void see(const serve::FleetState& state);
  /// Adds what was seen to the figures.
  void finish(ServeFigures& figures) const;

 private:
  std::int64_t blocks_;
  serve::FleetState last_{};
  double running_ = 0, waiting_ = 0, cache_ = 0;  ///< integrals over picoseconds
  std::int64_t most_ = 0;
  serve::Picoseconds every_ = 1'000'000'000;  ///< between samples; doubles when there are too many
  serve::Picoseconds next_ = 0;
  std::vector<FleetSample> samples_;
};

/// Requires: the run is over.
ServeFigures figures_of(const serve::Tally& tally, const serve::FleetRun& run, const FleetWatch& watch,
                        const Objectives& objectives, int replicas);

}  // namespace socle::answer
