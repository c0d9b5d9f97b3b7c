#pragma once

#include <string>
#include <vector>

#include "socle/workload/layout.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::workload {

/// Names in scenarios, flags and results, in the order of their enumerations.
const std::vector<std::string>& loss_names();
const std::vector<std::string>& optimizer_names();
const std::vector<std::string>& gradient_type_names();
const std::vector<std::string>& base_format_names();
const std::vector<std::string>& lora_target_names();

/// Names of Megatron-Core's --recompute-modules.
const std::vector<std::string>& recompute_module_names();

/// The modules of these names; nothing when one is none.
std::optional<ModuleSet> modules_of_names(const std::vector<std::string>& names);
std::vector<std::string> names_of_modules(ModuleSet modules);

/// Bytes of one weight of a frozen base, scales included. nf4: 4 bits, a scale of 8 bits for each 64 and one of 32 bits
/// for each 256 of those (double quantisation, Dettmers et al. 2023, arXiv 2305.14314, section 3: 0.127 bits). int8,
/// fp8: a scale for each row or matrix is neglected. mxfp4: 4 bits and 8 for each 32 (OCP Microscaling Formats v1.0).
double base_bytes(BaseFormat format);

/// Chunks of tokens that a chunked loss takes one after the other (torchtitan's default).
inline constexpr int kLossChunks = 8;

}  // namespace socle::workload
