#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

namespace socle::net {

/// Smallest of many keys that change often: a tournament tree. Changing a key costs at most one comparison a level, and
/// stops where the winner stays the same. Of equal keys the lower slot wins.
class LevelTree {
 public:
  static constexpr double kNever = std::numeric_limits<double>::infinity();

  void clear() { size_ = 0; }
  std::uint32_t size() const { return size_; }
  /// Adds slot size() with its key.
  void add(double key) {
    if (size_ == leaves_) grow();
    set(size_++, key);
  }
  void set(std::uint32_t slot, double key) {
    key_[slot] = key;
    for (std::uint32_t i = (slot + leaves_) / 2; i >= 1; i /= 2) {
      const std::uint32_t left = winner(2 * i), right = winner(2 * i + 1);
      const std::uint32_t best = key_[right] < key_[left] ? right : left;
      if (best == tree_[i] && best != slot) return;
      tree_[i] = best;
    }
  }
  /// Sets a key without looking at the tree; call rebuild() before the next best().
  void put(std::uint32_t slot, double key) { key_[slot] = key; }
  /// Plays all matches again, in linear time.
  void rebuild() {
    tree_.resize(leaves_);
    for (std::uint32_t i = leaves_ - 1; i >= 1; --i) {
      const std::uint32_t left = winner(2 * i), right = winner(2 * i + 1);
      tree_[i] = key_[right] < key_[left] ? right : left;
    }
  }
  /// Requires: size() > 0.
  std::uint32_t best() const { return leaves_ == 1 ? 0 : tree_[1]; }
  double key(std::uint32_t slot) const { return key_[slot]; }

  /// Adds many slots at once, in linear time.
  template <typename KeyOf>
  void assign(std::uint32_t count, KeyOf key_of) {
    size_ = count;
    leaves_ = std::bit_ceil(count + 1u);
    key_.assign(leaves_, kNever);
    for (std::uint32_t slot = 0; slot < count; ++slot) key_[slot] = key_of(slot);
    rebuild();
  }

 private:
  std::uint32_t winner(std::uint32_t node) const { return node >= leaves_ ? node - leaves_ : tree_[node]; }
  void grow() {
    leaves_ *= 2;
    key_.resize(leaves_, kNever);
    rebuild();
  }

  std::vector<double> key_{kNever};
  std::vector<std::uint32_t> tree_{0};  ///< by inner node, 1 the root: the slot that wins below it
  std::uint32_t leaves_ = 1, size_ = 0;
};

}  // namespace socle::net
