#pragma once

#include <optional>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/scenario/key.hpp"
#include "socle/scenario/named.hpp"

namespace socle::scenario {

/// [[requests.class]]: requests that are alike to whoever sends them. What is empty is as [requests] says.
struct RequestClassSection {
  Named name;
  TomlPosition at;              ///< of the table
  std::optional<double> share;  ///< of a synthetic traffic, beside the other classes
  Named input, output;
  std::optional<int> priority;  ///< the lower, the sooner
  std::optional<int> weight;    ///< of a fair share
  std::optional<Seconds> slo_ttft, slo_tpot, slo_e2e;
  std::optional<double> slo_percentile;
};

std::vector<Key<RequestClassSection>> request_class_keys();

/// Reads one, and checks that it has a name that none of `others` has.
RequestClassSection read_request_class(const TomlTable& table, const std::vector<RequestClassSection>& others);

}  // namespace socle::scenario
