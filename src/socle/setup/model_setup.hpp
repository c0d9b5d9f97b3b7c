#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/model/transformer.hpp"
#include "socle/scenario/scenario.hpp"

namespace socle::setup {

/// A scenario's model, with what its reader has to say.
struct ModelSetup {
  model::Transformer model;
  std::vector<std::string> notes;
};

/// `config`: the content of the scenario's `model.config`, when it names one. Throws InputError: no model, an unknown
/// one, whatever is wrong with the file.
ModelSetup look_up_model(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                         const std::optional<std::string>& config);

}  // namespace socle::setup
