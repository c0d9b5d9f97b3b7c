#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/migrate/serving/launch_translation.hpp"

namespace socle::migrate {

/// A flag that says where the nodes of a replica are, such as --headless.
bool is_of_nodes(std::string_view flag);

/// What a replica over several nodes needs beside its sizes.
struct NodeFlags {
  std::vector<LaunchItem> items;  ///< the same on every node; $NODE_RANK and $HEAD_IP are the launcher's to set
  bool headless = false;          ///< nodes other than the first add --headless
  std::string missing;            ///< what no flag says: has to be done before; empty: nothing
};

/// Of one replica on `target.nodes` nodes under an engine's family ("vllm", "sglang", ...). Requires: nodes > 1.
/// Sources: vllm-project/vllm-ascend@182b75ea84 docs/source/tutorials/models/DeepSeek-V3.1.md; SGLang's server
/// arguments.
NodeFlags node_flags(std::string_view family, const LaunchTarget& target);

}  // namespace socle::migrate
