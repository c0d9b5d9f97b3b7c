#pragma once

#include <string>

#include "socle/answer/train/train.hpp"
#include "socle/api/request.hpp"

namespace socle::api {

using TrainAnswer = Answer<Feasible<answer::TrainResult>>;

/// What `socle train` asks: step time, memory, utilisation and cost of a job on a cluster. Infeasible, with the nearest
/// change, when no layout fits. Throws InputError for bad input, and Cancelled once `progress` is cancelled.
TrainAnswer train(const catalog::Catalog& catalog, const Request& request, const answer::TrainOptions& options = {},
                  Progress* progress = nullptr);

/// The same of a scenario that was read.
TrainAnswer train(const catalog::Catalog& catalog, const Request& request, const scenario::Scenario& scenario,
                  const answer::TrainOptions& options, Progress* progress);

std::string text(const TrainAnswer& answer);
std::string json(const TrainAnswer& answer);
/// The step as a Chrome trace, which Perfetto opens. Requires: a feasible answer. Throws InputError beyond 200,000
/// tasks.
std::string timeline(const TrainAnswer& answer);
/// A layout was found that keeps every limit.
bool holds(const TrainAnswer& answer);

}  // namespace socle::api
