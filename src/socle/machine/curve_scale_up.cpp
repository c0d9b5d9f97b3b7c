#include "socle/machine/curve_scale_up.hpp"

#include "socle/kernel/collective_time.hpp"

namespace socle::machine {

Seconds CurveScaleUp::collective_time(graph::Collective collective, const comm::LocalGroup& group, Bytes buffer) const {
  const auto time = [&](kernel::Collective measured) {
    return kernel::estimate_collective(curves_, link_, {measured, group.ranks, buffer}).time;
  };
  switch (collective) {
    case graph::Collective::kAllReduce:
      return time(kernel::Collective::kAllReduce);
    case graph::Collective::kAllGather:
      return time(kernel::Collective::kAllGather);
    case graph::Collective::kReduceScatter:
      return time(kernel::Collective::kReduceScatter);
    case graph::Collective::kAllToAll:
      return time(kernel::Collective::kAllToAll);
    case graph::Collective::kSendReceive:
    case graph::Collective::kRing:
      break;
  }
  return send_time(buffer, group.stride);
}

// In a send-receive each rank sends all of it, like an all-to-all of two ranks.
Seconds CurveScaleUp::send_time(Bytes message, int) const {
  return kernel::estimate_collective(curves_, link_, {kernel::Collective::kAllToAll, 2, 2.0 * message}).time;
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
