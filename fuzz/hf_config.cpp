// Any bytes either import as a shape whose model file reads back, or give an InputError.
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/model/hf_config.hpp"
#include "socle/model/model_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  socle::model::HfImport import;
  try {
    import = socle::model::import_hf_config(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz.json");
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
    return 0;
  }
  if (!(socle::model::count_parameters(import.model).total > 0)) __builtin_trap();
  import.model.source.text = "fuzz";
  const socle::model::Transformer again =
      socle::model::parse_model(socle::model::write_model(import.model), "again.toml");
  if (again.kind_of_layer.size() != import.model.kind_of_layer.size()) __builtin_trap();
  return 0;
}
