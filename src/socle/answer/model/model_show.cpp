#include "socle/answer/model/model_show.hpp"

#include <algorithm>

#include "socle/model/layer_pattern.hpp"
#include "socle/model/model_file.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::answer {
namespace {

constexpr int kUsualSequence = 4096;

std::vector<LayerKind> kinds_of(const model::Transformer& model) {
  std::vector<LayerKind> kinds;
  const std::vector<std::string> names = model::kind_names(model);
  for (std::size_t i = 0; i < model.kinds.size(); ++i) {
    LayerKind kind{.name = names[i], .layer = model.kinds[i]};
    kind.layers =
        static_cast<int>(std::count(model.kind_of_layer.begin(), model.kind_of_layer.end(), static_cast<int>(i)));
    kind.parameters = model::layer_parameters(model, kind.layer);
    kind.active = model::active_layer_parameters(model, kind.layer);
    kinds.push_back(std::move(kind));
  }
  return kinds;
}

}  // namespace

ModelShown show_model(const catalog::Catalog& catalog, const ModelQuestion& question) {
  ModelShown shown;
  if (!question.name.empty()) {
    shown.model = setup::load_model(catalog, question.name);
    shown.source_text = setup::model_text(catalog, question.name);
    shown.read_from = "the catalogue";
  } else {
    model::HfImport imported =
        model::import_hf_config(std::string_view(question.text), question.file, question.ignore_keys);
    shown.model = std::move(imported.model);
    shown.read_from = question.file;
    shown.family = imported.family;
    shown.notes = std::move(imported.notes);
    shown.unused = std::move(imported.unused);
  }
  const model::Transformer& model = shown.model;
  shown.pattern = model::write_pattern(model.kind_of_layer, model::kind_names(model));
  shown.parameters = model::count_parameters(model);
  shown.kinds = kinds_of(model);
  shown.sequence = question.sequence > 0 ? question.sequence
                   : model.context > 0   ? std::min(model.context, kUsualSequence)
                                         : kUsualSequence;
  shown.flops = model::token_flops(model, shown.sequence);
  shown.cache = model::cache_size(model, shown.sequence);
  if (!question.weights.empty()) shown.weights = model::read_weight_file(question.weights_head, question.weights);
  return shown;
}

}  // namespace socle::answer
