#pragma once

#include <optional>

#include "socle/base/feasible.hpp"
#include "socle/model/transformer.hpp"
#include "socle/workload/partial_layout.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::search {

/// Sizes that are given and cannot be made to divide the chips, the batch or the model, whatever the rest: which
/// product or size fails, and the nearest that does not. Nothing when the sizes left out may still make it fit.
std::optional<Infeasible> indivisible(const model::Transformer& model, const workload::TrainingJob& job,
                                      const workload::PartialLayout& given, int chips);

}  // namespace socle::search
