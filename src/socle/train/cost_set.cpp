#include "socle/train/cost_set.hpp"

#include <string_view>

#include "socle/graph/layer_ops.hpp"
#include "socle/train/state_bytes.hpp"

namespace socle::train {
namespace {

// Rank-r adapters: every GEMM marked as an adapter holds n x k trained weights.
double adapter_parameters(const graph::LayerGraph& graph) {
  double parameters = 0;
  for (const graph::Op& op : graph.ops) {
    if (std::string_view(op.name).starts_with("adapter") && op.has_weight) parameters += op.n * op.k;
  }
  return parameters;
}

// Orthogonal updates of all matrices of a layer: those of a layout that does not cut them.
void add_orthogonal(const model::Transformer& model, const model::Layer& layer, const workload::TrainingJob& job,
                    const workload::Layout& layout, CostSet& set) {
  Flops dense{}, experts{};
  for (const graph::Op& op : graph::layer_graph(model, layer, job, {}, {}).ops) {
    if (!op.has_weight || !op.trains) continue;
    if (op.kind != graph::OpKind::kGemm && op.kind != graph::OpKind::kGroupedGemm) continue;
    const bool one = op.slices[0] <= 0;
    for (const double columns : one ? std::array<double, 3>{op.n, 0, 0} : op.slices) {
      if (columns > 0)
        (op.kind == graph::OpKind::kGroupedGemm ? experts : dense) += orthogonalisation(columns, op.k) * op.batch;
    }
  }
  set.orthogonal_dense.push_back(dense / layout.tensor_parallel);
  set.orthogonal_experts.push_back(experts /
                                   (static_cast<double>(layout.expert_parallel) * layout.expert_tensor_parallel));
}

}  // namespace

CostSet cost_set(const model::Transformer& model, const workload::TrainingJob& job, const workload::Layout& layout,
                 const machine::Machine& machine) {
  CostSet set;
  const graph::Fusion fusion = machine.fusion();
  const double tensor = layout.tensor_parallel;
  const double expert_ranks = static_cast<double>(layout.expert_parallel) * layout.expert_tensor_parallel;
  for (const model::Layer& layer : model.kinds) {
    const graph::LayerGraph graph = graph::layer_graph(model, layer, job, layout, fusion);
    set.kinds.push_back(layer_cost(graph, machine, job.recipe, layout));
    if (job.optimizer == workload::Optimizer::kMuon) add_orthogonal(model, layer, job, layout, set);
    const double experts = model::expert_parameters(model, layer);
    set.dense_parameters.push_back((model::layer_parameters(model, layer) - experts) / tensor);
    set.expert_parameters.push_back(experts / expert_ranks);
    set.trained_parameters.push_back(job.lora ? adapter_parameters(graph)
                                              : set.dense_parameters.back() + set.expert_parameters.back());
  }
  set.layers.assign(model.kinds.size(), 0.0);
  for (const int kind : model.kind_of_layer) ++set.layers[static_cast<std::size_t>(kind)];
  set.embedding = layer_cost(graph::embedding_graph(model, job, layout), machine, job.recipe, layout);
  set.head = layer_cost(graph::head_graph(model, job, layout, fusion), machine, job.recipe, layout);
  const model::ParameterCount count = model::count_parameters(model);
  set.embedding_parameters = count.embedding / tensor;
  set.head_parameters = (model.tied_embeddings ? count.embedding : count.head) / tensor;
  const double tokens = static_cast<double>(layout.microbatch) * job.sequence_length / layout.context_parallel;
  const double shard = layout.sequence_parallel ? tensor : 1.0;
  set.layer_input = Bytes{tokens / shard * model.hidden * 2.0};
  set.stage_message = set.layer_input;
  return set;
}

}  // namespace socle::train
