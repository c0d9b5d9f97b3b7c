#pragma once

#include "socle/answer/risk/risk_job.hpp"
#include "socle/cost/factors.hpp"
#include "socle/reliability/goodput.hpp"

namespace socle::answer {

/// Share of a job's time that failures, checkpoints and restarts leave: at the middle rate, and at both ends of what is
/// not known of it. By closed form. Infeasible where the middle is; an end that is infeasible leaves nothing.
Feasible<cost::Uncertain> goodput_range(const reliability::Job& job);

/// The same as a factor of costs. Requires: `setup` is what the job was built from.
Feasible<cost::Factor> goodput_factor(const setup::RiskSetup& setup, const reliability::Job& job);

/// What is written down of a model in training: weights, master weights and moments.
Bytes checkpoint_size(double parameters, double optimizer_bytes);

}  // namespace socle::answer
