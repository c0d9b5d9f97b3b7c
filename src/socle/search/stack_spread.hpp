#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/search/layout_search.hpp"

namespace socle::search {

/// What a job takes on one of the stacks that it may run on.
struct StackStep {
  std::string slug, name;
  Seconds step{};
  Seconds low{}, high{};  ///< the stack's own 90 % range
};

/// A job whose stack is not stated, in one layout on each plausible stack. The answer stands on the middle one: the
/// median by step time (of an even number the faster of the two) in a plain layout, the same for every layout of the
/// job, so that layouts are compared on one stack. Its range reaches from the least low end to the greatest high end.
struct StackSpread {
  std::vector<StackStep> stacks;  ///< fastest first, ties by slug; those that can run the layout
  std::size_t middle = 0;

  const StackStep& chosen() const { return stacks[middle]; }
  /// Bounds of measured / predicted step time of the middle that cover every stack with its own range.
  train::StepRange range() const;
  /// The same stacks when the middle takes `step`: for steps that something outside the stacks made longer.
  StackSpread scaled_to(Seconds step) const;
};

/// "NeMo 25.05, the middle of 12 plausible stacks; with Megatron Bridge 26.08 instead: 12.3 s (-14 %); ..."
std::string stack_sentence(const StackSpread& spread);

/// The machine with another stack under it, on closed forms between nodes.
machine::Machine on_stack(const machine::Machine& machine, catalog::Stack stack);

/// The machine on the middle stack, whose range becomes that of the spread. Requires: `plausible` holds it.
machine::Machine on_middle(const machine::Machine& machine, const std::vector<catalog::Stack>& plausible,
                           const StackSpread& spread);

/// One replayed step on each plausible stack; the middle is the machine's own where it is among them, else the median.
/// Overlaps that `given` leaves out are each stack's own, and those of the layout that the stack can switch on; the
/// rest of the layout is the same. Empty: no stack has all axes of the layout, or it cannot run at all.
StackSpread spread_of_stacks(const model::Transformer& model, const workload::TrainingJob& job,
                             const workload::PartialLayout& given, const workload::Layout& layout,
                             const machine::Machine& machine, const std::vector<catalog::Stack>& plausible);

/// The stack that a job stands on when none is stated, chosen among the plausible ones in a plain layout of the job's
/// own: the least power of two of chips that holds it, or `chips` where none does; the least tp within a domain and pp;
/// states sharded, full recompute. So all layouts and numbers of chips of one job stand on one stack, but for those
/// that split along an axis which that stack lacks: they stand on the middle of the stacks that have all of `axes`.
/// Empty: no plain layout divides.
StackSpread middle_for(const model::Transformer& model, const workload::TrainingJob& job, const workload::Layout& axes,
                       const machine::Machine& machine, const std::vector<catalog::Stack>& plausible, int chips);

/// A search on the middle stack.
struct SpreadSearch {
  SearchResult found;
  machine::Machine machine;  ///< on the middle stack, with the range of the spread
  StackSpread spread;        ///< in the best layout
};

/// Searches on `machine`'s stack, and again where `middle_for` has another for the layout found, a few times at most:
/// then the last layout stands, on its middle. Requires: `plausible` is not empty.
Feasible<SpreadSearch> search_on_middle(const model::Transformer& model, const workload::TrainingJob& job,
                                        const workload::PartialLayout& given, const machine::Machine& machine,
                                        const std::vector<catalog::Stack>& plausible, int chips,
                                        const SearchOptions& options);

}  // namespace socle::search
