#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace socle::net {

using LinkId = std::uint32_t;
using Path = std::vector<LinkId>;

/// A share of a flow on one link: sprayed flows cross many links, each with a part.
struct SpreadHop {
  LinkId link = 0;
  double share = 1.0;
};
using SpreadPath = std::vector<SpreadHop>;

/// How one of several equally short next links is taken.
enum class Routing {
  kDeterministic,  ///< d-mod-k: digits of the destination (Zahavi 2010); all flows to one endpoint share a way down
  kHashed,         ///< ECMP: a hash of source, destination, queue pair and seed
  kAdaptive,       ///< the link that carries least when the flow starts
  kSpray,          ///< every packet another way: equal shares on all minimal paths
};

/// Mixes 64 bits (the finalizer of SplitMix64, Steele, Lea and Flood 2014).
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// Takes the decisions of one path. A topology asks it once at every place where several links lead on.
class Selector {
 public:
  /// `pair`: which of several connections of one transfer this is; planes are taken in turn by it.
  static Selector deterministic(std::uint32_t pair = 0) {
    Selector choose(Routing::kDeterministic, 0, {});
    choose.pair_ = pair;
    return choose;
  }
  std::uint32_t pair() const { return pair_; }
  /// The same key gives the same path.
  static Selector hashed(std::uint64_t key) { return Selector(Routing::kHashed, key, {}); }
  /// `loads` by link; equal loads are decided by the key. Requires: `loads` outlives the selector.
  static Selector adaptive(std::uint64_t key, std::span<const double> loads) {
    return Selector(Routing::kAdaptive, key, loads);
  }
  /// Where the links of a topology start among those of one that holds it.
  void set_link_base(LinkId base) { link_base_ = base; }
  /// Walks through all minimal paths: call next() until it returns false, and route once before each call.
  static Selector enumerating() { return Selector(Routing::kSpray, 0, {}); }

  /// One of `count` links; `digit` is the place's digit of the destination, `link_of(i)` names link i.
  template <typename LinkOf>
  std::uint32_t pick(std::uint32_t count, std::uint32_t digit, LinkOf link_of) {
    if (count == 1) return 0;
    switch (routing_) {
      case Routing::kDeterministic:
        return digit < count ? digit : digit % count;
      case Routing::kHashed:
        return hashed_pick(count);
      case Routing::kAdaptive:
        return least_loaded(count, link_of);
      case Routing::kSpray:
        break;
    }
    return enumerated_pick(count);
  }

  /// Enumeration: the share of the path just routed, 1 / (product of the choices on it).
  double share() const;
  /// Enumeration: on to the next path; false when all were seen.
  bool next();

 private:
  Selector(Routing routing, std::uint64_t key, std::span<const double> loads)
      : routing_(routing), key_(mix_bits(key)), loads_(loads) {}
  std::uint32_t hashed_pick(std::uint32_t count) {
    key_ = mix_bits(key_ + 0x9e3779b97f4a7c15ULL);
    return static_cast<std::uint32_t>(((key_ >> 32) * count) >> 32);
  }
  template <typename LinkOf>
  std::uint32_t least_loaded(std::uint32_t count, LinkOf link_of) {
    const std::uint32_t start = hashed_pick(count);
    std::uint32_t best = start;
    for (std::uint32_t i = 1; i < count; ++i) {
      const std::uint32_t other = start + i < count ? start + i : start + i - count;
      if (loads_[link_base_ + link_of(other)] < loads_[link_base_ + link_of(best)]) best = other;
    }
    return best;
  }
  std::uint32_t enumerated_pick(std::uint32_t count);

  Routing routing_;
  std::uint64_t key_;
  std::span<const double> loads_;
  LinkId link_base_ = 0;
  std::uint32_t pair_ = 0;
  struct Digit {
    std::uint32_t value, count;
  };
  std::vector<Digit> odometer_;
  std::size_t depth_ = 0;
};

}  // namespace socle::net
