#include "socle/machine/machine_builder.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/catalog/stacks.hpp"
#include "socle/kernel/collective_time.hpp"
#include "socle/kernel/kernel_tables.hpp"
#include "socle/machine/link_curves.hpp"

namespace socle::machine {
namespace {

constexpr double kShapeLow = 0.75, kShapeHigh = 1.45;

void require(bool known, const catalog::Chip& chip, const char* fact, const char* key) {
  if (known) return;
  throw InputError(
      Problem{"chips/" + chip.slug + ".toml", 0, 0, key,
              fmt::format("{}: {} is not public; supply it as {} in a copy of this file under --catalog DIR/chips/",
                          chip.name, fact, key)});
}

}  // namespace

const MachineBuilder::Part& MachineBuilder::part(const std::string& name) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = parts_.find(name);
  if (known != parts_.end()) return known->second;
  Part part;
  part.chip = catalog_.chip(name);
  part.calibration = catalog::load_calibration(catalog_, part.chip);
  part.unseen = catalog::load_unseen_ranges(catalog_).chip;
  if (kernel::ChipKernels::supports_compute(part.chip)) {
    const std::string tables = "kernels/" + catalog::measured_silicon(part.chip) + ".toml";
    part.kernels = catalog_.has(tables)
                       ? kernel::ChipKernels(part.chip, kernel::parse_kernel_tables(catalog_.text_of(tables),
                                                                                    catalog_.source_of(tables)))
                       : kernel::ChipKernels(part.chip);
    const kernel::CollectiveFile measured = measured_collectives(catalog_, part.chip);
    const double ratio = link_ratio(catalog_, part.chip);
    std::vector<kernel::CollectiveCurve> curves = part.kernels->collectives();
    for (kernel::CollectiveCurve& curve : curves) curve = kernel::with_links(std::move(curve), ratio);
    kernel::lay_over(curves, measured.curves);
    part.kernels->set_collectives(std::move(curves));
    part.nic_fraction = measured.nic_fraction;
    part.nic_latency = measured.nic_latency;
  }
  return parts_.emplace(name, std::move(part)).first->second;
}

void MachineBuilder::set_calibration(const catalog::ChipCalibration& calibration) {
  part(calibration.slug);
  parts_.at(calibration.slug).calibration = calibration;
}

BytesPerSecond usual_nic(const catalog::Chip& chip) {
  return BytesPerSecond{chip.year.value_or(2025) >= 2022 ? 50e9 : 25e9};
}

catalog::Stack widened_range(catalog::Stack stack, const catalog::ChipCalibration& calibration, bool measured_kernels,
                             const catalog::UnseenRange& unseen) {
  if (calibration.runs >= 5) return stack;
  // Errors of stack and shape model are independent, so their logarithms add in squares.
  const auto both = [](double a, double b) { return std::hypot(std::log(a), std::log(b)); };
  if (!measured_kernels) {
    stack.range_low = std::exp(-both(stack.range_low, kShapeLow));
    stack.range_high = std::exp(both(stack.range_high, kShapeHigh));
  }
  stack.range_low = std::min(stack.range_low, unseen.low);
  stack.range_high = std::max(stack.range_high, unseen.high);
  return stack;
}

const kernel::ChipKernels& MachineBuilder::kernels_of(const Part& part) const {
  const catalog::Chip& chip = part.chip;
  require(chip.memory_bandwidth.has_value(), chip, "the memory bandwidth", "memory.bandwidth");
  require(part.kernels.has_value(), chip, "any 16-bit or 8-bit matrix peak", "peak.bf16");
  return *part.kernels;
}

const kernel::ServingKernels& MachineBuilder::serving_kernels(const std::string& name) const {
  const Part& known = part(name);
  const kernel::ChipKernels& kernels = kernels_of(known);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto built = serving_.find(name);
  if (built != serving_.end()) return built->second;
  const std::string path = "serving/" + catalog::measured_silicon(known.chip) + ".toml";
  std::optional<kernel::ServingTables> tables;
  if (catalog_.has(path)) tables = kernel::parse_serving_tables(catalog_.text_of(path), catalog_.source_of(path));
  return serving_.emplace(name, kernel::ServingKernels(known.chip, kernels, std::move(tables))).first->second;
}

Machine MachineBuilder::build(const MachineRequest& request, const catalog::Stack& stack) const {
  const Part& known = part(request.chip);
  const catalog::Chip& chip = known.chip;
  require(chip.memory.has_value(), chip, "the memory capacity", "memory.capacity");
  const kernel::ChipKernels& kernels = kernels_of(known);
  require(!chip.torus || chip.scale_up_bandwidth.has_value(), chip, "the bandwidth of its scale-up links",
          "scale_up.bandwidth");
  const int domain =
      request.scale_up_domain > 0 ? request.scale_up_domain : chip.scale_up_domain.value_or(request.chips_per_node);
  const std::optional<catalog::TorusSlice> slice =
      request.slice || !chip.torus ? request.slice : catalog::default_slice(*chip.torus, domain, domain);
  const catalog::ChipCalibration& calibration = request.calibration ? *request.calibration : known.calibration;
  MachineSpec spec{.chip = chip,
                   .calibration = calibration,
                   .stack = widened_range(stack, calibration, kernels.has_tables(), known.unseen),
                   .chips_per_node = request.chips_per_node,
                   .scale_up_domain = slice ? slice->chips() : domain,
                   .slice = slice,
                   .nic_per_chip = request.nic_per_chip.value_or(usual_nic(chip)),
                   .power_cap = request.power_cap};
  spec.nic_fraction = known.nic_fraction.value_or(spec.nic_fraction);
  spec.nic_latency = known.nic_latency.value_or(spec.nic_latency);
  return Machine(std::move(spec), kernels);
}

}  // namespace socle::machine
