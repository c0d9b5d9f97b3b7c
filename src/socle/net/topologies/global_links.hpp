#pragma once

#include <cstdint>
#include <vector>

namespace socle::net {

/// How `groups` groups with `ports` global ports each are joined: as evenly as the ports allow, whole rounds over all
/// other groups first, then pairs of opposite offsets. Port q of group g leads to group g + offset(q) modulo groups.
class GlobalLinks {
 public:
  /// Requires: groups >= 2, ports >= groups - 1 (every pair of groups is joined).
  GlobalLinks(std::uint32_t groups, std::uint32_t ports) : groups_(groups), ports_(ports) {}

  /// Ports of each group that carry a cable.
  std::uint32_t used() const;
  std::uint64_t cables() const { return static_cast<std::uint64_t>(groups_) * used() / 2; }
  /// How many groups further port q leads. Requires: q < used().
  std::uint32_t offset(std::uint32_t port) const;
  /// The port at the other end.
  std::uint32_t reverse(std::uint32_t port) const;
  /// Ports that lead `offset` groups further, smallest first.
  std::vector<std::uint32_t> ports_to(std::uint32_t offset) const;
  /// Calls visit(group, port, other group, its port) once for every cable.
  template <typename Visit>
  void for_each_cable(Visit visit) const {
    for (std::uint32_t group = 0; group < groups_; ++group) {
      for (std::uint32_t port = 0; port < used(); ++port) {
        const std::uint32_t other = (group + offset(port)) % groups_;
        if (other > group) visit(group, port, other, reverse(port));
      }
    }
  }

 private:
  std::uint32_t groups_, ports_;
};

}  // namespace socle::net
