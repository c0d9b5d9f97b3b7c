#include "socle/report/schemas.hpp"

#include "socle/workload/layout_text.hpp"

namespace socle::report {

std::vector<Schema> schemas() {
  return {train_schema(),
          plan_schema(),
          compare_schema(),
          fabric_design_schema(),
          fabric_schema(),
          fabric_calibrate_schema(),
          catalog_schema(),
          validate_schema(),
          check_schema(),
          model_schema(),
          serve_fit_schema(),
          serve_schema(),
          serve_plan_schema(),
          serve_day_schema(),
          serve_mix_schema(),
          serve_emit_schema(),
          serve_calibrate_schema(),
          cost_schema(),
          cost_diff_schema(),
          risk_schema(),
          serve_risk_schema(),
          risk_rollout_schema(),
          risk_incident_schema(),
          risk_transfer_schema(),
          migrate_cuda_schema(),
          migrate_targets_schema(),
          migrate_serving_schema(),
          migrate_torch_schema(),
          migrate_onnx_schema(),
          migrate_schema(),
          migrate_arguments_schema(),
          migrate_training_schema()};
}

Shape provenance_shape() {
  return {"provenance",
          "What a document rests on: the same version, inputs and build give the same bytes.",
          {{"socle_version", "string", "Version of Socle, with the commit of builds between releases."},
           {"command", "string", "The command that was asked, without its options."},
           {"inputs[]", "object", "Texts that were read: scenario, flags, model configuration, cases, logs."},
           {"inputs[].name", "string", "Path or name of the input."},
           {"inputs[].fnv1a64", "string", "FNV-1a hash of its bytes, 16 hexadecimal digits."}}};
}

Shape money_shape() {
  return {"money",
          "An amount of money.",
          {{"amount", "number", "Amount in units of the currency."},
           {"currency", "string", "Currency of the amount.", {"USD", "CNY"}}}};
}

Shape layout_shape() {
  return {"layout",
          "How one training job is laid over the chips.",
          {{"tp", "integer", "Tensor-parallel size."},
           {"sp", "boolean", "Sequence parallel: norms and residuals are split over tp too."},
           {"pp", "integer", "Pipeline-parallel size: stages."},
           {"vpp", "integer", "Virtual pipeline: model chunks per stage."},
           {"cp", "integer", "Context-parallel size."},
           {"ep", "integer", "Expert-parallel size, inside tp x cp x dp."},
           {"etp", "integer", "Tensor-parallel size of experts."},
           {"dp", "integer", "Data-parallel size."},
           {"microbatch", "integer", "Sequences per microbatch."},
           {"schedule", "string", "Pipeline schedule.", workload::schedule_names()},
           {"recompute", "string", "Activations that the backward pass computes again.", workload::recompute_names()},
           {"recompute_layers", "integer", "Layers per stage that recompute, with recompute full; 0: all of them."},
           {"sharding", "string", "What data-parallel ranks shard (ZeRO stage).", workload::sharding_names()},
           {"shard_size", "integer", "Ranks that share one copy of what is sharded; 0: all of dp x cp."},
           {"keep_gathered", "boolean", "With sp: inputs gathered forward are kept for the backward pass."},
           {"scatter_messages", "boolean", "Without sp: each tp rank sends its part of a stage's output."},
           {"offload_layers", "integer", "Layers per stage whose activations wait in host memory."},
           {"offload_weights", "boolean", "Weights live in host memory and stream in for every pass."},
           {"offload_optimizer", "boolean", "Optimizer states live in host memory."},
           {"overlap_grad_reduce", "boolean", "Gradient reduction runs under the backward pass."},
           {"overlap_param_gather", "boolean", "The all-gather of parameters runs under the forward pass."},
           {"overlap_tensor_parallel", "boolean", "Tensor-parallel collectives are pipelined with their GEMMs."},
           {"overlap_expert_parallel", "boolean", "Expert all-to-all runs under another microbatch."},
           {"placement[]", "string", "Axes from neighbouring ranks outwards.", {"tp", "cp", "ep", "dp", "pp"}}}};
}

SchemaRows sentence_rows() {
  return {{"assumptions[]", "string", "What was filled in or taken for granted, a sentence each."},
          {"doubts[]", "string", "Facts of the catalogue that rest on recall or estimate, a sentence each."}};
}

}  // namespace socle::report
