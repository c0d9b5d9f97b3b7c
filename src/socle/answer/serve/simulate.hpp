#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/answer/serve/fit.hpp"
#include "socle/answer/serve/prefill_side.hpp"
#include "socle/answer/serve/serve_figures.hpp"
#include "socle/answer/serve/serve_timeline.hpp"
#include "socle/base/money.hpp"
#include "socle/base/progress.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/setup/deployment.hpp"
#include "socle/setup/serve_simulation_setup.hpp"

namespace socle::answer {

/// What is asked beside the setup.
struct ServeOptions {
  bool curve = true;       ///< latency against load, and the highest load that keeps to the objectives
  bool keep_rows = false;  ///< figures of every request
  bool timeline = false;   ///< what every replica did, step by step
};

/// One point of latency against load.
struct LoadPoint {
  double rate = 0;  ///< offered requests a second
  Seconds ttft_mean{}, ttft_p99{}, tpot_mean{}, tpot_p99{};
  double output_per_second = 0, share_met = 0;
};

/// Rent shared out between prompts and what is generated, by the time that each takes of the chips.
struct PriceSplit {
  double prompt_share = 0;  ///< of the time: computed prompt tokens at the pace of steps of prompts alone; of two
                            ///< sides, the share of the prefill side's chips
  Money per_million_input;  ///< prompt tokens that were computed; those found cached take none
  Money per_million_output;
};

struct ServeResult {
  setup::ServeSimulationSetup setup;
  Objectives objectives;
  FitResult fit;
  bool fits = false;  ///< the model on the chips; else nothing was simulated
  int chips = 0;      ///< of all replicas
  setup::Deployment deployment;
  std::optional<PrefillSide> prefill;  ///< prompts are computed there; `deployment` and `fit` are of the decode side
  ServeFigures figures;
  std::vector<LoadPoint> curve;    ///< ascending in rate; empty for closed loops
  std::optional<double> capacity;  ///< requests a second at which the objectives still hold, found by bisection
  kernel::Basis basis = kernel::Basis::kDatasheet;  ///< of the kernels' times
  std::vector<serve::RequestRow> rows;              ///< of every request that came, when they are kept
  Seconds block_compute{};  ///< of one named block of a prompt alone, where there are tiers to load it from
  std::optional<ServeTimeline> timeline;   ///< when it is asked for
  std::optional<double> tokens_per_joule;  ///< output tokens over the rated energy of the chips; empty: not public
  std::optional<Money> per_million_output, per_million_tokens;  ///< at the stated rent
  std::optional<PriceSplit> split;                              ///< likewise
};

/// What `socle serve` asks. Throws InputError for a layout that cannot be and malformed traffic, Cancelled.
ServeResult serve_simulate(const machine::MachineBuilder& machines, setup::ServeSimulationSetup setup,
                           const ServeOptions& options, Progress* progress = nullptr);

}  // namespace socle::answer
