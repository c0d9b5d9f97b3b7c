#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/base/json.hpp"

namespace socle::model {

/// The object of a config that holds the language model: the file itself, or the text tower of a multimodal model.
struct HfTower {
  const Json* object;
  std::string path;  ///< "text_config", "thinker_config.text_config"; empty = the file itself
};

/// Requires: `config` outlives the result. Throws InputError when the file is no object, a quantisation side file, or a
/// tower is no object.
HfTower find_text_tower(const Json& config, const std::string& source);

/// Why an architecture is none that Socle reads ("an encoder-decoder model"); empty = nothing is known against it.
std::string_view refusal_of(std::string_view architecture);

/// A text tower as the library completes it: files of multimodal models name only what differs from the defaults of
/// their class. Adds a sentence for the keys filled in. Source: transformers 5.24, configuration classes.
Json complete_tower(const Json& tower, std::vector<std::string>& notes);

}  // namespace socle::model
