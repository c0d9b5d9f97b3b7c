#pragma once

#include <string>

#include "socle/answer/risk/risk.hpp"
#include "socle/api/request.hpp"
#include "socle/base/progress.hpp"

namespace socle::api {

using RiskAnswer = Answer<Feasible<answer::RiskResult>>;

/// What `socle risk` asks: what failures leave of a training job's time. The job is predicted as `train` does where a
/// model is named. Infeasible with the reason where no figure would mean anything, or the job fits in no layout. Throws
/// InputError for bad input, and Cancelled.
RiskAnswer risk(const catalog::Catalog& catalog, const Request& request, const answer::RiskOptions& options = {},
                Progress* progress = nullptr);

std::string text(const RiskAnswer& answer);
std::string json(const RiskAnswer& answer);
/// There is an answer, and the store suffices where it is stated.
bool holds(const RiskAnswer& answer);
/// Where the time goes, the days to finish, and the useful share by interval. Requires: an answer.
std::string risk_svg(const RiskAnswer& answer);

}  // namespace socle::api
