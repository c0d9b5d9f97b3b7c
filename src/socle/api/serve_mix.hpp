#pragma once

#include <string>

#include "socle/answer/serve/chip_mix.hpp"
#include "socle/api/request.hpp"

namespace socle::api {

/// Buckets and kinds of `socle serve mix`.
struct ChipMixRequest {
  std::string table_text{}, table_name{};  ///< CSV, as setup::read_mix_table reads it
  std::string slices{};                    ///< "4"; empty: 1
};

using ChipMixAnswer = Answer<answer::ChipMixResult>;

/// Which chips, how many of each, serve buckets of requests at the least price. Throws InputError.
ChipMixAnswer chip_mix(const ChipMixRequest& asked);

std::string text(const ChipMixAnswer& answer);
std::string json(const ChipMixAnswer& answer);
bool holds(const ChipMixAnswer& answer);

}  // namespace socle::api
