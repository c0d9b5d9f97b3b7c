#pragma once

#include "socle/train/pipeline.hpp"

namespace socle::train {

/// Replays a folded program as if it were unfolded. A replay is a chain of "start = the later of (the stage is free,
/// the input is there)". Once every task of a turn ends a constant time after the same task of an earlier turn, and as
/// long as none of these choices changes sides, all later turns follow by adding; so the replay leaps to the turn
/// before the next change. The result is that of `replay` on the whole list but for round-off; the work is counted in
/// `tasks_run`. Requires: program.repeat.times >= 1.
PipelineResult replay_folded(const Program& program, const PipelineTimes& times);

}  // namespace socle::train
