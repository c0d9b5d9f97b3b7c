#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/base/json.hpp"
#include "socle/model/hf_keys.hpp"
#include "socle/model/transformer.hpp"

namespace socle::model {

/// A shape read from a Hugging Face `config.json`, and what of the file the shape does not tell.
struct HfImport {
  Transformer model;               ///< named after the file; published figures and source are empty
  std::string_view family;         ///< one line on the family that it was read as
  std::vector<std::string> notes;  ///< sentences: keys ignored as told, defaults filled in, parts that are left out
  std::vector<UnusedKey> unused;   ///< keys that the shape does not rest on, and why
};

/// Reads a `config.json`: the text tower of a multimodal one, dense, grouped-query, latent (MLA), mixture-of-experts,
/// sliding, sparse and linear hybrids, block-wise searched models; docs/reference/models.md lists the families.
/// Throws InputError with every problem: an unknown architecture (named, with the keys not understood), one of another
/// kind (an encoder), missing keys, keys that could change the shape and are not understood, unless among
/// `ignored_keys`, talk of experts without their number, wrong types, figures out of range, shapes that contradict
/// themselves, quantisation side files, text that is not JSON. `Infinity`, which Python writes into such files, is read
/// as a large number; NaN is refused.
HfImport import_hf_config(std::string_view text, const std::string& source_name,
                          const std::vector<std::string>& ignored_keys = {});
HfImport import_hf_config(const Json& config, const std::string& source_name,
                          const std::vector<std::string>& ignored_keys = {});

}  // namespace socle::model
