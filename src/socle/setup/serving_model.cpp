#include "socle/setup/serving_model.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "socle/base/error.hpp"
#include "socle/base/lower_case.hpp"
#include "socle/setup/model_catalog.hpp"
#include "socle/setup/serve_setup.hpp"

namespace socle::setup {
namespace {

using model::WeightFormat;

constexpr std::array<std::string_view, 16> kShapeless = {"instruct", "chat",  "it",      "fp8", "nvfp4", "fp4",
                                                         "mxfp4",    "int4",  "int8",    "awq", "gptq",  "bf16",
                                                         "w8a8",     "w4a16", "dynamic", "base"};

bool shapeless(std::string_view word) {
  const bool date = word.size() == 4 && word.find_first_not_of("0123456789") == std::string_view::npos;
  return date || std::find(kShapeless.begin(), kShapeless.end(), word) != kShapeless.end();
}

bool has_experts(const model::Transformer& model) {
  return std::any_of(model.kinds.begin(), model.kinds.end(),
                     [](const model::Layer& layer) { return layer.feed_forward.experts > 0; });
}

bool has_latent_attention(const model::Transformer& model) {
  return std::any_of(model.kinds.begin(), model.kinds.end(),
                     [](const model::Layer& layer) { return layer.mixer.kind == model::MixerKind::kMla; });
}

}  // namespace

std::optional<model::Transformer> find_served_model(const catalog::Catalog& catalog, std::string_view name) {
  std::string rest(name);
  while (true) {
    try {
      return load_model(catalog, rest);
    } catch (const InputError&) {  // perhaps known without its last word
    }
    const std::size_t dash = rest.rfind('-');
    if (dash == std::string::npos || !shapeless(lower_case(rest.substr(dash + 1)))) return std::nullopt;
    rest.resize(dash);
  }
}

model::ServingFormats served_formats(const model::Transformer& model, std::optional<WeightFormat> matrices,
                                     std::optional<WeightFormat> experts) {
  const auto four_bits = [](WeightFormat format) { return model::bytes_per_weight(format) < 1.0; };
  const model::ServingFormats own = published_formats(model.weight_format).value_or(model::ServingFormats{});
  // The 8 bits of a checkpoint that is published in blocks are those.
  const bool blocks = own.matrices == WeightFormat::kFp8Block;
  for (std::optional<WeightFormat>* one : {&matrices, &experts}) {
    if (blocks && *one == WeightFormat::kFp8) *one = WeightFormat::kFp8Block;
  }
  model::ServingFormats formats = own;
  const WeightFormat wanted = experts.value_or(matrices.value_or(own.experts));
  const bool as_published = wanted == own.experts || (four_bits(wanted) && own.experts == WeightFormat::kMxFp4);
  if (!(as_published && four_bits(own.experts))) {
    formats.experts = wanted;
    formats.matrices = matrices.value_or(own.matrices);
    const bool experts_alone = has_experts(model) && wanted == WeightFormat::kInt4WeightOnly;
    if (experts_alone) formats.matrices = WeightFormat::kBf16;
    if (has_latent_attention(model) && four_bits(formats.matrices)) formats.attention = WeightFormat::kBf16;
  }
  const bool narrow = model::bytes_per_weight(formats.matrices) <= 1.01 &&
                      formats.matrices != WeightFormat::kInt8WeightOnly &&
                      formats.matrices != WeightFormat::kInt4WeightOnly;
  formats.kv = narrow ? model::DataType::kFp8 : model::DataType::kBf16;
  return formats;
}

}  // namespace socle::setup
