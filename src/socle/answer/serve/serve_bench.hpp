#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "socle/answer/serve/prefill_side.hpp"
#include "socle/answer/serve/serve_figures.hpp"
#include "socle/answer/serve/serve_timeline.hpp"
#include "socle/base/progress.hpp"
#include "socle/serve/step_model.hpp"
#include "socle/setup/deployment.hpp"

namespace socle::answer {

/// What a run of a bench is asked for.
struct BenchRun {
  double speed = 1;                                ///< the same requests, their arrivals and waits divided by it
  int replicas = 1;                                ///< that decode, where prompts are computed apart
  std::int64_t requests = 0;                       ///< at most; 0: all
  std::vector<serve::RequestRow>* rows = nullptr;  ///< takes the figures of every request when it is set
  ServeTimeline* timeline = nullptr;               ///< takes what the replicas do when it is set
};

/// Whether the objectives hold at a load, and how long its requests were spread over at the stated one.
struct LoadTrial {
  bool holds = false;
  Seconds span{};
};

/// The highest load, as a multiple of the stated one, at which the trial holds: doubled or halved from `start` until it
/// is bracketed, then bisected to 1 %. Empty: it holds at 1,024 times `start`; 0: it holds at no load.
std::optional<double> highest_load(double start, const std::function<LoadTrial(double speed)>& trial);

/// The same requests, their arrivals and waits divided by a speed, and no more than so many (0: all).
std::unique_ptr<workload::RequestSource> faster(std::unique_ptr<workload::RequestSource> source, double speed,
                                                std::int64_t requests);

/// A separate prefill of a bench, and what its steps cost.
struct BenchPrefill {
  const PrefillSide& side;
  const serve::StepCosts& costs;
};

/// A deployment that can be run again and again under one traffic: the same requests at every load, so that one load
/// differs from another by its load alone. One thread at a time.
class ServeBench {
 public:
  /// Requires: references outlive this object. With `prefill`, `deployment` and `costs` are of the decode side.
  ServeBench(const setup::ServeSimulationSetup& setup, const setup::Deployment& deployment,
             const serve::StepCosts& costs, const Objectives& objectives,
             std::optional<BenchPrefill> prefill = std::nullopt);

  ServeFigures run(const BenchRun& what, Progress* progress = nullptr);

  /// The highest load at which the objectives hold.
  std::optional<double> capacity(double start, BenchRun what, Progress* progress = nullptr);

  /// Runs so far.
  int runs() const { return runs_; }
  serve::StepModel& timer() { return timer_; }

 private:
  /// The fleet to its end, whichever its kind.
  ServeFigures run_together(workload::RequestSource& source, const BenchRun& what, serve::Tally& tally,
                            Progress* progress);
  ServeFigures run_apart(workload::RequestSource& source, const BenchRun& what, serve::Tally& tally,
                         Progress* progress);

  const setup::ServeSimulationSetup& setup_;
  const setup::Deployment& deployment_;
  const Objectives& objectives_;
  const PrefillSide* prefill_ = nullptr;  ///< set: prompts are computed apart
  serve::StepModel timer_;                ///< remembers step times from run to run
  std::optional<serve::StepModel> prompt_timer_;
  int runs_ = 0;
};

}  // namespace socle::answer
