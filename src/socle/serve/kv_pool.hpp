#pragma once

#include <cstdint>
#include <vector>

namespace socle::serve {

/// Blocks of a paged cache: who holds how many is the caller's to know; the pool knows how many are left, and how many
/// the next decode steps will take. Sequences that decode grow by the same amount a step, all of them at once, so those
/// whose last blocks are equally full are counted together. Amounts are in units, which are tokens or parts of one.
class KvPool {
 public:
  /// Requires: blocks >= 0, block_units >= 1, growth >= 1: what a sequence adds in a decode step.
  KvPool(std::int64_t blocks, int block_units, int growth);

  std::int64_t blocks() const { return blocks_; }
  std::int64_t used() const { return used_; }
  std::int64_t free() const { return blocks_ - used_; }
  std::int64_t blocks_for(std::int64_t units) const { return (units + block_units_ - 1) / block_units_; }

  /// Requires: 0 <= count <= free().
  void take(std::int64_t count);
  /// Requires: 0 <= count <= used().
  void give_back(std::int64_t count);

  /// A sequence of so many cached units begins, or ends, to decode.
  void begin_decode(std::int64_t units) { ++filling_[phase(units)]; }
  void end_decode(std::int64_t units) { --filling_[phase(units)]; }
  /// Blocks that the next decode step takes.
  std::int64_t next_step_needs() const { return growth_ == 1 ? filling_[phase(0)] : needs(1); }
  /// Blocks that so many decode steps take together. Linear in block_units, whatever the steps.
  std::int64_t needs(std::int64_t steps) const;
  /// Decode steps, at most `most`, for which `available` blocks suffice. Linear in block_units, times the logarithm of
  /// `most` where growth is not 1.
  std::int64_t steps_that_fit(std::int64_t most, std::int64_t available) const;
  /// All decoding sequences grow by so many steps. Requires: needs(steps) <= free().
  void decode(std::int64_t steps);

 private:
  /// Where a sequence of so many units stands now: sequences of one place fill their last blocks together.
  std::size_t phase(std::int64_t units) const {
    const std::int64_t at = (units - grown_) % block_units_;
    return static_cast<std::size_t>(at < 0 ? at + block_units_ : at);
  }

  std::int64_t blocks_;
  std::int64_t used_ = 0;
  std::int64_t grown_ = 0;  ///< units so far
  int block_units_;
  int growth_;
  std::vector<std::int64_t> filling_;  ///< decoding sequences by (units - grown) modulo block_units
};

}  // namespace socle::serve
