#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "socle/migrate/onnx/output_type.hpp"
#include "socle/migrate/onnx/requirement.hpp"

namespace socle::migrate::onnx {

/// Walks a model's graphs, infers element types and counts uses into a requirement.
class Walk {
 public:
  Walk(const Model& model, const std::string& file, const SchemaTable& schemas,
       const std::set<std::string, std::less<>>& watched, Requirement& found);
  void run();

 private:
  using Tally = std::map<std::uint32_t, std::uint64_t>;  ///< nodes by use

  /// Values that a graph sees: its own, then those of the graph around it.
  struct Scope {
    std::unordered_map<std::string_view, TypeName> types;
    const Scope* around = nullptr;
    TypeName of(std::string_view name) const;
  };
  /// Where a graph is walked from.
  struct Place {
    Range opsets;                                  ///< imports in force
    const std::vector<Attribute>* call = nullptr;  ///< attributes of the call, in a function's body
    Tally* tally = nullptr;                        ///< where nodes are counted
    int depth = 0;                                 ///< of calls
    bool inside = false;                           ///< in a body of If, Loop or Scan
    bool partitioned = false;                      ///< the graph runs as it stands, so that its nodes have places
  };
  struct Call {
    std::vector<TypeName> outputs;
    Tally tally;
    bool running = false;
  };

  std::vector<TypeName> graph(std::uint32_t index, const Scope* around, const std::vector<TypeName>& inputs,
                              const Place& place);
  void node(std::uint32_t index, std::uint32_t number, Scope& scope, const Place& place);
  std::vector<TypeName> bodies(const Node& node, const std::vector<TypeName>& inputs, const Scope& scope,
                               const Place& place);
  const Call& call(std::uint32_t function, const Node& node, const std::vector<TypeName>& inputs, const Place& place);
  std::uint32_t use_of(const Node& node, std::uint32_t number, int opset, const Schema* schema,
                       const std::vector<TypeName>& inputs, const Variables& variables, const Place& place);
  const Attribute* attribute(const Node& node, std::string_view name, const Place& place) const;
  void note(const Node& node, std::uint32_t number, const OpUse& use, const std::vector<TypeName>& outputs);
  int opset_of(const Range& imports, std::string_view domain) const;
  void spend(const Graph& graph);

  const Model& model_;
  const std::string& file_;
  const SchemaTable& schemas_;
  const std::set<std::string, std::less<>>& watched_;
  Requirement& found_;
  std::map<std::string, std::uint32_t> uses_;       ///< by all that makes one
  std::map<std::string, std::uint32_t> functions_;  ///< by domain, name and overload
  std::map<std::string, Call> calls_;               ///< by function, types and attributes
  std::size_t walked_ = 0;
};

}  // namespace socle::migrate::onnx
