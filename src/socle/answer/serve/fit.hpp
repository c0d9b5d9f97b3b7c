#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/memory/serving_memory.hpp"
#include "socle/setup/serve_setup.hpp"

namespace socle::answer {

/// One layout and whether the model fits on it.
struct FitRow {
  workload::ServingLayout layout;
  std::string problem;  ///< why the layout cannot be; empty: it can, and `memory` is filled
  std::optional<memory::ServingMemory> memory;
  bool fits = false;
  Bytes missing{};           ///< of one chip, until it fits
  double share = 0;          ///< the engine's, on this layout
  std::int64_t longest = 0;  ///< tokens of one sequence, the wanted length at most
  double concurrency = 0;    ///< sequences of the wanted length that fit at once, on one data-parallel rank
};

/// A change with which it fits.
struct FitChange {
  std::string text;  ///< "kv = fp8"
  FitRow row;
};

struct FitResult {
  setup::ServeSetup setup;
  FitRow chosen;
  bool tp_chosen = false;          ///< the user named no tp
  std::vector<FitRow> layouts;     ///< tp = 1, 2, 4, 8, then stages where a node is exceeded
  std::optional<FitRow> smallest;  ///< with the fewest chips on which it fits; empty: none of those tried
  std::vector<FitChange> nearest;  ///< when it does not fit: the nearest that does, one change each
  Bytes model_kv_per_token{};      ///< of all chips of a data-parallel rank, copies counted once
  bool fits() const { return chosen.fits; }
};

/// What `socle serve fit` asks. Throws InputError for a layout of the user's that cannot be.
FitResult serve_fit(setup::ServeSetup setup);

/// One layout under a setup. Requires: sizes at least 1.
FitRow fit_row(const setup::ServeSetup& setup, const workload::ServingLayout& layout);

}  // namespace socle::answer
