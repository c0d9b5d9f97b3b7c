#include <utility>

#include "socle/base/utf8.hpp"
#include "socle/migrate/onnx/golden.hpp"

namespace socle::migrate::onnx {

Json golden_manifest(const Requirement& model, const GoldenSource& source, const std::vector<GoldenInput>& inputs) {
  Json given = Json::array(), outputs = Json::array(), limits = Json::array();
  for (const GoldenInput& input : inputs) {
    Json shape = Json::array(), chosen = Json::array();
    for (const std::int64_t size : input.shape) shape.push(size);
    for (const bool open : input.chosen) chosen.push(open);
    given.push(Json::object({{"name", input.name},
                             {"file", input.file},
                             {"type", input.type},
                             {"shape", std::move(shape)},
                             {"size_chosen", std::move(chosen)}}));
  }
  for (const GraphInput& output : model.outputs)
    outputs.push(Json::object({{"name", printable(output.name, 200)}, {"type", output.type}}));
  for (const Tolerance& tolerance : tolerances())
    limits.push(Json::object({{"type", tolerance.type},
                              {"relative", tolerance.relative},
                              {"absolute", tolerance.absolute},
                              {"why", tolerance.why}}));
  return Json::object(
      {{"schema", "socle.golden/1"},
       {"model", escape_controls(source.path, "")},
       {"bytes", source.bytes},
       {"hashed_bytes", source.hashed_bytes},
       {"fnv1a64", source.hash},
       {"seed", static_cast<std::int64_t>(source.seed)},
       {"values", "floating point: multiples of 1/256 from -1 to 255/256; whole numbers and flags: 0 or 1"},
       {"inputs", std::move(given)},
       {"outputs", std::move(outputs)},
       {"tolerances", std::move(limits)}});
}

}  // namespace socle::migrate::onnx
