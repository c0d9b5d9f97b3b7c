#pragma once

#include <string>
#include <string_view>

#include "socle/catalog/catalog.hpp"

namespace socle::setup {

/// The catalogue's chip that a published spelling means: "A100-SXM4-80GB", "H100 DGX", "NVIDIA H200", "GB200 NVL72",
/// "8x MI300X". Words of nodes and boards (DGX, SXM5, ND H100 v5) do not matter; form (PCIe, NVL) and memory choose
/// among the chips of a name, SXM and the catalogue's default without them. A generation stands for its first
/// data-centre chip: SM80 or Ampere A100, SM90 or Hopper H100, SM100 or Blackwell B200. Returns the slug; empty when
/// nothing answers.
std::string chip_of_spelling(const catalog::Catalog& catalog, std::string_view text);

}  // namespace socle::setup
