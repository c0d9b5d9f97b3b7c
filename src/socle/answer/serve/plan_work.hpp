#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "socle/answer/serve/serve_plan.hpp"
#include "socle/serve/step_model.hpp"

namespace socle::answer {

/// What a replica of a plan does.
enum class PlanSide {
  kBoth,     ///< prompts and decodes
  kPrefill,  ///< prompts only
  kDecode,   ///< decodes only
};

/// A configuration under work.
struct PlanWork {
  PlanEntry entry;
  setup::ServeSetup serve;
  std::optional<setup::Deployment> deployment;  ///< where it fits
};

/// Every configuration of the candidates: layouts, formats and limits. Of a side alone only the limits that act there.
std::vector<PlanWork> plan_works(const std::vector<setup::ServeSimulationSetup>& candidates,
                                 const ServePlanOptions& options, PlanSide side);

/// Cost of a number of chips in the goal's unit.
double plan_cost(const setup::ServeSimulationSetup& setup, const ServePlanOptions& options, int chips);

/// Replicas, chips and cost of an entry each of whose replicas carries so much.
void size_entry(PlanEntry& entry, const setup::ServeSimulationSetup& setup, const ServePlanOptions& options,
                double capacity);

/// Requests a second that a replica cannot exceed. No replica is faster than its prompts alone, in steps as large as
/// they may be, nor than its decodes alone, in batches as large as its limits and cache allow: prompts and decodes of
/// one step share no more than the smaller of both. Requires: the work is deployed.
double throughput_bound(serve::StepModel& timer, const setup::ServeSimulationSetup& setup, const PlanWork& work,
                        PlanSide side);

/// Which objective a request of half the mean length breaks when it is alone; empty: none. Requires: as above.
std::string broken_alone(serve::StepModel& timer, const setup::ServeSimulationSetup& setup, const PlanWork& work,
                         const Objectives& objectives, PlanSide side);

/// The best first, then by cost; what does not fit last.
bool comes_before(const PlanEntry& a, const PlanEntry& b);

/// Measures configurations in the order of the least that they can cost, and passes over what can cost no less than
/// the best that was found in its group. Returns the runs that it took. `measure` may run on several threads.
int search_works(std::vector<PlanWork>& works, const ServePlanOptions& options,
                 const std::function<std::size_t(const PlanWork&)>& group_of,
                 const std::function<int(PlanWork&)>& measure, Progress* progress);

}  // namespace socle::answer
