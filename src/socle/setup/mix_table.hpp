#pragma once

#include <string>
#include <string_view>

#include "socle/base/money.hpp"
#include "socle/search/chip_mix.hpp"

namespace socle::setup {

/// Buckets of requests against kinds of chips, with the currency of the prices.
struct MixTable {
  search::MixQuestion question;
  Currency currency = Currency::kUsd;
};

/// Reads columns bucket, rate and one for each kind: a row for each bucket with its requests a second and what one of
/// each kind carries; a row "price" with what one of each costs an hour; at will a row "limit" with how many of each
/// can be had. Throws InputError with every problem, by line and column.
MixTable read_mix_table(std::string_view text, const std::string& source);

}  // namespace socle::setup
