#pragma once

#include <string>

#include "socle/catalog/stacks.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/setup/model_catalog.hpp"
#include "socle/train/step.hpp"

namespace socle::bench {

inline machine::Machine machine_of(const std::string& chip, const std::string& stack) {
  const catalog::Catalog catalog;
  return machine::MachineBuilder(catalog).build({.chip = chip, .nic_per_chip = {}},
                                                catalog::load_stack(catalog, stack));
}

inline model::Transformer model_named(const std::string& name) { return setup::load_model(catalog::Catalog(), name); }

}  // namespace socle::bench
