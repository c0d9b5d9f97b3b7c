#pragma once

#include <string>
#include <vector>

#include "socle/answer/serve/fit.hpp"
#include "socle/base/progress.hpp"
#include "socle/catalog/serving_timing.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/setup/serve_setup.hpp"
#include "socle/workload/bench_log.hpp"

namespace socle::answer {

/// One measured point beside its predictions.
struct CalibratedPoint {
  workload::BenchPoint measured;
  Seconds ttft_before{}, tpot_before{};    ///< with the catalogue's timing
  Seconds ttft{}, tpot{};                  ///< with the fitted one
  Seconds ttft_without{}, tpot_without{};  ///< with one fitted on the other points
};

struct ServeCalibration {
  setup::ServeSetup setup;
  FitRow row;  ///< the layout
  catalog::ServingTiming before, after;
  std::vector<CalibratedPoint> points;
  /// Median absolute relative errors: before, after, and with the point left out.
  double ttft_before = 0, tpot_before = 0, ttft_after = 0, tpot_after = 0, ttft_without = 0, tpot_without = 0;

  /// `timing/<family>.toml` for `--catalog DIR`: the fitted chip first, then what the catalogue has.
  std::string overlay_path() const { return "timing/" + before.family + ".toml"; }
  std::string overlay;
};

/// Fits what the engine adds to the device's times on measured points of one deployment. Requires: the model fits, at
/// least one point. Throws InputError, Cancelled.
ServeCalibration serve_calibrate(const machine::MachineBuilder& machines, setup::ServeSetup setup,
                                 const std::vector<workload::BenchPoint>& points, Progress* progress = nullptr);

}  // namespace socle::answer
