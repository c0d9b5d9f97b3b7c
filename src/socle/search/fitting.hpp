#pragma once

#include <optional>
#include <string>

#include "socle/search/layout_search.hpp"

namespace socle::search {

/// Chips that any cluster may have, and up to which numbers are looked for.
inline constexpr int kChipsMax = 1'000'000;

/// A job that has no feasible layout on `chips` chips of a machine, with the keys that were given.
struct Misfit {
  const model::Transformer& model;
  const workload::TrainingJob& job;
  const workload::PartialLayout& given;
  const machine::Machine& machine;
  int chips = 0;
  int chips_per_node = 8;
  double memory_headroom = 0.05;
  bool chips_may_change = true;            ///< not where the network was made for this number
  train::ProgramMemo* programs = nullptr;  ///< kept over all searches
};

/// Is there any layout with these keys on so many chips? Asked of layouts that need little memory alone: microbatches
/// of one and full recompute where no key says otherwise; all else is searched.
bool some_layout_fits(const Misfit& misfit, const workload::PartialLayout& given, int chips, unsigned threads,
                      Progress* progress);

/// The smallest number of chips, in whole nodes, on which some layout was found; more than `misfit.chips`. Numbers of
/// nodes are doubled until one fits; between the last two, steps get finer and the last 64 numbers are all tried.
/// Nothing when none up to kChipsMax fits, or when chips may not change.
std::optional<int> smallest_fitting_chips(const Misfit& misfit, unsigned threads, Progress* progress);

/// The smallest changes that work, as a sentence: one of the keys given with a value that fits, and the smallest number
/// of chips. Empty when neither was found.
std::string smallest_change(const Misfit& misfit, unsigned threads, Progress* progress);

}  // namespace socle::search
