#pragma once

#include "socle/base/feasible.hpp"
#include "socle/base/quantity.hpp"

/// Closed forms of checkpoint and restart under interruptions at random (exponential with mean M), hitting work, writes
/// and restarts alike. d: the job stands still for a write; R: from a failure to useful work; tau: useful work between
/// two writes; u: from the end of a write until it can be restored from.
namespace socle::reliability {

/// tau = sqrt(2 d M). Source: Young 1974. First order: for d and tau far below M.
Seconds young_interval(Seconds blocking, Seconds mtti);

/// tau = sqrt(2 d M) (1 + sqrt(d / 2M) / 3 + d / 18M) - d for d < 2M, else M. Source: Daly 2006,
/// doi 10.1016/j.future.2004.11.016. As Daly counts, the write is part of the interval; here it is taken off.
Seconds daly_interval(Seconds blocking, Seconds mtti);

/// The interval of least expected time: tau = M (1 + W(-exp(-1 - d/M))), W the principal branch of Lambert's function;
/// x = tau / M solves x + ln(1 - x) = -d/M. Neither R nor u moves it. Zero when the write is free.
Seconds exact_interval(Seconds blocking, Seconds mtti);

struct CheckpointCycle {
  Seconds mtti, interval, blocking, restart, lag;
};

/// Useful share of the time: tau / (M exp((R + u) / M) (exp((tau + d) / M) - 1)). Exact; u = 0 is Daly 2006. With a
/// lag, the run fails back to the write before for a time u more, which multiplies as R does. Zero when the exponent
/// overflows. Requires: mtti > 0, interval > 0.
double exact_effective(const CheckpointCycle& cycle);

/// 1 - d / tau - (R + tau / 2) / M, refused where it wastes more than a tenth: there it is off by percents, and at last
/// negative.
Feasible<double> first_order_effective(const CheckpointCycle& cycle);

/// E[ETTR] = (1 - (u0 + dt / 2) / M) / (1 + w / dt), u0 = R, dt = tau, w = d. Source: Kokolis et al. 2025 (HPCA),
/// arXiv:2410.21680. Refused where (u0 + dt / 2) reaches M, as it turns negative.
Feasible<double> meta_effective(const CheckpointCycle& cycle);

}  // namespace socle::reliability
