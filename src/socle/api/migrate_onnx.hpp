#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "socle/answer/migrate/onnx_migration.hpp"
#include "socle/api/request.hpp"
#include "socle/base/progress.hpp"

namespace socle::api {

/// What `socle migrate onnx` asks.
struct MigrateOnnxRequest {
  std::vector<std::string> paths;                  ///< model files, and folders of them
  std::string to;                                  ///< backends or platforms, with commas between; "all"
  std::string operators_text{}, operators_name{};  ///< rows of the user's; an empty name: none
};

using OnnxAnswer = Answer<answer::OnnxResult>;

/// Reads models where they lie and judges them; nothing of them is executed. A damaged file that is named throws
/// InputError; one below a folder is listed. Throws Cancelled too.
OnnxAnswer migrate_onnx(const catalog::Catalog& catalog, const MigrateOnnxRequest& request,
                        Progress* progress = nullptr);

std::string text(const OnnxAnswer& answer);
std::string json(const OnnxAnswer& answer);
/// One line per model, backend and kind of node.
std::string onnx_rows(const OnnxAnswer& answer);
/// A file of an acceptance pack.
struct PackFile {
  std::string name, content;
};

/// The acceptance pack of one model: random inputs of a seed, a manifest with tolerances, and a script that stores the
/// outputs of ONNX Runtime on a CPU and compares those of the target. `sizes`: "batch=1,x:2=640" for what the model
/// leaves open. Throws InputError.
std::vector<PackFile> onnx_golden_pack(const catalog::Catalog& catalog, const OnnxAnswer& answer,
                                       const std::string& path, const std::string& sizes, std::uint32_t seed);

/// Some backend is not no-go for some model.
bool holds(const OnnxAnswer& answer);

}  // namespace socle::api
