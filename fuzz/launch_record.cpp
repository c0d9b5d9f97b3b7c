// Any bytes either are no launch command, or a record that is the same once it is written and read again.
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/setup/launch_record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto tables = socle::catalog::load_launch_tables(socle::catalog::Catalog());
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = [](std::string_view from) { return socle::setup::read_launch_record(tables, from, "fuzz.sh"); };
  socle::migrate::LaunchRecord record;
  try {
    record = read(text);
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
    return 0;
  }
  if (record.launcher.empty() && record.wrapper.empty()) __builtin_trap();
  const std::string written = socle::migrate::launch_line(record, false);
  try {
    if (!(read(written) == record) && written.find('$') == std::string::npos && written.find('`') == std::string::npos)
      __builtin_trap();
  } catch (const socle::InputError&) {}  // what expands may hold a quote of its own
  return 0;
}
