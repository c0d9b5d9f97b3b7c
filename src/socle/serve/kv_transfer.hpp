#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/net/max_min.hpp"
#include "socle/serve/replica.hpp"

namespace socle::serve {

/// The network between the replicas that compute prompts and those that decode.
struct TransferLinks {
  BytesPerSecond prefill{};  ///< out of one prefill replica, all its NICs together
  BytesPerSecond decode{};   ///< into one decode replica
  BytesPerSecond one{};      ///< most of one transfer: the NICs of the chips that hold one request's cache
  Seconds latency{};         ///< of the last byte
};

/// Caches on their way from prefill to decode replicas.
///
/// A transfer of b bytes holds two links, the NICs of its two replicas; the fabric between them is taken not to block
/// (assumption). All transfers under way share the links max-min fairly (`net::MaxMin`), and their rates change when
/// one begins or ends. It has arrived when its bytes are through, and a latency later. Bytes sent are exact up to the
/// rounding of doubles; times are rounded up to the clock's picosecond.
class KvTransfers {
 public:
  /// Requires: at least one replica on each side; rates above zero.
  KvTransfers(const TransferLinks& links, std::size_t prefill_replicas, std::size_t decode_replicas);

  /// A transfer begins. `id` is the caller's. Requires: now is no earlier than any time that was given before, and no
  /// later than next().
  void start(std::int64_t id, std::size_t from, std::size_t to, Bytes bytes, Picoseconds now);
  /// When something happens next. kNever: nothing is under way.
  Picoseconds next();
  /// Lets it happen: the id of a transfer that has arrived, or nothing when one is through its links only.
  /// Requires: next() is not kNever.
  std::optional<std::int64_t> advance();
  /// Transfers that began and have not arrived.
  std::int64_t under_way() const { return under_way_; }

 private:
  struct Transfer {
    std::int64_t id = 0;
    std::uint64_t pair = 0;
    double left = 0;        ///< bytes, as of `since`
    double rate = 0;        ///< bytes a picosecond
    Picoseconds since = 0;  ///< when the rate began
    Picoseconds end = kNever;
  };
  struct End {
    Picoseconds time;
    net::FlowId flow;
    bool operator>(const End& other) const { return time != other.time ? time > other.time : flow > other.flow; }
  };
  struct Arrival {
    Picoseconds time;
    std::int64_t id;
  };
  void share(Picoseconds now);
  Picoseconds first_end();

  net::MaxMin rates_;
  std::size_t senders_, receivers_;
  double most_;
  Picoseconds latency_;
  std::vector<Transfer> transfers_;                                    ///< by flow of `rates_`
  std::unordered_map<std::uint64_t, std::vector<net::FlowId>> spare_;  ///< flows at rest, by their pair of replicas
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;    ///< those no longer true are passed over
  std::deque<Arrival> arrivals_;  ///< through their links, in order of time: the latency is the same for all
  std::int64_t under_way_ = 0;
};

}  // namespace socle::serve
