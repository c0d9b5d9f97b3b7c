#include "socle/report/schemas.hpp"

#include "socle/workload/layout_text.hpp"
#include "socle/workload/training_options.hpp"

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
          fit_stack_schema(),
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

Shape stack_spread_shape() {
  return {"stack_spread",
          "A job that states no software stack, on each plausible one in the same layout.",
          {{"middle", "string", "The median by step time, by its slug: what the answer stands on."},
           {"plausible[]", "object", "The stacks, the fastest first."},
           {"plausible[].stack", "string", "Its slug: --stack takes it."},
           {"plausible[].name", "string", "Its name."},
           {"plausible[].step_time_s", "number", "Seconds of one optimizer step on it."},
           {"plausible[].low_s", "number", "Lower end of its own 90 % range, in seconds."},
           {"plausible[].high_s", "number", "Upper end of its own 90 % range, in seconds."},
           {"plausible[].instead", "number", "Step time over that of the middle, less 1."}}};
}

Shape layout_shape() {
  return {"layout",
          "How one training job is laid over the chips.",
          {{"tp", "integer", "Tensor-parallel size."},
           {"sp", "boolean", "Sequence parallel: norms and residuals are split over tp too."},
           {"pp", "integer", "Pipeline-parallel size: stages."},
           {"vpp", "integer", "Virtual pipeline: model chunks per stage."},
           {"cp", "integer", "Context-parallel size."},
           {"cp_kind", "string", "How parts of a sequence see each other's keys.", workload::context_exchange_names()},
           {"ep", "integer", "Expert-parallel size, inside tp x cp x dp."},
           {"etp", "integer", "Tensor-parallel size of experts."},
           {"dispatcher", "string|null", "How tokens reach their experts; null: as the stack does.",
            workload::dispatcher_names()},
           {"dp", "integer", "Data-parallel size."},
           {"microbatch", "integer", "Sequences per microbatch."},
           {"schedule", "string", "Pipeline schedule.", workload::schedule_names()},
           {"recompute", "string", "Activations that the backward pass computes again.", workload::recompute_names()},
           {"recompute_layers", "integer", "Layers per stage that recompute, with recompute full; 0: all of them."},
           {"recompute_every", "integer", "With recompute full: one layer in so many recomputes; 0: all of them."},
           {"recompute_modules[]", "string", "Modules that recompute, with recompute selective; none: the usual ones.",
            workload::recompute_module_names()},
           {"sharding", "string", "What data-parallel ranks shard (ZeRO stage).", workload::sharding_names()},
           {"shard_size", "integer", "Ranks that share one copy of what is sharded; 0: all of dp x cp."},
           {"reshard_after_forward", "boolean", "ZeRO-3: gathered weights are freed until the backward pass."},
           {"defer_grad_reduce", "boolean", "ZeRO-3: whole gradients are accumulated and reduced once a step."},
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
