#pragma once

#include <string>

#include "socle/catalog/stacks.hpp"
#include "socle/machine/machine_builder.hpp"

namespace socle::test {

/// A machine of the catalogue, nodes of 8.
inline machine::Machine machine_of(const std::string& chip, const std::string& stack) {
  const catalog::Catalog catalog;
  return machine::MachineBuilder(catalog).build({.chip = chip, .nic_per_chip = {}},
                                                catalog::load_stack(catalog, stack));
}

/// The same with one fact or figure of the stack changed.
template <typename Change>
machine::Machine machine_with(const std::string& chip, const std::string& stack, Change change) {
  const catalog::Catalog catalog;
  catalog::Stack changed = catalog::load_stack(catalog, stack);
  change(changed);
  return machine::MachineBuilder(catalog).build({.chip = chip, .nic_per_chip = {}}, changed);
}

}  // namespace socle::test
