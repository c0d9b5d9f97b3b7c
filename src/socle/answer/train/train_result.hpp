#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "socle/answer/train/train_case.hpp"
#include "socle/base/ranged.hpp"
#include "socle/comm/flow_network.hpp"
#include "socle/search/layout_search.hpp"

namespace socle::answer {

/// The predicted figures of a job; what is not known is empty. All ranges are that of the step time, carried over.
struct TrainFigures {
  std::string basis;  ///< what they rest on: "calibrated", "stack assumed", "measured" or "datasheet"
  double range_low = 1, range_high = 1;  ///< bounds of measured / predicted step time
  Ranged<Seconds> step_time;
  Ranged<TokensPerSecond> throughput, throughput_per_chip;
  Ranged<double> mfu, mfu_full_attention, hfu;
  std::optional<Ranged<Joules>> energy_of_step;  ///< at rated power
  std::optional<Ranged<Seconds>> run;            ///< all tokens, without failures
  std::optional<Ranged<Joules>> energy_of_run;   ///< at rated power
  std::optional<Ranged<Money>> rent_of_run;      ///< rent as given
  std::optional<Ranged<Money>> hardware_of_run;  ///< the run's share of the price, straight line over five years
  std::optional<Watts> rated_power;
};

/// One named part of the step time.
struct WaterfallStep {
  std::string key;  ///< e.g. "tensor_parallel"
  std::string label;
  Seconds time{};
};

/// What one assumption does to the step time when it moves to either edge of its plausible range, all others held.
struct Swing {
  std::string assumption;  ///< with its edges, e.g. "NIC bandwidth, -10 % to +10 %"
  Seconds low{};           ///< step time at the favourable edge
  Seconds high{};          ///< at the unfavourable edge
};

/// How the layout was found, when it was searched.
struct SearchOutcome {
  search::SearchCounts counts;
  std::map<std::string, std::uint64_t> reasons;  ///< infeasible layouts by reason
  bool proven = false;                           ///< nothing in the space beats the first, by the closed form
  std::vector<search::RankedLayout> best;        ///< fastest first; the first is the one reported
};

/// How the run stands against the limits that the user set.
struct LimitVerdict {
  std::vector<std::string> broken;    ///< with need, limit and by how much
  std::vector<std::string> unjudged;  ///< limits for which a fact is missing
};

/// Step time of the same layout when its nodes stand otherwise.
struct PlacedStep {
  std::string placement, order;
  Seconds step{};
};

/// What the flow simulation found for the job's messages.
struct FlowOutcome {
  std::string fabric, routing;               ///< one line each
  std::vector<comm::FlowNetwork::Use> uses;  ///< every pattern, with its slowdown by shared links
  Seconds step{}, closed_form_step{};
  std::vector<PlacedStep> placements;  ///< empty unless compared
  std::vector<std::string> assumptions;
};

/// The answer to `socle train`.
struct TrainResult {
  TrainCase run;
  TrainFigures figures;
  std::vector<WaterfallStep> waterfall;  ///< adds up to the step time
  std::optional<SearchOutcome> search;   ///< empty when the layout was given whole
  std::vector<Swing> swings;             ///< largest first; empty unless asked for
  std::optional<LimitVerdict> limits;    ///< empty when none is set
  std::optional<FlowOutcome> network;    ///< with the flow network

  bool keeps_limits() const { return !limits || limits->broken.empty(); }
};

}  // namespace socle::answer
