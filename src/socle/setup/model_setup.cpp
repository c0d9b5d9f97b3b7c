#include "socle/setup/model_setup.hpp"

#include <utility>

#include "socle/base/error.hpp"
#include "socle/model/hf_config.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::setup {

ModelSetup look_up_model(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                         const std::optional<std::string>& config) {
  if (!scenario.model.ignore_keys.empty() && scenario.model.config.empty()) {
    throw InputError(Problem{
        {}, 0, 0, "ignore_keys", "ignore_keys acts on a config.json only; name one with config, or leave it out"});
  }
  if (!scenario.model.name.empty()) return {load_model(catalog, scenario.model.name.text), {}};
  if (!scenario.model.config.empty() && config) {
    model::HfImport imported =
        model::import_hf_config(std::string_view(*config), scenario.model.config.text, scenario.model.ignore_keys);
    return {std::move(imported.model), std::move(imported.notes)};
  }
  throw InputError(Problem{
      {}, 0, 0, "model", "no model is named; use --model NAME, or name = \"...\" or config = \"...\" in [model]"});
}

}  // namespace socle::setup
