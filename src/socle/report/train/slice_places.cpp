#include "socle/report/train/slice_places.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/comm/torus_links.hpp"

namespace socle::report {
namespace {

struct AxisPlace {
  std::string axis;
  comm::Footprint group;
  comm::GroupSpans spans;  ///< of the members that share a slice
};

std::vector<AxisPlace> places(const answer::TrainCase& run) {
  const workload::Layout& layout = run.layout;
  const machine::MachineSpec& spec = run.machine.spec();
  std::vector<AxisPlace> list;
  const auto add = [&](const char* axis, const comm::Footprint& group) {
    if (group.ranks == 1) return;
    list.push_back({fmt::format("{} {}", axis, group.ranks), group,
                    comm::group_spans({group.per_domain, group.stride}, *spec.slice)});
  };
  const int domain = spec.scale_up_domain;
  add("tp", comm::footprint(layout.tensor_parallel, 1, domain));
  add("cp", comm::footprint(layout.context_parallel, layout.tensor_parallel, domain));
  add("ep", comm::footprint(layout.expert_parallel, layout.expert_tensor_parallel, domain));
  add(layout.context_parallel > 1 ? "dp x cp" : "dp", train::data_footprint(layout, domain));
  const int ranks = layout.data_parallel * layout.context_parallel;
  if (layout.shard_size > 0)
    add("copies", comm::footprint(ranks / layout.shard_size, layout.shard_size * layout.tensor_parallel, domain));
  return list;
}

std::string span_text(const comm::SideSpan& span) {
  return fmt::format("a {} of {}{}", span.ring ? "ring" : "line", span.members,
                     span.stride > 1 ? fmt::format(", {} chips apart", span.stride) : "");
}

std::string place_text(const AxisPlace& place) {
  std::vector<std::string> parts;
  for (const comm::SideSpan& span : place.spans) {
    if (span.members > 1) parts.push_back(span_text(span));
  }
  std::string text = place.axis;
  if (!parts.empty()) text += fmt::format(" on {}", fmt::join(parts, " and "));
  if (place.group.domains > 1)
    text += fmt::format("{} over {} slices", parts.empty() ? "" : " and", place.group.domains);
  return text;
}

std::string rings_text(const catalog::TorusSlice& slice) {
  if (slice.closed_sides() == 0) return "no side closes to a ring";
  if (slice.closed_sides() == slice.dimensions) return "every side a ring";
  std::vector<int> sides;
  for (std::size_t i = 0; i < slice.sides.size(); ++i) {
    if (slice.rings[i]) sides.push_back(slice.sides[i]);
  }
  return fmt::format("a ring along the side of {}", fmt::join(sides, " and "));
}

}  // namespace

std::string slice_places_text(const answer::TrainCase& run) {
  const catalog::TorusSlice& slice = *run.machine.spec().slice;
  std::string text = fmt::format("slices: {} of {}, {}", std::max(1, run.cluster.chips / slice.chips()),
                                 slice_text(slice), rings_text(slice));
  for (const AxisPlace& place : places(run)) text += "; " + place_text(place);
  return text;
}

Json slice_places_json(const answer::TrainCase& run) {
  const catalog::TorusSlice& slice = *run.machine.spec().slice;
  Json rings = Json::array(), axes = Json::array();
  for (int i = 0; i < slice.dimensions; ++i) rings.push(Json(slice.rings[static_cast<std::size_t>(i)]));
  for (const AxisPlace& place : places(run)) {
    Json sides = Json::array();
    for (const comm::SideSpan& span : place.spans) {
      if (span.members > 1)
        sides.push(Json::object({{"members", span.members}, {"stride", span.stride}, {"ring", span.ring}}));
    }
    axes.push(Json::object({{"axis", place.axis},
                            {"ranks", place.group.ranks},
                            {"stride", place.group.stride},
                            {"slices", place.group.domains},
                            {"sides", std::move(sides)}}));
  }
  return Json::object({{"sides", slice_text(slice)},
                       {"slices", std::max(1, run.cluster.chips / slice.chips())},
                       {"rings", std::move(rings)},
                       {"axes", std::move(axes)}});
}

}  // namespace socle::report
