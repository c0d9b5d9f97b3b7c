#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace socle::train {

/// One task of a turn: when it ended and by how much its stage was free later than its input was there (negative: the
/// stage waited). Seconds.
struct TurnTask {
  int lane = 0;  ///< of its kind, stage and chunk
  int microbatch = 0;
  double end = 0, margin = 0;
};
using Turn = std::vector<TurnTask>;

/// Turns of a folded replay that may be skipped, stride * strides of them. Each stride moves every task of the last
/// `stride` turns by the difference to the task one stride before.
struct Leap {
  int stride = 1;   ///< turns
  int strides = 0;  ///< at least one
};

/// The last turns of a replay, newest at the back, and whether they have become regular.
class TurnHistory {
 public:
  void add(Turn turn);
  void clear() { turns_.clear(); }
  std::size_t size() const { return turns_.size(); }
  const Turn& back(std::size_t age) const { return turns_[turns_.size() - 1 - age]; }
  /// How far the replay may leap: at most `most` turns, or not at all. `reach` = over how many turns a task waits for
  /// another. `scale` = length of a turn in seconds, against which round-off is told.
  std::optional<Leap> leap(int most, std::size_t reach, double scale) const;

 private:
  bool regular(std::size_t stride, std::size_t reach, double tolerance) const;
  std::vector<Turn> turns_;
};

}  // namespace socle::train
