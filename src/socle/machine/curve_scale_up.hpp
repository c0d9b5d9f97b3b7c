#pragma once

#include <vector>

#include "socle/catalog/chip.hpp"
#include "socle/comm/collectives.hpp"
#include "socle/kernel/chip_kernels.hpp"
#include "socle/kernel/collective_time.hpp"

namespace socle::machine {

/// The inside of a scale-up domain by measured curves alone, or by the defaults of docs/design/kernel.md where there
/// are none: what a library's tests see, with no job beside it.
class CurveScaleUp final : public comm::ScaleUp {
 public:
  /// `link`: of one chip, for group sizes and collectives that nobody measured.
  CurveScaleUp(std::vector<kernel::CollectiveCurve> curves, BytesPerSecond link)
      : curves_(std::move(curves)), link_(link) {}
  Seconds collective_time(graph::Collective collective, const comm::LocalGroup& group, Bytes buffer) const override;
  Seconds send_time(Bytes message, int distance) const override;

 private:
  std::vector<kernel::CollectiveCurve> curves_;
  BytesPerSecond link_;
};

/// Which measured collective answers, and for which buffer: in a send-receive each rank sends all of it, like an
/// all-to-all of two ranks.
kernel::CollectiveQuery measured_query(graph::Collective collective, int ranks, Bytes buffer);

/// The chip's scale-up link; 25 GB/s where it is not public (assumption).
BytesPerSecond scale_up_link(const catalog::Chip& chip);

/// Whether the switches of a chip's domain reduce: NVLink since the fourth generation (Hopper, Blackwell).
bool adds_in_switch(const catalog::Chip& chip);

}  // namespace socle::machine
