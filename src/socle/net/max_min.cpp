#include "socle/net/max_min.hpp"

#include <algorithm>

#include "socle/base/check.hpp"

namespace socle::net {

/// Levels and loads that differ by less are equal: rounding of sums over many flows.
constexpr double kSlack = 1e-10;
/// A repeated fill takes all flows once more than one in so many is open.
constexpr std::size_t kWholesale = 32;

MaxMin::MaxMin(std::vector<double> capacities) : links_(capacities.size()) {
  for (std::size_t i = 0; i < capacities.size(); ++i) links_[i].capacity = capacities[i];
}

void MaxMin::reserve(std::size_t flows, std::size_t hops) {
  flows_.reserve(flows);
  hop_link_.reserve(hops);
  hop_place_.reserve(hops);
}

void MaxMin::append_hops(Flow& flow, std::span<const LinkId> links, std::span<const double> shares) {
  SOCLE_CHECK(shares.empty() || shares.size() == links.size(), "every link of a path has its share");
  flow.first = static_cast<std::uint32_t>(hop_link_.size());
  flow.hops = static_cast<std::uint32_t>(links.size());
  hop_link_.insert(hop_link_.end(), links.begin(), links.end());
  hop_place_.resize(hop_link_.size());
  if (shares.empty() && hop_share_.empty()) return;
  hop_share_.resize(flow.first, 1.0);
  if (shares.empty())
    hop_share_.resize(hop_link_.size(), 1.0);
  else
    hop_share_.insert(hop_share_.end(), shares.begin(), shares.end());
}

FlowId MaxMin::add(std::span<const LinkId> links, std::span<const double> shares, double weight, double cap) {
  SOCLE_CHECK(weight > 0 && cap > 0, "a flow has a weight and may run");
  Flow flow{.weight = weight, .cap_level = cap / weight};
  append_hops(flow, links, shares);
  flows_.push_back(flow);
  return static_cast<FlowId>(flows_.size() - 1);
}

void MaxMin::set_path(FlowId id, std::span<const LinkId> links, std::span<const double> shares) {
  SOCLE_CHECK(!flows_[id].runs, "a flow at rest gets another path");
  append_hops(flows_[id], links, shares);
}

void MaxMin::start(FlowId id) {
  Flow& flow = flows_[id];
  SOCLE_CHECK(!flow.runs, "a flow at rest starts");
  flow.runs = true;
  ++running_;
  flow.started = true;
  for (std::uint32_t hop = flow.first; hop < flow.first + flow.hops; ++hop) {
    auto& running = links_[hop_link_[hop]].running;
    hop_place_[hop] = static_cast<std::uint32_t>(running.size());
    running.push_back({id, hop});
  }
  started_.push_back(id);
}

void MaxMin::stop(FlowId id) {
  Flow& flow = flows_[id];
  SOCLE_CHECK(flow.runs, "a running flow stops");
  for (std::uint32_t hop = flow.first; hop < flow.first + flow.hops; ++hop) {
    LinkState& link = links_[hop_link_[hop]];
    const Entry last = link.running.back();
    link.running[hop_place_[hop]] = last;
    hop_place_[last.hop] = hop_place_[hop];
    link.running.pop_back();
    if (!link.running.empty()) dirty_.push_back(hop_link_[hop]);
  }
  set_bottleneck(flow, kNone);
  flow.runs = false;
  --running_;
  flow.started = false;
  flow.level = 0;
}

void MaxMin::set_capacity(LinkId id, double capacity) {
  LinkState& link = links_[id];
  link.capacity = capacity;
  // Opened whole: less capacity slows flows whose bottleneck is elsewhere today.
  for (const Entry& entry : link.running) {
    Flow& flow = flows_[entry.flow];
    if (flow.started) continue;
    flow.started = true;
    started_.push_back(entry.flow);
  }
}

void MaxMin::set_bottleneck(Flow& flow, LinkId link) {
  if (flow.bottleneck != kNone) --links_[flow.bottleneck].bottlenecked;
  flow.bottleneck = link;
  if (link != kNone) ++links_[link].bottlenecked;
}

// A flow alone on all its links runs as fast as the slowest of them allows.
bool MaxMin::settle_unshared(FlowId id) {
  Flow& flow = flows_[id];
  double level = flow.cap_level;
  LinkId bottleneck = kNone;
  for (std::uint32_t hop = flow.first; hop < flow.first + flow.hops; ++hop) {
    const LinkState& link = links_[hop_link_[hop]];
    if (link.running.size() != 1) return false;
    const double full = link.capacity / demand(flow, hop);
    if (full < level) level = full, bottleneck = hop_link_[hop];
  }
  if (flow.level != level) changed_.push_back(id);
  flow.level = level;
  set_bottleneck(flow, bottleneck);
  ++counts_.unshared;
  return true;
}

void MaxMin::solve() {
  changed_.clear();
  opened_.clear();
  old_level_.clear();
  touched_.clear();
  capped_.clear();
  ++fill_;
  for (const FlowId id : started_) {
    if (!flows_[id].started) continue;  // stopped again before it was solved for, or seen already
    flows_[id].started = false;
    if (!settle_unshared(id)) open_flow(id);
  }
  started_.clear();
  for (const LinkId link : dirty_) {
    if (links_[link].bottlenecked > 0) open_bottlenecked(link);
  }
  dirty_.clear();
  if (opened_.empty()) return;
  ++counts_.solves;
  for (fill(); open_unsaturated(); fill()) {
    ++counts_.repeats;
    if (opened_.size() * kWholesale > running_) open_all();
  }
  counts_.opened += opened_.size();
  for (std::size_t i = 0; i < opened_.size(); ++i) {
    Flow& flow = flows_[opened_[i]];
    flow.open = false;
    if (flow.level != old_level_[i]) changed_.push_back(opened_[i]);
  }
}

// Where a change reaches much of the network, beginning again with a few more flows at a time costs more than all of
// it.
void MaxMin::open_all() {
  for (FlowId id = 0; id < flows_.size(); ++id) {
    if (flows_[id].runs) open_flow(id);
  }
}

void MaxMin::clear(LinkId id) {
  LinkState& link = links_[id];
  link.touched = fill_;
  link.residual = link.capacity;
  link.load = 0;
  link.open = link.unfrozen = 0;
  link.stale = false;
  link.slot = static_cast<std::uint32_t>(touched_.size());
  touched_.push_back(id);
}

// Residual and load of a link as the fill sees it first: fixed flows keep their rates, open ones share the rest.
void MaxMin::touch(LinkId id) {
  clear(id);
  LinkState& link = links_[id];
  for (const Entry& entry : link.running) {
    const Flow& flow = flows_[entry.flow];
    if (!flow.open) {
      link.residual -= flow.level * demand(flow, entry.hop);
    } else {
      ++link.open;
      if (flow.frozen) {
        link.residual -= flow.level * demand(flow, entry.hop);
      } else {
        link.load += demand(flow, entry.hop);
        ++link.unfrozen;
      }
    }
  }
}

void MaxMin::open_flow(FlowId id) {
  Flow& flow = flows_[id];
  if (flow.open) return;
  flow.open = true;
  flow.frozen = false;
  opened_.push_back(id);
  old_level_.push_back(flow.level);
  set_bottleneck(flow, kNone);
  if (flow.cap_level != kNoCap) capped_.push_back(id);
  for (std::uint32_t hop = flow.first; hop < flow.first + flow.hops; ++hop) {
    if (!filling_) continue;  // the fill will touch the link
    LinkState& link = links_[hop_link_[hop]];
    if (link.touched != fill_) {
      touch(hop_link_[hop]);
      levels_.add(fair_level(link));
    } else {
      link.residual += flow.level * demand(flow, hop);
      link.load += demand(flow, hop);
      ++link.open;
      ++link.unfrozen;
      mark_stale(link);
    }
  }
}

void MaxMin::refresh_levels() {
  const bool many = stale_.size() > levels_.size() / 8;  // then one pass over all costs less than a climb for each
  for (const std::uint32_t slot : stale_) {
    LinkState& link = links_[touched_[slot]];
    link.stale = false;
    many ? levels_.put(slot, fair_level(link)) : levels_.set(slot, fair_level(link));
  }
  if (many) levels_.rebuild();
  stale_.clear();
}

void MaxMin::sort_capped() {
  std::sort(capped_.begin(), capped_.end(), [this](FlowId a, FlowId b) {
    return std::make_pair(-flows_[a].cap_level, a) < std::make_pair(-flows_[b].cap_level, b);  // the smallest cap last
  });
}

void MaxMin::open_bottlenecked(LinkId id) {
  for (const Entry& entry : links_[id].running) {
    if (!flows_[entry.flow].open && flows_[entry.flow].bottleneck == id) open_flow(entry.flow);
  }
}

void MaxMin::fill() {
  ++fill_;
  touched_.clear();
  for (const FlowId id : opened_) flows_[id].frozen = false;
  const bool whole = opened_.size() == running_;  // nothing is fixed: loads add up flow by flow
  for (const FlowId id : opened_) {
    const Flow& flow = flows_[id];
    for (std::uint32_t hop = flow.first; hop < flow.first + flow.hops; ++hop) {
      LinkState& link = links_[hop_link_[hop]];
      if (link.touched != fill_) whole ? clear(hop_link_[hop]) : touch(hop_link_[hop]);
      if (!whole) continue;
      link.load += demand(flow, hop);
      ++link.open;
      ++link.unfrozen;
    }
  }
  stale_.clear();
  levels_.assign(static_cast<std::uint32_t>(touched_.size()),
                 [this](std::uint32_t slot) { return fair_level(links_[touched_[slot]]); });
  sort_capped();
  filling_ = true;
  begin_again_ = false;
  while (levels_.size() > 0 && !begin_again_) {
    refresh_levels();
    const std::uint32_t slot = levels_.best();
    const double level = levels_.key(slot);
    if (level == LevelTree::kNever) break;
    if (!capped_.empty() && flows_[capped_.back()].cap_level <= level)
      freeze_capped(level);
    else
      freeze_link(touched_[slot], level);
  }
  filling_ = false;
  if (!begin_again_) freeze_capped(kNoCap);
  for (const FlowId id : opened_) {
    if (!begin_again_ && !flows_[id].frozen) freeze_flow(id, kNoCap, kNone);  // no links: nothing slows it
  }
  capped_.clear();
  for (const FlowId id : opened_) {
    if (flows_[id].cap_level != kNoCap) capped_.push_back(id);
  }
}

void MaxMin::freeze_capped(double level) {
  while (!capped_.empty() && flows_[capped_.back()].cap_level <= level) {
    const FlowId id = capped_.back();
    capped_.pop_back();
    if (!flows_[id].frozen) freeze_flow(id, flows_[id].cap_level, kNone);
  }
}

// Fixed flows on the link that are faster than it allows make room first. Fixed flows that were slower because of this
// very link take part in the room that others left: then the fill begins again with them.
bool MaxMin::open_unequal(LinkId id, double level) {
  const std::size_t before = opened_.size();
  for (const Entry& entry : links_[id].running) {
    const Flow& flow = flows_[entry.flow];
    if (flow.open) continue;
    if (flow.bottleneck == id && flow.level < level * (1 - kSlack))
      begin_again_ = true;
    else if (flow.level <= level * (1 + kSlack))
      continue;
    open_flow(entry.flow);
  }
  return opened_.size() > before;
}

void MaxMin::freeze_link(LinkId id, double level) {
  LinkState& link = links_[id];
  if (link.open < link.running.size() && open_unequal(id, level)) return sort_capped();
  ++counts_.levels;
  for (std::size_t i = 0; i < link.running.size(); ++i) {
    const Flow& flow = flows_[link.running[i].flow];
    if (flow.open && !flow.frozen) freeze_flow(link.running[i].flow, level, id);
  }
}

void MaxMin::freeze_flow(FlowId id, double level, LinkId bottleneck) {
  Flow& flow = flows_[id];
  flow.frozen = true;
  flow.level = level;
  set_bottleneck(flow, bottleneck);
  for (std::uint32_t hop = flow.first; hop < flow.first + flow.hops; ++hop) {
    LinkState& link = links_[hop_link_[hop]];
    const double part = demand(flow, hop);
    link.load -= part;
    link.residual -= level * part;
    --link.unfrozen;
    mark_stale(link);
  }
}

// Fixed flows whose bottleneck is no longer full may go up: they are opened too.
bool MaxMin::open_unsaturated() {
  if (begin_again_) return true;
  const std::size_t before = opened_.size();
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    const LinkId id = touched_[i];
    const LinkState& link = links_[id];
    if (link.bottlenecked > 0 && link.residual > kSlack * link.capacity) open_bottlenecked(id);
  }
  return opened_.size() > before;
}

}  // namespace socle::net
