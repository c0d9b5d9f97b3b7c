// Any bytes are read as an ONNX model: either they are refused, or every node has one verdict on each backend, names
// lie in the file, and the parts of a partition add up.
#include <cstdint>
#include <string_view>

#include "socle/answer/migrate/onnx_migration.hpp"
#include "socle/base/error.hpp"
#include "socle/migrate/onnx/golden.hpp"
#include "socle/migrate/onnx/read_model.hpp"
#include "socle/report/migrate/onnx_report.hpp"

namespace {

using namespace socle;

const answer::OnnxTables& tables() {
  static const catalog::Catalog catalog;
  static const auto made = answer::onnx_tables(catalog, {}, {});
  return *made;
}

void check_places(const migrate::onnx::Model& model, std::string_view bytes) {
  for (const std::string_view name : model.names) {
    if (!name.empty() && (name.data() < bytes.data() || name.data() + name.size() > bytes.data() + bytes.size()))
      __builtin_trap();
  }
  for (const migrate::onnx::Graph& graph : model.graphs) {
    if (graph.nodes.end() > model.nodes.size() || graph.values.end() > model.values.size()) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const migrate::onnx::FileBytes file{"model.onnx", bytes};
  static const auto backends = answer::onnx_backends(tables(), "ort_cpu,cann_graph,migraphx_ep,tensorrt");
  try {
    check_places(migrate::onnx::read_model(file), bytes);
    answer::OnnxResult result;
    result.files.push_back(answer::migrate_onnx_file(tables(), backends, file, {}));
    const answer::OnnxFile& model = result.files.front();
    for (const migrate::onnx::OnnxVerdict& target : model.targets) {
      if (target.uses.size() != model.requirement.uses.size()) __builtin_trap();
      if (target.partition.changes > target.partition.parts + target.partition.islands) __builtin_trap();
    }
    (void)report::onnx_text(result);
    (void)report::onnx_json(result, {}).dump(false);
    (void)migrate::onnx::golden_inputs(model.requirement, model.name, {.seed = 1, .sizes = {}});
  } catch (const InputError&) { return 0; }
  return 0;
}
