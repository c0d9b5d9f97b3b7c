// Any bytes either parse and survive every kind of read, or give an InputError.
#include <cstdint>
#include <string_view>

#include "socle/base/toml_reader.hpp"

namespace {

void read_all(const socle::TomlTable& table) {
  for (const std::string& key : table.keys()) {
    table.optional_string(key);
    table.optional_integer(key, 0, 100);
    table.optional_real(key, 0.0, 1.0);
    table.optional_quantity<socle::Bytes>(key);
    table.optional_quantity<socle::Tokens>(key);
    table.optional_strings(key);
    for (const socle::TomlTable& inner : table.tables(key)) read_all(inner);
    if (const auto inner = table.optional_table(key)) read_all(*inner);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto document = socle::TomlDocument::parse({reinterpret_cast<const char*>(data), size}, "fuzz.toml");
    read_all(document.root());
    document.finish();
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
