#include "socle/net/router.hpp"

#include <algorithm>
#include <deque>

#include "socle/base/check.hpp"

namespace socle::net {
namespace {

/// Hashes tried before all minimal paths are looked through: with half of the ways dead, all of 32 fail once in 4e9.
constexpr int kRehashes = 32;

std::uint64_t flow_key(std::uint64_t seed, std::uint32_t from, std::uint32_t to, std::uint32_t pair) {
  const std::uint64_t ends = (static_cast<std::uint64_t>(from) << 32) | to;
  return mix_bits(seed + 0x9e3779b97f4a7c15ULL) ^ mix_bits(ends + mix_bits(pair + 1));
}

}  // namespace

Router::Router(const Topology& topology, const RoutingOptions& options)
    : topology_(topology), options_(options), trunks_(topology.trunks()) {
  link_latency_.reserve(topology.links().size());
  for (const Link& link : topology.links()) link_latency_.push_back(to_picoseconds(link.latency));
  if (options.routing == Routing::kAdaptive) loads_.assign(topology.links().size(), 0.0);
}

void Router::set_failed(LinkId link, bool failed) {
  if (failed_.empty()) failed_.assign(topology_.links().size(), false);
  for (const LinkId direction : {link & ~1u, link | 1u}) {
    if (failed_[direction] == failed) continue;
    failed_[direction] = failed;
    failed ? ++failures_ : --failures_;
  }
}

void Router::set_switch_failed(std::uint32_t node, bool failed) {
  if (cables_at_.empty()) {
    cables_at_.resize(topology_.nodes());
    for (LinkId link = 0; link < topology_.links().size(); link += 2) {
      cables_at_[topology_.links()[link].from].push_back(link);
      cables_at_[topology_.links()[link].to].push_back(link);
    }
  }
  for (const LinkId link : cables_at_[node]) set_failed(link, failed);
}

std::uint32_t Router::flows_per_transfer() const {
  return options_.routing == Routing::kSpray ? 1 : options_.queue_pairs;
}

std::vector<double> Router::capacities() const {
  std::vector<double> capacities;
  capacities.reserve(topology_.links().size() + trunks_.size());
  for (const Link& link : topology_.links()) capacities.push_back(link.bandwidth.value());
  for (LinkId link = 0; link < capacities.size() && failures_ > 0; ++link) {
    if (failed_[link]) capacities[link] = 0;
  }
  for (const Trunk& trunk : trunks_)
    capacities.push_back(topology_.links()[trunk.first].bandwidth.value() * trunk.count);
  return capacities;
}

bool Router::append(std::uint32_t from, std::uint32_t to, double bytes, FlowPaths& paths) {
  if (!topology_.reachable(from, to)) return false;
  if (options_.routing == Routing::kDeterministic && options_.queue_pairs == 1 && failures_ == 0 &&
      paths.shares.empty()) {
    Selector digits = Selector::deterministic();
    topology_.route(from, to, digits, paths.links);
    paths.begin.push_back(static_cast<std::uint32_t>(paths.links.size()));
    return true;
  }
  if (options_.routing == Routing::kSpray) return append_spread(from, to, paths);
  const std::size_t paths_before = paths.begin.size(), links_before = paths.links.size();
  const std::uint32_t pairs = flows_per_transfer();
  for (std::uint32_t pair = 0; pair < pairs; ++pair) {
    if (append_single(from, to, pair, bytes / pairs, paths)) continue;
    paths.begin.resize(paths_before);
    paths.links.resize(links_before);
    return false;
  }
  return true;
}

bool Router::alive(std::span<const LinkId> links) const {
  return failures_ == 0 || std::none_of(links.begin(), links.end(), [this](LinkId link) { return failed_[link]; });
}

void Router::push(std::span<const LinkId> links, FlowPaths& paths) {
  paths.links.insert(paths.links.end(), links.begin(), links.end());
  if (!paths.shares.empty()) paths.shares.resize(paths.links.size(), 1.0);
  paths.begin.push_back(static_cast<std::uint32_t>(paths.links.size()));
}

// What d-mod-k would send over a dead link is hashed over the ways that are left.
Selector Router::selector(std::uint64_t key, std::uint32_t pair, int attempt) const {
  if (options_.routing == Routing::kDeterministic && attempt == 0) return Selector::deterministic(pair);
  if (options_.routing == Routing::kAdaptive) return Selector::adaptive(key + attempt, loads_);
  return Selector::hashed(key + attempt);
}

bool Router::append_single(std::uint32_t from, std::uint32_t to, std::uint32_t pair, double bytes, FlowPaths& paths) {
  const std::uint64_t key = flow_key(options_.seed, from, to, pair);
  bool found = false;
  for (int attempt = 0; attempt < kRehashes && !found; ++attempt) {
    scratch_.clear();
    Selector choose = selector(key, pair, attempt);
    topology_.route(from, to, choose, scratch_);
    found = alive(scratch_);
  }
  for (Selector all = Selector::enumerating(); !found;) {
    scratch_.clear();
    topology_.route(from, to, all, scratch_);
    found = alive(scratch_);
    if (!found && !all.next()) {
      scratch_.clear();
      if (!detour(from, to, scratch_)) return false;
      found = true;
    }
  }
  if (options_.routing == Routing::kAdaptive) {
    for (const LinkId link : scratch_) loads_[link] += bytes;
  }
  push(scratch_, paths);
  return true;
}

bool Router::append_spread(std::uint32_t from, std::uint32_t to, FlowPaths& paths) {
  spread_.clear();
  if (failures_ > 0 || !topology_.spread(from, to, spread_)) {
    spread_.clear();
    double alive_share = 0;
    Selector all = Selector::enumerating();
    do {
      scratch_.clear();
      topology_.route(from, to, all, scratch_);
      if (!alive(scratch_)) continue;
      alive_share += all.share();
      for (const LinkId link : scratch_) spread_.push_back({link, all.share()});
    } while (all.next());
    if (alive_share == 0) {
      scratch_.clear();
      if (!detour(from, to, scratch_)) return false;
      for (const LinkId link : scratch_) spread_.push_back({link, 1.0});
      alive_share = 1;
    }
    std::sort(spread_.begin(), spread_.end(), [](const SpreadHop& a, const SpreadHop& b) { return a.link < b.link; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < spread_.size(); ++i) {
      if (kept > 0 && spread_[kept - 1].link == spread_[i].link)
        spread_[kept - 1].share += spread_[i].share;
      else
        spread_[kept++] = spread_[i];
    }
    spread_.resize(kept);
    for (SpreadHop& hop : spread_) hop.share /= alive_share;
  }
  paths.shares.resize(paths.links.size(), 1.0);
  for (const SpreadHop& hop : spread_) {
    paths.links.push_back(hop.link);
    paths.shares.push_back(hop.share);
  }
  paths.begin.push_back(static_cast<std::uint32_t>(paths.links.size()));
  return true;
}

// Breadth first over what is alive: used only where every minimal path is cut.
bool Router::detour(std::uint32_t from, std::uint32_t to, Path& path) const {
  const auto links = topology_.links();
  std::vector<std::vector<LinkId>> leaving(topology_.nodes());
  for (LinkId link = 0; link < links.size(); ++link) {
    if (!failed_[link] && (links[link].from >= topology_.endpoints() || links[link].from == from))
      leaving[links[link].from].push_back(link);
  }
  constexpr LinkId kUnseen = 0xffffffffu;
  std::vector<LinkId> arrived_by(topology_.nodes(), kUnseen);
  std::deque<std::uint32_t> queue{from};
  while (!queue.empty() && arrived_by[to] == kUnseen) {
    const std::uint32_t node = queue.front();
    queue.pop_front();
    for (const LinkId link : leaving[node]) {
      if (links[link].to == from || arrived_by[links[link].to] != kUnseen) continue;
      arrived_by[links[link].to] = link;
      queue.push_back(links[link].to);
    }
  }
  if (arrived_by[to] == kUnseen) return false;
  for (std::uint32_t node = to; node != from; node = links[arrived_by[node]].from) path.push_back(arrived_by[node]);
  std::reverse(path.begin(), path.end());
  return true;
}

Picoseconds Router::latency(std::uint32_t from, std::uint32_t to, std::span<const LinkId> path) const {
  const auto sum = [this](std::span<const LinkId> links) {
    Picoseconds total = 0;
    for (const LinkId link : links) total += link_latency_[link];
    return total;
  };
  if (options_.routing != Routing::kSpray) return sum(path);
  Selector choose = Selector::deterministic();
  Path one;
  topology_.route(from, to, choose, one);
  return sum(one);
}

void Router::add_load(std::span<const LinkId> links, std::span<const double> shares, double bytes,
                      std::vector<double>& by_link) const {
  const auto real = static_cast<LinkId>(topology_.links().size());
  for (std::size_t i = 0; i < links.size(); ++i) {
    const double part = bytes * (shares.empty() ? 1.0 : shares[i]);
    if (links[i] < real) {
      by_link[links[i]] += part;
      continue;
    }
    const Trunk& trunk = trunks_[links[i] - real];
    for (std::uint32_t j = 0; j < trunk.count; ++j) by_link[trunk.first + j * trunk.stride] += part / trunk.count;
  }
}

}  // namespace socle::net
