#include "socle/machine/curve_scale_up.hpp"

namespace socle::machine {

kernel::CollectiveQuery measured_query(graph::Collective collective, int ranks, Bytes buffer) {
  switch (collective) {
    case graph::Collective::kAllReduce:
      return {kernel::Collective::kAllReduce, ranks, buffer};
    case graph::Collective::kAllGather:
      return {kernel::Collective::kAllGather, ranks, buffer};
    case graph::Collective::kReduceScatter:
      return {kernel::Collective::kReduceScatter, ranks, buffer};
    case graph::Collective::kAllToAll:
      return {kernel::Collective::kAllToAll, ranks, buffer};
    case graph::Collective::kSendReceive:
    case graph::Collective::kRing:
      break;
  }
  return {kernel::Collective::kAllToAll, 2, 2.0 * buffer};
}

Seconds CurveScaleUp::collective_time(graph::Collective collective, const comm::LocalGroup& group, Bytes buffer) const {
  return kernel::estimate_collective(curves_, link_, measured_query(collective, group.ranks, buffer)).time;
}

Seconds CurveScaleUp::send_time(Bytes message, int) const {
  return collective_time(graph::Collective::kSendReceive, {2, 1}, message);
}

BytesPerSecond scale_up_link(const catalog::Chip& chip) {
  return chip.scale_up_bandwidth.value_or(BytesPerSecond{25e9});
}

bool adds_in_switch(const catalog::Chip& chip) {
  const std::string& link = chip.scale_up_link;
  const bool nvlink = link.starts_with("NVLink") && link.size() > 6 && link[6] >= '4' && link[6] <= '9';
  return nvlink && link.find("bridge") == std::string::npos && chip.scale_up_domain.value_or(1) >= 8;
}

}  // namespace socle::machine
