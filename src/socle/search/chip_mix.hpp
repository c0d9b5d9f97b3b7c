#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/feasible.hpp"

namespace socle::search {

/// Requests of one kind, such as short prompts with long answers.
struct MixBucket {
  std::string name;
  double rate = 0;  ///< requests a second
};

/// Chips, or deployments, that can be had.
struct MixKind {
  std::string name;
  double price = 0;            ///< of one and hour
  std::optional<int> limit{};  ///< most that can be had; empty: any number
  std::vector<double>
      rates{};  ///< requests a second of each bucket that one carries alone within its objectives; 0: none
};

struct MixQuestion {
  std::vector<MixBucket> buckets;
  std::vector<MixKind> kinds;
  int slices = 1;  ///< into which each bucket may be split over kinds; 1: one kind serves all of it
};

/// Chips that carry all buckets at the least price.
struct ChipMix {
  std::vector<int> counts;               ///< by kind
  std::vector<std::vector<int>> slices;  ///< of each bucket, by kind
  double price = 0;                      ///< of an hour
  double bound = 0;                      ///< no mix is cheaper: fractions of chips, every bucket where it is cheapest
  bool proved = true;                    ///< no mix of whole slices is cheaper; else the search was cut short
  std::vector<std::optional<double>>
      alone{};  ///< price with one kind only; empty: it cannot serve all, or not that many
};

/// min sum over kinds of price x ceil(load), load = sum over buckets of its slices on that kind x rate / what one
/// carries. Assumes that what a chip carries of several buckets adds up in shares of its time, as mixes of requests on
/// one engine nearly do. Depth first, the dearest bucket and its cheapest kind first, cut by the price of the chips so
/// far and by the bound of the rest; exact unless `effort_most` steps do not suffice, which `proved` says. Infeasible:
/// a bucket that no kind serves, or limits that do not suffice. Requires: rates and prices that are not negative,
/// slices >= 1.
Feasible<ChipMix> cheapest_mix(const MixQuestion& question, long effort_most = 50'000'000);

}  // namespace socle::search
