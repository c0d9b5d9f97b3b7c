#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "socle/base/feasible.hpp"
#include "socle/model/transformer.hpp"
#include "socle/workload/partial_layout.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::search {

/// Sizes that are given and cannot be made to divide the chips, the batch or the model, whatever the rest: which
/// product or size fails, and the nearest that does not. Nothing when the sizes left out may still make it fit.
std::optional<Infeasible> indivisible(const model::Transformer& model, const workload::TrainingJob& job,
                                      const workload::PartialLayout& given, int chips);

/// Why none of the layouts considered is feasible: what most of those that divide fail on, by reason and count.
Infeasible nothing_fits(const std::map<std::string, std::uint64_t>& reasons, std::uint64_t considered);

}  // namespace socle::search
