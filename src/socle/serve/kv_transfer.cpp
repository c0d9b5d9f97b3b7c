#include "socle/serve/kv_transfer.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::serve {
namespace {

constexpr double kTicks = 1e12;  // picoseconds of a second

std::vector<double> capacities(const TransferLinks& links, std::size_t senders, std::size_t receivers) {
  std::vector<double> all(senders, links.prefill.value());
  all.insert(all.end(), receivers, links.decode.value());
  return all;
}

}  // namespace

KvTransfers::KvTransfers(const TransferLinks& links, std::size_t prefill_replicas, std::size_t decode_replicas)
    : rates_(capacities(links, prefill_replicas, decode_replicas)),
      senders_(prefill_replicas),
      receivers_(decode_replicas),
      most_(links.one.value()),
      latency_(net::to_picoseconds(links.latency)) {
  SOCLE_CHECK(prefill_replicas >= 1 && decode_replicas >= 1, "caches go from a replica to a replica");
  SOCLE_CHECK(links.prefill.value() > 0 && links.decode.value() > 0 && most_ > 0, "links carry something");
}

void KvTransfers::start(std::int64_t id, std::size_t from, std::size_t to, Bytes bytes, Picoseconds now) {
  SOCLE_CHECK(now <= next(), "what happened before a transfer began has been carried out");
  const std::array<net::LinkId, 2> path{static_cast<net::LinkId>(from), static_cast<net::LinkId>(senders_ + to)};
  net::FlowId flow = 0;
  const std::uint64_t pair = from * receivers_ + to;
  std::vector<net::FlowId>& spare = spare_[pair];
  if (spare.empty()) {
    flow = rates_.add(path, {}, 1.0, most_);
    transfers_.emplace_back();
  } else {
    flow = spare.back();
    spare.pop_back();
  }
  transfers_[flow] = {.id = id, .pair = pair, .left = bytes.value(), .since = now};
  rates_.start(flow);
  ++under_way_;
  share(now);
}

// What was sent at the old rates is taken off where a rate has changed.
void KvTransfers::share(Picoseconds now) {
  rates_.solve();
  for (const net::FlowId flow : rates_.changed()) {
    if (!rates_.runs(flow)) continue;
    Transfer& transfer = transfers_[flow];
    transfer.left = std::max(0.0, transfer.left - transfer.rate * static_cast<double>(now - transfer.since));
    transfer.since = now;
    transfer.rate = rates_.rate(flow) / kTicks;
    SOCLE_CHECK(transfer.rate > 0, "every transfer gets on");
    const Picoseconds end = now + net::rounded(std::ceil(transfer.left / transfer.rate));
    if (end == transfer.end) continue;
    transfer.end = end;
    ends_.push({end, flow});
  }
}

Picoseconds KvTransfers::first_end() {
  while (!ends_.empty() && transfers_[ends_.top().flow].end != ends_.top().time) ends_.pop();
  return ends_.empty() ? kNever : ends_.top().time;
}

Picoseconds KvTransfers::next() { return std::min(first_end(), arrivals_.empty() ? kNever : arrivals_.front().time); }

std::optional<std::int64_t> KvTransfers::advance() {
  const Picoseconds end = first_end();
  if (!arrivals_.empty() && arrivals_.front().time <= end) {
    const std::int64_t id = arrivals_.front().id;
    arrivals_.pop_front();
    --under_way_;
    return id;
  }
  SOCLE_CHECK(end != kNever, "a transfer ends that began");
  const net::FlowId flow = ends_.top().flow;
  ends_.pop();
  Transfer& transfer = transfers_[flow];
  transfer.end = kNever;
  arrivals_.push_back({end + latency_, transfer.id});
  rates_.stop(flow);
  spare_[transfer.pair].push_back(flow);
  share(end);
  return std::nullopt;
}

}  // namespace socle::serve
