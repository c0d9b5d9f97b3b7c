#include "socle/migrate/serving/checkpoint.hpp"

#include <set>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/model/weight_file.hpp"

namespace socle::migrate {
namespace {

std::string text_of(const Json& object, const char* key) {
  const Json* value = object.find(key);
  return value != nullptr && value->is_string() ? value->as_string() : std::string();
}

}  // namespace

void Checkpoint::read_config(std::string_view config, const std::string& source) {
  const Json json = parse_json(config, source);
  if (!json.is_object()) throw InputError(Problem{source, 0, 0, {}, "the configuration is no JSON object"});
  const Json* architectures = json.find("architectures");
  if (architectures != nullptr && architectures->is_array() && !architectures->as_array().empty() &&
      architectures->as_array().front().is_string())
    architecture = architectures->as_array().front().as_string();
  dtype = text_of(json, "torch_dtype");
  if (dtype.empty()) dtype = text_of(json, "dtype");
  own_code = json.find("auto_map") != nullptr;
  if (const Json* quantised = json.find("quantization_config"); quantised != nullptr && quantised->is_object())
    quantization = text_of(*quantised, "quant_method");
}

void Checkpoint::read_weights(std::string_view head, const std::string& source) {
  const model::WeightFile file = model::read_weight_file(head, source);
  ++files;
  tensors += file.tensors;
  bytes += file.bytes;
  for (const auto& [type, size] : file.bytes_by_type) bytes_by_type[type] += size;
}

std::vector<std::string> shards_of(std::string_view index, const std::string& source) {
  const Json json = parse_json(index, source);
  const Json* map = json.is_object() ? json.find("weight_map") : nullptr;
  if (map == nullptr || !map->is_object())
    throw InputError(Problem{source, 0, 0, "weight_map", "the file is no index of safetensors: weight_map is missing"});
  std::set<std::string> names;
  for (const auto& [tensor, file] : map->as_object()) {
    if (file.is_string()) names.insert(file.as_string());
  }
  return {names.begin(), names.end()};
}

}  // namespace socle::migrate
