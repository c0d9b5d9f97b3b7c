#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace socle::migrate {

/// What a folder of a published model holds beside its shape: files of weights by their heads, and what makes a move
/// harder. Nothing of it is executed; files of pickles are not opened.
struct Checkpoint {
  std::string folder;
  std::string architecture;  ///< the first of `architectures`; empty: none is named
  std::string dtype;         ///< as the configuration says: "bfloat16"
  std::string quantization;  ///< quant_method: "fp8", "awq"; empty: none
  bool own_code = false;     ///< auto_map: Python of its own
  std::size_t files = 0;     ///< of weights that were read
  double tensors = 0, bytes = 0;
  std::map<std::string, double> bytes_by_type;
  std::vector<std::string> pickles;  ///< names of files that run code when they are loaded
  std::vector<std::string> missing;  ///< named by the index, not there

  /// Throws InputError for what is no JSON object.
  void read_config(std::string_view config, const std::string& source);
  /// The head of a safetensors file. Throws InputError as model::read_weight_file does.
  void read_weights(std::string_view head, const std::string& source);
};

/// Names of the files that an index of safetensors holds, each once, in order. Throws InputError.
std::vector<std::string> shards_of(std::string_view index, const std::string& source);

}  // namespace socle::migrate
