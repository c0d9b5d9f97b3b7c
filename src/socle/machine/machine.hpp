#pragma once

#include <memory>
#include <optional>

#include "socle/base/quantity.hpp"
#include "socle/catalog/chip.hpp"
#include "socle/catalog/stack.hpp"
#include "socle/catalog/torus_slice.hpp"
#include "socle/comm/collectives.hpp"
#include "socle/graph/layer_ops.hpp"
#include "socle/kernel/chip_kernels.hpp"

namespace socle::machine {

/// Share of a NIC's nominal bandwidth that large messages reach: 46-49 of 50 GB/s on 400 Gb/s.
inline constexpr double kNicFraction = 0.95;
/// One message between nodes, NCCL-class software and links included (assumption).
inline constexpr Seconds kNicLatency{8e-6};

/// What a job runs on, as plain numbers.
struct MachineSpec {
  catalog::Chip chip;
  catalog::ChipCalibration calibration;
  catalog::Stack stack;
  int chips_per_node = 8;
  int scale_up_domain = 8;
  std::optional<catalog::TorusSlice> slice{};  ///< where scale-up links make a torus: what one domain is
  BytesPerSecond nic_per_chip{};               ///< nominal, per direction
  double nic_fraction = kNicFraction;          ///< of nominal, that large messages reach
  Seconds nic_latency = kNicLatency;           ///< one message between nodes
  double power_cap = 1.0;                      ///< share of the chip's rated power it may draw
};

/// A chip, its software and its network, ready to be asked for times. Immutable but for moves; any number of threads
/// may ask. It owns its network and cannot be copied: build another one from `spec()` and `kernels()`.
class Machine {
 public:
  /// Between nodes the closed forms of `comm/` answer. Requires: kernel::ChipKernels::supports_compute(spec.chip); with
  /// a slice, scale_up_domain = slice->chips() and a scale-up bandwidth.
  Machine(MachineSpec spec, kernel::ChipKernels kernels);
  Machine(Machine&&) noexcept;
  Machine& operator=(Machine&&) noexcept;
  ~Machine();

  /// The same machine with another network, which may keep a reference to `scale_up()` of the machine that it is given
  /// to: moving the machine does not move that. Requires: `network` is set.
  ///   machine = std::move(machine).with_network(std::make_unique<FlowNetwork>(machine.scale_up(), ...));
  Machine with_network(std::unique_ptr<const comm::Network> network) &&;

  /// The machine when the cluster has so many chips: slices of a torus are cut anew, as large as this one's at most.
  /// What has no slices is the same. The network is the closed forms'. Requires: chips >= 1.
  Machine on(int chips) const;

  const MachineSpec& spec() const { return spec_; }
  const catalog::Stack& stack() const { return spec_.stack; }
  const kernel::ChipKernels& kernels() const { return kernels_; }
  const comm::Network& network() const { return *network_; }
  /// Links inside one scale-up domain; lives as long as the machine and what it is moved to.
  const comm::ScaleUp& scale_up() const { return *links_; }
  /// Achieved bandwidth between a chip and its host's memory, per direction.
  BytesPerSecond host_link() const { return host_link_; }
  graph::Fusion fusion() const;
  /// Multiplies compute times when power is capped: clock follows the cube root of power above the static share
  /// (assumption, docs/design/step.md). 1 without a cap.
  double power_slowdown() const;
  /// Memory of the chip that software sees.
  Bytes memory() const { return catalog::visible_memory(*spec_.chip.memory); }

 private:
  MachineSpec spec_;
  kernel::ChipKernels kernels_;
  BytesPerSecond host_link_;
  workload::Dispatcher dispatcher_;
  std::unique_ptr<const comm::ScaleUp> links_;
  std::unique_ptr<const comm::Network> network_;  ///< reads `links_`: declared after it, so destroyed before it
};

}  // namespace socle::machine
