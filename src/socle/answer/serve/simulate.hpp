#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "socle/answer/serve/fit.hpp"
#include "socle/answer/serve/serve_figures.hpp"
#include "socle/base/money.hpp"
#include "socle/base/progress.hpp"
#include "socle/catalog/serving_timing.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/setup/deployment.hpp"
#include "socle/workload/request.hpp"

namespace socle::answer {

/// Traffic that can be played again, faster or slower: the same requests, their arrivals divided by `speed`.
struct Traffic {
  std::function<std::unique_ptr<workload::RequestSource>(double speed)> play;
  double offered_rate = 0;  ///< requests a second at speed 1; 0: a closed loop, or not known
  Objectives objectives;
};

/// A deployment under that traffic.
struct ServeQuestion {
  setup::ServeSetup setup;
  Traffic traffic;
  int replicas = 1;
  serve::Router router = nullptr;
  std::string router_name;
  std::optional<bool> prefix_caching;
  serve::Speculation speculation{};
  std::optional<double> skew;
  std::optional<Money> rent_per_chip_hour;
  bool curve = true;  ///< latency against load, and the highest load that keeps to the objectives
};

/// One point of latency against load.
struct LoadPoint {
  double rate = 0;  ///< offered requests a second
  Seconds ttft_mean{}, ttft_p99{}, tpot_mean{}, tpot_p99{};
  double output_per_second = 0, share_met = 0;
};

struct ServeResult {
  ServeQuestion question;
  FitResult fit;
  bool fits = false;  ///< the model on the chips; else nothing was simulated
  int chips = 0;      ///< of all replicas
  setup::Deployment deployment;
  ServeFigures figures;
  std::vector<LoadPoint> curve;    ///< ascending in rate; empty for closed loops
  std::optional<double> capacity;  ///< requests a second at which the objectives still hold, found by bisection
  kernel::Basis basis = kernel::Basis::kDatasheet;              ///< of the kernels' times
  std::optional<Money> per_million_output, per_million_tokens;  ///< at the stated rent
};

/// What `socle serve` asks. Throws InputError for a layout that cannot be and malformed traffic, Cancelled.
ServeResult serve_simulate(const machine::MachineBuilder& machines, ServeQuestion question,
                           const catalog::ServingTiming& timing, Progress* progress = nullptr);

}  // namespace socle::answer
