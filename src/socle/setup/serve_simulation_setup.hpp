#pragma once

#include <optional>
#include <string>

#include "socle/base/money.hpp"
#include "socle/catalog/serving_timing.hpp"
#include "socle/serve/router.hpp"
#include "socle/serve/step_costs.hpp"
#include "socle/setup/requests_setup.hpp"
#include "socle/setup/serve_setup.hpp"

namespace socle::setup {

/// Replicas that compute prompts only. Sizes that are empty are those of the replicas that decode.
struct PrefillSetup {
  int replicas = 1;
  std::optional<int> tensor_parallel, data_parallel, expert_parallel;

  /// Experts lie over all chips where they do so on the other side.
  workload::ServingLayout layout(const workload::ServingLayout& decode) const;
};

/// Room for caches of prompts beyond the chips of a replica.
struct TierSetup {
  Bytes host{}, disk{};
  BytesPerSecond disk_bandwidth{};
  bool any() const { return host > Bytes{} || disk > Bytes{}; }
};

/// A deployment and what is sent to it, every name looked up.
struct ServeSimulationSetup {
  ServeSetup serve;
  RequestsSetup requests;
  catalog::ServingTiming timing;        ///< of the engine on the chip
  int replicas = 1;                     ///< that decode, where `prefill` is set
  std::optional<PrefillSetup> prefill;  ///< set: prompts are computed apart
  bool dual_batch = false;
  std::string router_name;
  serve::Router router = nullptr;
  serve::LaneChoice lane_choice = serve::idlest_lane;
  std::string order_name;  ///< in which waiting requests are admitted
  serve::QueueOrder order = serve::fcfs;
  std::int64_t max_waiting = 0;        ///< requests that may wait at a replica; 0: any number
  int prompt_wait = 0;                 ///< steps that prompts wait until every data-parallel rank has one
  std::optional<bool> prefix_caching;  ///< empty: the engine's default
  serve::Speculation speculation{};
  std::optional<double> skew;
  TierSetup tiers;
  std::optional<Money> rent_per_chip_hour;
};

/// Throws InputError with every problem of `set_up_serve` and `set_up_requests`, and for half of a separate prefill.
ServeSimulationSetup set_up_serve_simulation(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                                             const std::optional<std::string>& config, const FileReader& read_file,
                                             const FileOpener& open);

}  // namespace socle::setup
