#pragma once

#include <string>

#include "socle/answer/compare/compare.hpp"
#include "socle/api/request.hpp"
#include "socle/search/fitting.hpp"

namespace socle::api {

using search::kChipsMax;  // of --count
using setup::CompareQuestion;
using CompareAnswer = Answer<answer::CompareResult>;

/// What `socle compare` asks: the same job on the same number of several chips, each in its best layout. Throws
/// InputError for bad input, and Cancelled once `progress` is cancelled.
CompareAnswer compare(const catalog::Catalog& catalog, const Request& request, const CompareQuestion& question,
                      const answer::CompareOptions& options = {}, Progress* progress = nullptr);

std::string text(const CompareAnswer& answer);
std::string json(const CompareAnswer& answer);

}  // namespace socle::api
