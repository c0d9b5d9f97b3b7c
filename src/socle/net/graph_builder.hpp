#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "socle/net/topologies/graph.hpp"

namespace socle::net {

enum class NodeKind { kUnknown, kEndpoint, kSwitch };

/// Puts a user's network together: nodes by name in the order in which they appear, cables between them; then numbers
/// endpoints before switches and says what is wrong with the whole.
class GraphBuilder {
 public:
  /// What is wrong, and on which line of the source (0 = with the whole).
  struct Fault {
    int line = 0;
    std::string message;
  };

  /// The node of that name, made when it is new.
  std::uint32_t node(std::string_view name, int line);
  std::size_t nodes() const { return nodes_.size(); }
  bool known(std::string_view name) const { return by_name_.contains(name); }
  const std::string& name(std::uint32_t node) const { return nodes_[node].name; }
  NodeKind kind(std::uint32_t node) const { return nodes_[node].kind; }
  /// False when it has the other kind already, since line `kind_line(node)`.
  bool set_kind(std::uint32_t node, NodeKind kind, int line);
  int kind_line(std::uint32_t node) const { return nodes_[node].kind_line; }
  /// Requires: `count` > 0.
  void connect(std::uint32_t a, std::uint32_t b, BytesPerSecond bandwidth, Seconds latency, std::uint32_t count);

  /// Nodes of unknown kind become endpoints when they have exactly one cable, else switches. Returns how many became
  /// endpoints.
  std::uint32_t settle_kinds();
  /// Requires: all kinds are known.
  std::vector<Fault> faults() const;
  /// Requires: faults() is empty.
  GraphSpec build() const;

 private:
  struct Node {
    std::string name;
    NodeKind kind = NodeKind::kUnknown;
    int line = 0, kind_line = 0;
    std::uint32_t cables = 0;
  };
  struct Bundle {
    std::uint32_t a = 0, b = 0, count = 0;
    BytesPerSecond bandwidth{};
    Seconds latency{};
  };
  std::vector<std::uint32_t> switch_parts() const;
  std::vector<Fault> faults_of_reach(const std::vector<std::uint32_t>& endpoints) const;

  std::vector<Node> nodes_;
  std::map<std::string, std::uint32_t, std::less<>> by_name_;
  std::vector<Bundle> bundles_;
};

}  // namespace socle::net
