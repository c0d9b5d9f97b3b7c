#include <array>
#include <deque>
#include <unordered_map>

#include "socle/migrate/onnx/verdict.hpp"

namespace socle::migrate::onnx {
namespace {

/// What the nodes of one graph wait for.
class Sides {
 public:
  Sides(const Model& model, const Requirement& found, const std::vector<bool>& taken, const Graph& graph)
      : model_(model), side_(graph.nodes.count), waits_(graph.nodes.count), after_(graph.nodes.count) {
    std::unordered_map<std::string_view, std::uint32_t> makers;
    for (std::uint32_t i = 0; i < graph.nodes.count; ++i) {
      side_[i] = side_of(found, taken, graph.nodes.first + i);
      const Node& node = model.nodes[graph.nodes.first + i];
      wait(node, i, makers);
      for (std::uint32_t out = node.outputs.first; out < node.outputs.end(); ++out)
        if (!model.names[out].empty()) makers[model.names[out]] = i;
    }
  }

  /// Runs of nodes on each side, when execution begins on `side`.
  std::array<std::uint64_t, 2> run(std::size_t side) const {
    std::array<std::uint64_t, 2> runs{};
    std::array<std::deque<std::uint32_t>, 2> ready;
    std::vector<std::uint32_t> waits = waits_;
    std::vector<std::uint32_t> free;  // folded nodes, which are on no side
    const auto release = [&](std::uint32_t node) {
      side_[node] == kFolded ? free.push_back(node) : ready[static_cast<std::size_t>(side_[node])].push_back(node);
    };
    const auto finish = [&](std::uint32_t node) {
      for (const std::uint32_t next : after_[node])
        if (--waits[next] == 0) release(next);
    };
    const auto settle = [&] {
      while (!free.empty()) {
        const std::uint32_t node = free.back();
        free.pop_back();
        finish(node);
      }
    };
    for (std::uint32_t i = 0; i < waits.size(); ++i)
      if (waits[i] == 0) release(i);
    settle();
    while (!ready[0].empty() || !ready[1].empty()) {
      if (ready[side].empty()) side = 1 - side;
      ++runs[side];
      while (!ready[side].empty()) {
        const std::uint32_t node = ready[side].front();
        ready[side].pop_front();
        finish(node);
        settle();
      }
      side = 1 - side;
    }
    return runs;
  }

 private:
  static constexpr int kFolded = 2;

  static int side_of(const Requirement& found, const std::vector<bool>& taken, std::uint32_t node) {
    const std::int32_t use = found.use_of_node[node];
    if (use >= 0) return taken[static_cast<std::size_t>(use)] ? 0 : 1;
    if (use == -1) return kFolded;
    for (const std::uint32_t inner : found.calls[static_cast<std::size_t>(-2 - use)])
      if (!taken[inner]) return 1;
    return 0;
  }

  /// A node waits for the makers of its inputs, and of what its bodies take from this graph.
  void wait(const Node& node, std::uint32_t place, const std::unordered_map<std::string_view, std::uint32_t>& makers) {
    for (std::uint32_t in = node.inputs.first; in < node.inputs.end(); ++in) {
      const auto maker = makers.find(model_.names[in]);
      if (maker == makers.end() || maker->second == place) continue;
      after_[maker->second].push_back(place);
      ++waits_[place];
    }
    for (std::uint32_t a = node.attributes.first; a < node.attributes.end(); ++a) {
      const Range graphs = model_.attributes[a].graphs;
      for (std::uint32_t g = graphs.first; g < graphs.end(); ++g)
        for (std::uint32_t n = model_.graphs[g].nodes.first; n < model_.graphs[g].nodes.end(); ++n)
          wait(model_.nodes[n], place, makers);
    }
  }

  const Model& model_;
  std::vector<int> side_;
  std::vector<std::uint32_t> waits_;
  std::vector<std::vector<std::uint32_t>> after_;
};

}  // namespace

Partition partition(const Model& model, const Requirement& found, const std::vector<bool>& taken) {
  Partition all;
  for (const std::uint32_t index : found.graphs) {
    const Sides sides(model, found, taken, model.graphs[index]);
    const auto first = sides.run(0), second = sides.run(1);
    const auto& best = second[0] + second[1] < first[0] + first[1] ? second : first;
    all.parts += best[0];
    all.islands += best[1];
    const std::uint64_t runs = best[0] + best[1];
    all.changes += runs == 0 ? 0 : runs - 1;
  }
  return all;
}

}  // namespace socle::migrate::onnx
