#pragma once

#include <optional>
#include <string_view>

#include "socle/catalog/catalog.hpp"
#include "socle/model/serving_format.hpp"
#include "socle/model/transformer.hpp"

namespace socle::setup {

/// The catalogue's model that a published name means: as `load_model` finds it, else without words that change no shape
/// (Instruct, Chat, FP8, NVFP4, AWQ, ...). Empty when the catalogue knows none.
std::optional<model::Transformer> find_served_model(const catalog::Catalog& catalog, std::string_view name);

/// The formats in which a model is published and served when matrices and experts are asked for in these; empty: as it
/// was published, 16 bit where nothing is said. What the publications leave in 16 bit stays there: attention in 4-bit
/// versions of models with latent attention, everything but experts in mxfp4 and int4 versions of models with experts.
/// fp8 asked of a checkpoint that is published in blocks is those blocks.
/// Source: the quantization_config of DeepSeek-V3.1-NVFP4, DeepSeek-R1, Kimi-K2.5, Kimi-K2.5-NVFP4, gpt-oss-120b.
/// The cache follows the matrices: 8 bits where they have 8 or fewer and multiply in fewer than 16 (assumption).
model::ServingFormats served_formats(const model::Transformer& model, std::optional<model::WeightFormat> matrices,
                                     std::optional<model::WeightFormat> experts);

}  // namespace socle::setup
