#pragma once

#include "socle/answer/migrate/move_report.hpp"
#include "socle/answer/migrate/onnx_migration.hpp"

namespace socle::answer {

/// What a model says of a platform: the best of the backends that stand for it, the first of equals. Where the file was
/// judged on none of them, nothing is known.
Finding finding_of(const OnnxFile& file, const std::string& platform);

/// "22 nodes, opset 11, 29.2 KB of weights".
std::string onnx_summary(const OnnxFile& file);

}  // namespace socle::answer
