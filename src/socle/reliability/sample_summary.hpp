#pragma once

#include <vector>

#include "socle/reliability/goodput.hpp"
#include "socle/reliability/job_run.hpp"

namespace socle::reliability {

/// Requires: at least one sample.
SimulatedGoodput summary(const std::vector<JobSample>& samples);

/// The first values at or below which these shares of the samples lie. Requires: at least one value.
Quantiles quantiles_of(std::vector<double> values);

}  // namespace socle::reliability
