#include "socle/scenario/layout_section.hpp"

#include "socle/scenario/values.hpp"
#include "socle/workload/layout_text.hpp"

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
      size("ep", "--ep", "Expert-parallel size", &Section::expert_parallel),
      size("etp", "--etp", "Tensor-parallel size of experts", &Section::expert_tensor_parallel),
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
      choice_key<Sharding, Section>(
          common(facts("sharding", "--sharding", "KIND", "What data-parallel ranks share out (ZeRO)")),
          &Section::sharding, workload::sharding_names()),
      integer_key<Section>(
          facts("shard_size", "--shard-size", "N", "Ranks over which it is shared out; default: all of them"),
          &Section::shard_size, 0, kParallelMax),
      overlap("offload_optimizer", "--offload-optimizer", "Keep optimizer states in host memory",
              &Section::offload_optimizer),
      overlap("overlap_grad_reduce", "--overlap-grad-reduce", "Reduce gradients under the backward pass",
              &Section::overlap_grad_reduce),
      overlap("overlap_param_gather", "--overlap-param-gather", "Gather parameters under the forward pass",
              &Section::overlap_param_gather),
      overlap("overlap_tensor_parallel", "--overlap-tensor-parallel",
              "Overlap tensor-parallel collectives with matrix products", &Section::overlap_tensor_parallel),
      overlap("overlap_expert_parallel", "--overlap-expert-parallel",
              "Overlap the experts' exchange with another microbatch", &Section::overlap_expert_parallel),
  };
}

}  // namespace socle::scenario
