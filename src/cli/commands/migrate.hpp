#pragma once

#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// `cuda PATH...`: sources on other platforms. `onnx MODEL...`: models on backends. `targets`: what is known of each.
std::vector<NamedCommand> migrate_questions();
Command migrate_serving_command();
Command migrate_torch_command();

/// Launches of training, and their arguments between frameworks.
Command migrate_arguments_command();
Command migrate_training_command();
Command onnx_command();  ///< migrate_onnx.cpp

}  // namespace socle::cli
