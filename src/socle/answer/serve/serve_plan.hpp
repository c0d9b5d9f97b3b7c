#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/serve/serve_bench.hpp"
#include "socle/base/money.hpp"
#include "socle/base/progress.hpp"
#include "socle/machine/machine_builder.hpp"

namespace socle::answer {

enum class PlanGoal { kChips, kPrice, kPower };

/// What is asked of a plan beside its candidates.
struct ServePlanOptions {
  PlanGoal goal = PlanGoal::kChips;
  std::vector<model::ServingFormats> formats{};  ///< tried beside each other; empty: the setup's own
  bool search_limits = true;                     ///< max_num_seqs and max_num_batched_tokens, not only the engine's own
  int spare_replicas = 0;                        ///< beyond those that the rate needs, of each kind
  bool apart = false;                            ///< also fleets whose prompts are computed apart; not with a stock
  std::vector<int> stock{};                      ///< chips that there are of each candidate; empty: no limit
  unsigned threads = 0;
};

/// Why a configuration is not the answer.
enum class PlanVerdict {
  kBest,
  kHolds,       ///< keeps the objectives, at a higher cost
  kBound,       ///< not simulated: even at the bound of its throughput it costs more than the best
  kTooSlow,     ///< not simulated: a request alone breaks an objective
  kNever,       ///< simulated: no load that was tried keeps the objectives
  kDoesNotFit,  ///< in memory
};

/// One configuration: a replica's layout, formats and limits, and how many replicas the rate needs.
struct PlanEntry {
  std::size_t candidate = 0;  ///< index of its setup
  workload::ServingLayout layout{};
  model::ServingFormats formats{};
  int max_num_seqs = 0, max_num_batched_tokens = 0;
  PlanVerdict verdict = PlanVerdict::kDoesNotFit;
  double bound = 0;     ///< requests a second that a replica cannot exceed
  double capacity = 0;  ///< requests a second at which one replica keeps the objectives
  int replicas = 0;
  int chips = 0;
  double cost = 0;  ///< in the goal's unit: chips, money an hour, watts
  std::string why;  ///< which objective or limit, for people
};

/// Replicas of several configurations behind one router, within the chips that there are.
struct PlanMix {
  struct Part {
    std::size_t entry = 0;  ///< index of its configuration
    int replicas = 0;
  };
  std::vector<Part> parts;
  int chips = 0;
  double cost = 0;
  ServeFigures figures;  ///< of all of them under the whole traffic, by the least loaded for its capacity
};

/// Replicas that compute prompts, and others that decode.
struct ApartFleet {
  PlanEntry prefill, decode;  ///< of either side; bound and capacity are those of a side that nothing holds up
  ServeFigures figures;       ///< of both under the whole traffic
  bool holds = false;         ///< the objectives there
  int chips() const { return prefill.chips + decode.chips; }
  double cost() const { return prefill.cost + decode.cost; }
};

/// What was found of fleets whose prompts are computed apart.
struct ApartPlan {
  std::vector<PlanEntry> prefills, decodes;  ///< configurations of either side, the best first
  std::optional<ApartFleet> found;           ///< the cheapest; empty: a side has no configuration that holds
  double cost() const { return found->cost(); }
};

struct ServePlanResult {
  std::vector<setup::ServeSimulationSetup> candidates;  ///< one a chip
  ServePlanOptions options;
  Objectives objectives;
  double rate = 0;
  std::vector<PlanEntry> entries;    ///< the best first, then by cost; what does not fit last
  std::optional<ServeFigures> best;  ///< all replicas of the best under the whole traffic, behind the router
  std::optional<PlanMix> mix;        ///< with a stock: the fleet of lowest cost; then nothing else is best
  std::optional<ApartPlan> apart;    ///< where it was asked for
  int simulations = 0;               ///< runs of the simulator
  std::string unit;                  ///< of costs: "chips", "USD/h", "W"
  /// Prompts apart are cheaper than together, or alone hold.
  bool apart_wins() const;
  bool holds() const {
    return mix || apart_wins() || (!entries.empty() && entries.front().verdict == PlanVerdict::kBest);
  }
};

/// What `socle serve plan` asks: the configuration of lowest cost that keeps the objectives at the traffic's rate.
/// Requires: objectives, an open traffic, at least one candidate of the same traffic. Throws InputError, Cancelled.
ServePlanResult serve_plan(const machine::MachineBuilder& machines, std::vector<setup::ServeSimulationSetup> candidates,
                           const ServePlanOptions& options, Progress* progress = nullptr);

}  // namespace socle::answer
