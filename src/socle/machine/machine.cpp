#include "socle/machine/machine.hpp"

#include <cmath>

#include "socle/base/check.hpp"
#include "socle/catalog/host_link.hpp"
#include "socle/comm/torus_links.hpp"

namespace socle::machine {

namespace {

class DomainLinks final : public comm::ScaleUp {
 public:
  DomainLinks(const kernel::ChipKernels& kernels, const MachineSpec& spec)
      : kernels_(kernels), bandwidth_(spec.chip.scale_up_bandwidth.value_or(BytesPerSecond{25e9}) * 0.8) {}

  Seconds collective_time(graph::Collective collective, const comm::LocalGroup& group, Bytes buffer) const override {
    const int ranks = group.ranks;
    switch (collective) {
      case graph::Collective::kAllReduce:
        return kernels_.collective_time(kernel::Collective::kAllReduce, ranks, buffer).time;
      case graph::Collective::kAllGather:
        return kernels_.collective_time(kernel::Collective::kAllGather, ranks, buffer).time;
      case graph::Collective::kReduceScatter:
        return kernels_.collective_time(kernel::Collective::kReduceScatter, ranks, buffer).time;
      case graph::Collective::kAllToAll:
        return kernels_.collective_time(kernel::Collective::kAllToAll, ranks, buffer).time;
      case graph::Collective::kSendReceive:
      case graph::Collective::kRing:
        return send_time(buffer, group.stride);
    }
    return Seconds{};
  }
  Seconds send_time(Bytes message, int) const override { return message / bandwidth_ + Seconds{5e-6}; }

 private:
  kernel::ChipKernels kernels_;
  BytesPerSecond bandwidth_;
};

}  // namespace

Machine::Machine(MachineSpec spec, kernel::ChipKernels kernels)
    : spec_(std::move(spec)),
      kernels_(std::move(kernels)),
      host_link_(catalog::host_link_bandwidth(spec_.chip)),
      dispatcher_(workload::dispatcher_of(spec_.stack.dispatchers.front())) {
  SOCLE_CHECK(spec_.chip.memory.has_value(), "a machine's chip has a memory size");
  SOCLE_CHECK(!spec_.slice || spec_.chip.scale_up_bandwidth.has_value(), "a slice has links");
  SOCLE_CHECK(!spec_.slice || spec_.chip.torus.has_value(), "a slice is cut from a torus");
  SOCLE_CHECK(!spec_.slice || spec_.slice->chips() == spec_.scale_up_domain, "a slice is one domain");
  if (spec_.slice) {
    const BytesPerSecond link = *spec_.chip.scale_up_bandwidth / (2.0 * spec_.slice->dimensions);
    links_ = std::make_unique<const comm::TorusLinks>(*spec_.slice, link);
  } else {
    links_ = std::make_unique<const DomainLinks>(kernels_, spec_);
  }
  const double slowdown = spec_.stack.network * spec_.calibration.network;
  const comm::ScaleOut scale_out{.bandwidth_per_chip = spec_.nic_per_chip * (spec_.nic_fraction / slowdown),
                                 .latency = spec_.nic_latency,
                                 .domain = spec_.scale_up_domain};
  network_ = std::make_unique<const comm::ClosedFormNetwork>(*links_, scale_out);
}

Machine::Machine(Machine&&) noexcept = default;
Machine& Machine::operator=(Machine&& other) noexcept {
  network_ = std::move(other.network_);  // first: the old network reads the old links
  links_ = std::move(other.links_);
  kernels_ = std::move(other.kernels_);
  spec_ = std::move(other.spec_);
  host_link_ = other.host_link_;
  dispatcher_ = other.dispatcher_;
  return *this;
}
Machine::~Machine() = default;

Machine Machine::with_network(std::unique_ptr<const comm::Network> network) && {
  SOCLE_CHECK(network != nullptr, "a machine has a network");
  Machine changed(std::move(*this));
  changed.network_ = std::move(network);
  return changed;
}

Machine Machine::on(int chips) const {
  MachineSpec spec = spec_;
  if (spec.slice && chips % spec.slice->chips() != 0) {
    spec.slice = catalog::default_slice(*spec.chip.torus, chips, spec.slice->chips());
    spec.scale_up_domain = spec.slice->chips();
  }
  return Machine(std::move(spec), kernels_);
}

graph::Fusion Machine::fusion() const {
  return {.fused_elementwise = spec_.stack.fused_elementwise,
          .fused_loss = spec_.stack.fused_elementwise || spec_.stack.fused_loss,
          .fused_scores = spec_.stack.fused_scores,
          .dispatcher = dispatcher_};
}

double Machine::power_slowdown() const {
  if (spec_.power_cap >= 1.0) return 1.0;
  constexpr double kStaticShare = 0.25;
  return 1.0 / std::cbrt(std::max(0.05, (spec_.power_cap - kStaticShare) / (1.0 - kStaticShare)));
}

}  // namespace socle::machine
