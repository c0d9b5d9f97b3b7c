#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "socle/base/feasible.hpp"
#include "socle/base/progress.hpp"
#include "socle/train/step.hpp"
#include "socle/workload/partial_layout.hpp"

namespace socle::search {

/// Knobs of a search. The first group changes the answer, the second only the time it takes.
struct SearchOptions {
  double memory_headroom = 0.05;  ///< share of the chip's memory that must stay free
  int keep = 5;                   ///< best layouts to return, each re-evaluated by event replay
  bool all_overlaps = false;      ///< search overlap switches instead of taking the stack's
  bool wide =
      false;  ///< and offloads, kept gathers, scattered messages, placement, all divisors (docs/design/search.md)
  unsigned threads = 0;                    ///< 0 = all cores; the answer does not depend on it
  Progress* progress = nullptr;            ///< told of every group of layouts, and looked at
  train::ProgramMemo* programs = nullptr;  ///< kept for other searches
};

/// One layout with its estimate by event replay.
struct RankedLayout {
  workload::Layout layout;
  train::StepResult step;
};

/// What the search did. Every layout is settled once:
/// considered = cut_divisibility + cut_memory + cut_bound + estimated.
struct SearchCounts {
  std::uint64_t considered = 0;        ///< layouts of the declared space
  std::uint64_t cut_divisibility = 0;  ///< do not divide
  std::uint64_t cut_memory = 0;        ///< a lower bound on their memory exceeds the chip's
  std::uint64_t cut_bound = 0;         ///< a lower bound on their time exceeds the best
  std::uint64_t estimated = 0;         ///< in closed form; those found too large then count under `reasons` too
  std::uint64_t replayed = 0;          ///< of those estimated, by event replay
};

struct SearchResult {
  std::vector<RankedLayout> best;  ///< fastest first; ties by the layout's order in the space
  SearchCounts counts;
  std::map<std::string, std::uint64_t> reasons;  ///< infeasible layouts by reason
  bool proven = false;                           ///< nothing in the declared space beats the first (by the closed form)
};

/// Fills the empty keys of `given` with what the stack does and one default per key, without a search: tp, pp, ... = 1,
/// dp = the rest of the chips.
workload::Layout complete_layout(const workload::PartialLayout& given, const machine::Machine& machine, int chips,
                                 bool lora);

/// Searches the keys left out over all legal values. Infeasible with the most common reason when nothing fits.
/// Deterministic for any number of threads.
Feasible<SearchResult> search_layouts(const model::Transformer& model, const workload::TrainingJob& job,
                                      const workload::PartialLayout& given, const machine::Machine& machine, int chips,
                                      const SearchOptions& options);

}  // namespace socle::search
