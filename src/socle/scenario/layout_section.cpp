#include "socle/scenario/layout_section.hpp"

#include "socle/scenario/values.hpp"
#include "socle/workload/layout_text.hpp"
#include "socle/workload/training_options.hpp"

namespace socle::scenario {
namespace {

using Section = workload::PartialLayout;

constexpr int kParallelMax = 1'000'000;
constexpr int kMicrobatchMax = 65'536;
constexpr int kLayersMax = 100'000;

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help) {
  return {.section = "layout", .name = name, .flag = flag, .value = value, .help = help};
}

Key<Section> size(const char* name, const char* flag, const char* help, std::optional<int> Section::*member,
                  int most = kParallelMax) {
  return integer_key<Section>(common(facts(name, flag, "N", help)), member, 1, most);
}

Key<Section> overlap(const char* name, const char* flag, const char* help, std::optional<bool> Section::*member) {
  return boolean_key<Section>(facts(name, flag, "BOOL", help), member);
}

KeyFacts facts_of_modules(const std::string& accepts) {
  KeyFacts about =
      facts("recompute_modules", "--recompute-modules", "NAME,...",
            "Modules of a layer that selective recompute covers, as Megatron-Core names them; default: the usual ones");
  about.accepts = accepts;
  about.example = "[\"moe_act\", \"layernorm\"]";
  return about;
}

// Names of modules, kept as a set of them.
Key<Section> modules_key() {
  const std::vector<std::string>& names = workload::recompute_module_names();
  const std::string accepts = fmt::format("some of {}", fmt::join(names, ", "));
  const auto check = [accepts](const std::vector<std::string>& texts) {
    const bool known = !texts.empty() && workload::modules_of_names(texts);
    return known ? std::string() : "write " + accepts;
  };
  return {facts_of_modules(accepts),
          [check](const TomlTable& table, const std::string& name, Section& section) {
            const auto texts = table.optional_strings(name);
            if (!texts) return;
            const std::string problem = check(*texts);
            if (problem.empty())
              section.recompute_modules = workload::modules_of_names(*texts);
            else
              table.problem(name, fmt::format("{}: {}", name, problem));
          },
          [check](const std::string& text, Section& section) {
            const std::vector<std::string> texts = split_list(text);
            const std::string problem = check(texts);
            if (problem.empty()) section.recompute_modules = workload::modules_of_names(texts);
            return problem;
          }};
}

}  // namespace

std::vector<Key<Section>> layout_keys() {
  using workload::Recompute;
  using workload::Schedule;
  using workload::Sharding;
  return {
      size("tp", "--tp", "Tensor-parallel size; every size left out is searched", &Section::tensor_parallel),
      boolean_key<Section>(facts("sp", "--sp", "BOOL", "Sequence parallel beside tensor parallel"),
                           &Section::sequence_parallel),
      size("pp", "--pp", "Pipeline-parallel size", &Section::pipeline_parallel),
      size("vpp", "--vpp", "Model chunks per pipeline stage", &Section::virtual_pipeline),
      size("cp", "--cp", "Context-parallel size", &Section::context_parallel),
      choice_key<workload::ContextExchange, Section>(
          facts("cp_kind", "--cp-kind", "KIND", "How parts of a sequence see each other's keys; default ring"),
          &Section::context_exchange, workload::context_exchange_names()),
      size("ep", "--ep", "Expert-parallel size", &Section::expert_parallel),
      size("etp", "--etp", "Tensor-parallel size of experts", &Section::expert_tensor_parallel),
      choice_key<workload::Dispatcher, Section>(
          facts("dispatcher", "--dispatcher", "NAME",
                "How tokens reach their experts; default: the stack's own, in a search the fastest that it has"),
          &Section::dispatcher, workload::dispatcher_names()),
      size("dp", "--dp", "Data-parallel size", &Section::data_parallel),
      size("microbatch", "--microbatch", "Sequences per microbatch", &Section::microbatch, kMicrobatchMax),
      choice_key<Schedule, Section>(common(facts("schedule", "--schedule", "NAME", "Pipeline schedule")),
                                    &Section::schedule, workload::schedule_names()),
      choice_key<Recompute, Section>(
          common(facts("recompute", "--recompute", "KIND", "What the backward pass computes again")),
          &Section::recompute, workload::recompute_names()),
      integer_key<Section>(
          facts("recompute_layers", "--recompute-layers", "N", "Layers of a stage that full recompute covers; 0 = all"),
          &Section::recompute_layers, 0, kLayersMax),
      integer_key<Section>(
          facts("recompute_every", "--recompute-every", "N", "Full recompute of every n-th layer only; 0 = of all"),
          &Section::recompute_every, 0, kLayersMax),
      modules_key(),
      choice_key<Sharding, Section>(
          common(facts("sharding", "--sharding", "KIND", "What data-parallel ranks share out (ZeRO)")),
          &Section::sharding, workload::sharding_names()),
      integer_key<Section>(
          facts("shard_size", "--shard-size", "N", "Ranks over which it is shared out; default: all of them"),
          &Section::shard_size, 0, kParallelMax),
      boolean_key<Section>(
          facts(
              "reshard_after_forward", "--reshard-after-forward", "BOOL",
              "ZeRO-3: free a layer's gathered weights until its backward pass; default true, under a pipeline false"),
          &Section::reshard_after_forward),
      boolean_key<Section>(facts("defer_grad_reduce", "--defer-grad-reduce", "BOOL",
                                 "ZeRO-3: accumulate whole gradients and reduce them once a step; default false"),
                           &Section::defer_grad_reduce),
      overlap("offload_optimizer", "--offload-optimizer", "Keep optimizer states in host memory",
              &Section::offload_optimizer),
      overlap("overlap_grad_reduce", "--overlap-grad-reduce", "Reduce gradients under the backward pass",
              &Section::overlap_grad_reduce),
      overlap("overlap_param_gather", "--overlap-param-gather", "Gather parameters under the forward pass",
              &Section::overlap_param_gather),
      overlap(
          "overlap_tensor_parallel", "--overlap-tensor-parallel",
          "Overlap tensor-parallel collectives with matrix products; default: the stack's, in a search on if it can",
          &Section::overlap_tensor_parallel),
      overlap("overlap_expert_parallel", "--overlap-expert-parallel",
              "Overlap the experts' exchange with another microbatch; default: the stack's, searched if it can",
              &Section::overlap_expert_parallel),
  };
}

}  // namespace socle::scenario
