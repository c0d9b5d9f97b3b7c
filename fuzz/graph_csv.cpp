// Any bytes either read as a network whose endpoints reach each other, or give an InputError.
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/net/graph_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto spec = socle::net::parse_graph_csv({reinterpret_cast<const char*>(data), size}, "fuzz.csv");
    if (spec.endpoints < 2 || spec.cables.empty()) __builtin_trap();
    if (spec.nodes.size() > 100 || spec.cables.size() > 10000) return 0;
    const socle::net::Graph graph(spec);
    for (std::uint32_t to = 1; to < graph.endpoints(); ++to) {
      if (!graph.reachable(0, to)) __builtin_trap();
    }
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
