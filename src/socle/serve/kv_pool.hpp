#pragma once

#include <cstdint>
#include <vector>

namespace socle::serve {

/// Blocks of a paged cache: who holds how many is the caller's to know; the pool knows how many are left, and how many
/// the next decode steps will take. Sequences that decode grow by one token a step, all of them at once, so those whose
/// last block fills up in the same step are counted together.
class KvPool {
 public:
  /// Requires: blocks >= 0, block_tokens >= 1.
  KvPool(std::int64_t blocks, int block_tokens);

  std::int64_t blocks() const { return blocks_; }
  std::int64_t used() const { return used_; }
  std::int64_t free() const { return blocks_ - used_; }
  int block_tokens() const { return block_tokens_; }
  std::int64_t blocks_for(std::int64_t tokens) const { return (tokens + block_tokens_ - 1) / block_tokens_; }

  /// Requires: 0 <= count <= free().
  void take(std::int64_t count);
  /// Requires: 0 <= count <= used().
  void give_back(std::int64_t count);

  /// A sequence of so many cached tokens begins, or ends, to decode.
  void begin_decode(std::int64_t tokens) { ++filling_[phase(tokens)]; }
  void end_decode(std::int64_t tokens) { --filling_[phase(tokens)]; }
  /// Blocks that the next decode step takes.
  std::int64_t next_step_needs() const { return filling_[phase(0)]; }
  /// Blocks that so many decode steps take together. Linear in block_tokens, whatever the steps.
  std::int64_t needs(std::int64_t steps) const;
  /// Decode steps, at most `most`, for which `available` blocks suffice. Linear in block_tokens.
  std::int64_t steps_that_fit(std::int64_t most, std::int64_t available) const;
  /// All decoding sequences grow by so many tokens. Requires: needs(steps) <= free().
  void decode(std::int64_t steps);

 private:
  /// Where a sequence of so many tokens stands now: sequences of one place fill their last blocks together.
  std::size_t phase(std::int64_t tokens) const {
    const std::int64_t at = (tokens - grown_) % block_tokens_;
    return static_cast<std::size_t>(at < 0 ? at + block_tokens_ : at);
  }

  std::int64_t blocks_;
  std::int64_t used_ = 0;
  std::int64_t grown_ = 0;  ///< decode steps so far
  int block_tokens_;
  std::vector<std::int64_t> filling_;  ///< decoding sequences by (tokens - grown) modulo block_tokens
};

}  // namespace socle::serve
