#include "socle/workload/dispatcher.hpp"

#include <algorithm>

#include "socle/base/check.hpp"

namespace socle::workload {

const std::vector<std::string>& dispatcher_names() {
  static const std::vector<std::string> names{"alltoall", "allgather", "deepep", "hybridep"};
  return names;
}

Dispatcher dispatcher_of(const std::string& name) {
  const std::vector<std::string>& names = dispatcher_names();
  const auto found = std::find(names.begin(), names.end(), name);
  SOCLE_CHECK(found != names.end(), "names of dispatchers are checked where they are read");
  return static_cast<Dispatcher>(found - names.begin());
}

}  // namespace socle::workload
