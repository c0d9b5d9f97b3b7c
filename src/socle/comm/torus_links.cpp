#include "socle/comm/torus_links.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "socle/base/check.hpp"

namespace socle::comm {
namespace {

using catalog::TorusSlice;

constexpr std::array<std::array<std::size_t, 3>, 6> kOrders = {
    {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};

/// The group along the sides in this order, or nothing when it fills no box of them.
std::optional<GroupSpans> spans_in(const std::array<std::size_t, 3>& order, const LocalGroup& group,
                                   const TorusSlice& slice) {
  GroupSpans spans;
  int apart = group.stride, left = group.ranks;
  for (const std::size_t i : order) {
    const int side = slice.sides[i];
    if (left == 1) break;
    if (apart % side == 0) {  // the members of a whole side belong to other groups
      apart /= side;
      continue;
    }
    if (side % apart != 0) return std::nullopt;
    const int room = side / apart, members = std::min(left, room);
    if (left % members != 0 || room % members != 0) return std::nullopt;
    spans[i] = {.members = members, .stride = apart, .ring = slice.rings[i] && members == room};
    left /= members;
    apart = 1;
  }
  if (left > 1) return std::nullopt;
  return spans;
}

/// Do so many chips fill whole sides, in this order?
bool fills_sides(int chips, const std::array<std::size_t, 3>& order, const TorusSlice& slice) {
  int held = 1;
  for (const std::size_t i : order) {
    if (held == chips) return true;
    held *= slice.sides[i];
  }
  return held == chips;
}

/// Links that a member of the group can take at once.
double capacity(const GroupSpans& spans) {
  double links = 0;
  for (const SideSpan& span : spans) {
    if (span.members > 1) links += (span.ring ? 2.0 : 1.0) / span.stride;
  }
  return links;
}

double hops(const GroupSpans& spans) {
  double count = 0;
  for (const SideSpan& span : spans) count += (span.ring ? span.members / 2 : span.members - 1) * span.stride;
  return count;
}

/// Most bytes over one link of an all-to-all, as a share of what one member holds.
double all_to_all_load(const GroupSpans& spans) {
  double most = 0;
  for (const SideSpan& span : spans) {
    const double n = span.members, crossing = static_cast<int>(n * n / 4) / n;
    most = std::max(most, crossing * span.stride * (span.ring ? 0.5 : 1.0));
  }
  return most;
}

}  // namespace

GroupSpans group_spans(const LocalGroup& group, const TorusSlice& slice) {
  using Rank = std::tuple<int, double>;
  std::optional<GroupSpans> best;
  Rank best_rank{};
  for (const auto& order : kOrders) {
    const auto spans = spans_in(order, group, slice);
    if (!spans) continue;
    const Rank rank{fills_sides(group.stride, order, slice) + fills_sides(group.stride * group.ranks, order, slice),
                    capacity(*spans)};
    if (!best || rank > best_rank) {
      best = spans;
      best_rank = rank;
    }
  }
  if (best) return *best;
  const int longest = *std::max_element(slice.sides.begin(), slice.sides.end());
  return {{{.members = group.ranks, .stride = std::min(group.stride, longest), .ring = false}, {}, {}}};
}

Seconds TorusLinks::collective_time(graph::Collective collective, const LocalGroup& group, Bytes buffer) const {
  SOCLE_CHECK(group.ranks >= 1 && group.stride >= 1, "group sizes are positive");
  if (group.ranks == 1) return Seconds{};
  if (collective == graph::Collective::kSendReceive || collective == graph::Collective::kRing)
    return send_time(buffer, group.stride);
  const GroupSpans spans = group_spans(group, slice_);
  const BytesPerSecond link = link_ * kFraction;
  if (collective == graph::Collective::kAllToAll)
    return kStart + hops(spans) * kHop + buffer * all_to_all_load(spans) / link;
  const double n = group.ranks, passes = collective == graph::Collective::kAllReduce ? 2.0 : 1.0;
  return kStart + passes * (hops(spans) * kHop + buffer * ((n - 1.0) / n) / (link * capacity(spans)));
}

// Every chip sends to the one `distance` further, side by side: a message that takes h links of a side shares each of
// them with the h - 1 others.
Seconds TorusLinks::send_time(Bytes message, int distance) const {
  int fewest = slice_.chips(), steps = 1;
  for (const auto& order : kOrders) {
    int most = 0, sum = 0, rest = distance;
    for (const std::size_t i : order) {
      const int side = slice_.sides[i], along = rest % side;
      const int links = slice_.rings[i] ? std::min(along, side - along) : along;
      most = std::max(most, links);
      sum += links;
      rest /= side;
    }
    if (most > 0 && most < fewest) fewest = most, steps = sum;
  }
  return kStart + static_cast<double>(steps) * kHop + message * static_cast<double>(fewest) / (link_ * kFraction);
}

}  // namespace socle::comm
