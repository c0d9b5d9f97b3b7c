#pragma once

#include <string_view>

namespace socle::model {

/// Whether a key of a config.json changes neither the parameters nor the work of a token: token ids, generation
/// settings, initialisation, rotary settings, scales, the names of files. Everything else that a family does not read
/// is reported.
bool is_inert_key(std::string_view key);

}  // namespace socle::model
