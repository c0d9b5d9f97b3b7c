#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "socle/catalog/catalog.hpp"
#include "socle/catalog/stack.hpp"
#include "socle/catalog/stacks.hpp"
#include "socle/kernel/serving_kernels.hpp"
#include "socle/machine/machine.hpp"

namespace socle::machine {

/// What is asked of a cluster before the catalogue fills the rest in.
struct MachineRequest {
  std::string chip;  ///< slug, name or alias
  int chips_per_node = 8;
  int scale_up_domain = 0;                     ///< 0 = the chip's own; of a slice where there is one
  std::optional<catalog::TorusSlice> slice{};  ///< where the chip's links make a torus; empty: a whole domain
  std::optional<BytesPerSecond> nic_per_chip;  ///< empty: the usual one
  double power_cap = 1.0;                      ///< share of rated power
  std::optional<catalog::ChipCalibration> calibration{};  ///< in place of the catalogue's
};

/// The NIC of a chip where none is stated: 400 Gb/s since 2022, 200 Gb/s before (assumption: the NICs that vendors
/// paired with chips of those years).
BytesPerSecond usual_nic(const catalog::Chip& chip);

/// The stack with its range widened for a chip on which no or few runs were measured: not narrower than what chips that
/// are left out whole err by (`unseen`), and without measured kernels by what the shape model may err by, 0.75 and 1.45
/// (assumption).
catalog::Stack widened_range(catalog::Stack stack, const catalog::ChipCalibration& calibration, bool measured_kernels,
                             const catalog::UnseenRange& unseen);

/// Puts chips, measured kernels, calibrations and stacks together. Parses each chip once; safe to use from any number
/// of threads.
class MachineBuilder {
 public:
  /// Requires: `catalog` outlives this object.
  explicit MachineBuilder(const catalog::Catalog& catalog) : catalog_(catalog) {}

  /// Throws InputError naming the fact that is missing and how to supply it.
  Machine build(const MachineRequest& request, const catalog::Stack& stack) const;

  /// Kernels of inference steps on this chip. Throws InputError as `build` does. Lives as long as this object.
  const kernel::ServingKernels& serving_kernels(const std::string& chip) const;

  const catalog::Catalog& catalog() const { return catalog_; }
  const catalog::Chip& chip(const std::string& name) const { return part(name).chip; }
  /// Replaces a chip's calibration: for fitting. Not safe while others build.
  void set_calibration(const catalog::ChipCalibration& calibration);

 private:
  struct Part {
    catalog::Chip chip;
    catalog::ChipCalibration calibration;
    catalog::UnseenRange unseen;                 ///< of a chip
    std::optional<kernel::ChipKernels> kernels;  ///< empty when the chip lacks what kernels need
    std::optional<double> nic_fraction;          ///< the user's own measurement of the NICs beside this chip
    std::optional<Seconds> nic_latency;
  };
  const Part& part(const std::string& name) const;
  const kernel::ChipKernels& kernels_of(const Part& part) const;

  const catalog::Catalog& catalog_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Part> parts_;
  mutable std::map<std::string, kernel::ServingKernels> serving_;
};

}  // namespace socle::machine
