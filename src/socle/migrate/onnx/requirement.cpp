#include "socle/migrate/onnx/requirement.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_set>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/onnx/walk.hpp"

namespace socle::migrate::onnx {
namespace {

constexpr std::size_t kProblemsMax = 20;

/// Beside the model or below it: no root, no way up, no drive and no backslash, which another system takes for one.
bool stays_inside(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\\') != std::string_view::npos || path.find(':') == 1 ||
      path.find('\0') != std::string_view::npos)
    return false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (path.substr(at, end - at) == "..") return false;
    at = end + 1;
  }
  return true;
}

class ExternalCheck {
 public:
  ExternalCheck(Requirement& found, const ExternalSize& size) : found_(found), size_(size) {}

  void check(const Tensor& tensor) {
    const std::string name = printable(tensor.name, 60);
    if (!stays_inside(tensor.location))
      return problem(
          fmt::format("the weights {} lie in \"{}\", outside the model's folder; such a path is not followed", name,
                      printable(tensor.location, 60)));
    const std::optional<std::uint64_t>& there = size_of(std::string(tensor.location));
    if (!there)
      return problem(fmt::format("the file {} of the weights {} is missing", printable(tensor.location), name));
    const std::uint64_t length = tensor.has_length ? tensor.length : tensor.bytes;
    if (tensor.offset > *there || length > *there - tensor.offset)
      problem(fmt::format("the weights {} are {} bytes at {} of {}, which has {}", name, length, tensor.offset,
                          printable(tensor.location), *there));
  }

 private:
  const std::optional<std::uint64_t>& size_of(const std::string& location) {
    const auto known = sizes_.find(location);
    if (known != sizes_.end()) return known->second;
    return sizes_.emplace(location, size_ ? size_(location) : std::nullopt).first->second;
  }

  void problem(std::string text) {
    if (found_.problems.size() < kProblemsMax) found_.problems.push_back(std::move(text));
  }

  Requirement& found_;
  const ExternalSize& size_;
  std::map<std::string, std::optional<std::uint64_t>> sizes_;
};

/// Shapes of a damaged file may state any number of bytes.
void add(std::uint64_t& sum, std::uint64_t bytes) {
  sum = sum > UINT64_MAX / 2 - bytes / 2 ? UINT64_MAX / 2 : sum + bytes;
}

void weigh(const Model& model, const ExternalSize& external_size, Requirement& found) {
  ExternalCheck external(found, external_size);
  Requirement::Found& hazard = found.hazard(OnnxHazard::kExternalData);
  for (const Tensor& tensor : model.tensors) {
    ++found.initializers;
    const std::string_view element = element_name(tensor.element);
    add(found.weights[std::string(element.empty() ? "unknown" : element)], tensor.bytes);
    add(found.weight_bytes, tensor.bytes);
    if (!tensor.external) continue;
    add(found.external_bytes, tensor.bytes);
    if (hazard.places++ == 0) hazard.first = printable(tensor.location, 200);
    external.check(tensor);
  }
}

std::vector<GraphInput> values_of(const Model& model, const std::string& file, const Range& range,
                                  const std::unordered_set<std::string_view>& left_out) {
  std::vector<GraphInput> values;
  for (std::uint32_t i = range.first; i < range.end(); ++i) {
    const Value& value = model.values[i];
    if (left_out.count(value.name) > 0) continue;
    if (values.size() == kValuesMax)
      throw InputError(
          Problem{file, 0, 0, {}, fmt::format("more than {} inputs or outputs; a model has fewer", kValuesMax)});
    GraphInput input{std::string(value.name), value.type, {}, value.shaped};
    for (std::uint32_t d = value.dimensions.first; d < value.dimensions.end(); ++d)
      input.dimensions.push_back({model.dimensions[d].size, std::string(model.dimensions[d].name)});
    values.push_back(std::move(input));
  }
  return values;
}

}  // namespace

bool GraphInput::dynamic() const {
  return !shaped || std::any_of(dimensions.begin(), dimensions.end(), [](const Size& d) { return d.size < 0; });
}

std::string GraphInput::shape_text() const {
  if (!shaped) return "any shape";
  if (dimensions.empty()) return "scalar";
  std::string text;
  for (const Size& dimension : dimensions)
    text += (text.empty() ? "" : " x ") + (dimension.size >= 0      ? std::to_string(dimension.size)
                                           : dimension.name.empty() ? std::string("?")
                                                                    : printable(dimension.name, 20));
  return text;
}

std::int64_t Requirement::opset(const std::string& domain) const {
  for (const auto& [name, version] : opsets) {
    if (name == domain) return version;
  }
  return 0;
}

Requirement require(const Model& model, const std::string& file, const SchemaTable& schemas,
                    const std::set<std::string, std::less<>>& watched, const ExternalSize& external_size) {
  Requirement found;
  found.ir_version = model.ir_version;
  found.producer = printable(model.producer, 60);
  if (!model.producer_version.empty()) found.producer += " " + printable(model.producer_version, 30);
  for (std::uint32_t i = model.opsets_used.first; i < model.opsets_used.end(); ++i)
    found.opsets.emplace_back(model.opsets[i].domain, model.opsets[i].version);
  found.functions = model.functions.size();
  weigh(model, external_size, found);
  std::unordered_set<std::string_view> initialised;
  const Graph& main = model.graphs.front();
  for (std::uint32_t i = main.initializers.first; i < main.initializers.end(); ++i)
    initialised.insert(model.tensors[i].name);
  found.inputs = values_of(model, file, main.inputs, initialised);
  found.outputs = values_of(model, file, main.outputs, {});
  Requirement::Found& dynamic = found.hazard(OnnxHazard::kDynamicShape);
  for (const GraphInput& input : found.inputs) {
    if (input.dynamic() && dynamic.places++ == 0) dynamic.first = printable(input.name, 200);
  }
  if (model.training) found.hazard(OnnxHazard::kTraining).places = 1;
  Walk(model, file, schemas, watched, found).run();
  return found;
}

}  // namespace socle::migrate::onnx
