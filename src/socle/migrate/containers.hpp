#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "socle/base/yaml_tree.hpp"

namespace socle::migrate {

/// What one container of a manifest or a compose file starts.
struct ContainerLaunch {
  std::string script;  ///< as a shell reads it; `docker run IMAGE ...` where the image's own entry point starts
  std::vector<std::pair<std::string, YamlNode>> environment;
  int line = 1;
};

/// Containers below the documents that state a command or arguments, in their order.
std::vector<ContainerLaunch> container_launches(const std::vector<YamlNode>& documents);

/// A manifest of Kubernetes or a compose file, by the keys with which lines of it begin.
bool is_manifest(std::string_view text);

}  // namespace socle::migrate
