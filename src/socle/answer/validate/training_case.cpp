#include "socle/answer/validate/training_case.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/answer/validate/case_model.hpp"
#include "socle/answer/validate/training_columns.hpp"
#include "socle/base/error.hpp"
#include "socle/model/recipe_names.hpp"
#include "socle/train/layer_recompute.hpp"
#include "socle/workload/training_options.hpp"

namespace socle::answer {

using workload::Layout;
using workload::Recompute;
using workload::Schedule;
using workload::Sharding;

namespace {

class Row {
 public:
  Row(const CsvTable& table, std::size_t row) : table_(table), row_(row) {}
  const std::string& text(const char* column) const { return table_.cell(row_, column); }
  bool has(const char* column) const { return !text(column).empty(); }
  double number(const char* column, double fallback) const { return table_.number(row_, column).value_or(fallback); }
  // Requires: the row's numbers were checked.
  int count(const char* column, int fallback) const {
    return static_cast<int>(table_.integer(row_, column).value_or(fallback));
  }
  [[noreturn]] void refuse(const char* column, const char* accepted) const {
    throw InputError(Problem{table_.source(), table_.line(row_), 0, column,
                             fmt::format("{} = '{}'; use one of {}", column, text(column), accepted)});
  }

 private:
  const CsvTable& table_;
  std::size_t row_;
};

model::Recipe read_recipe(const Row& row) {
  if (!row.has("precision")) return model::Recipe::kBf16;
  const auto recipe = model::recipe_of_name(row.text("precision"));
  if (!recipe) row.refuse("precision", "bf16, fp16, fp8, fp8-block, mxfp8, nvfp4, int8");
  return *recipe;
}

Sharding read_sharding(const Row& row) {
  const std::string& text = row.text("sharding");
  if (text == "none" || text.empty()) return Sharding::kNone;
  if (text == "zero1") return Sharding::kZero1;
  if (text == "zero2") return Sharding::kZero2;
  if (text == "fsdp" || text == "zero3") return Sharding::kZero3;
  row.refuse("sharding", "none, zero1, zero2, fsdp");
}

Recompute read_recompute(const Row& row) {
  const std::string& text = row.text("recompute");
  if (text == "none" || text.empty()) return Recompute::kNone;
  if (text == "full") return Recompute::kFull;
  if (text == "selective" || text == "other") return Recompute::kSelective;
  if (text == "op-selective") return Recompute::kOpSelective;
  row.refuse("recompute", "none, selective, op-selective, full, other");
}

bool notes_say(const TrainingCase& c, std::string_view words) {
  return c.overlap_notes.find(words) != std::string::npos;
}

// What the notes say of the experts' dispatcher.
std::optional<workload::Dispatcher> noted_dispatcher(const TrainingCase& c) {
  const std::vector<std::string>& names = workload::dispatcher_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (notes_say(c, "moe dispatcher=" + names[i])) return static_cast<workload::Dispatcher>(i);
  }
  return std::nullopt;
}

// "recompute_modules=moe_act+layernorm; ..." in the notes.
void read_modules(const Row& row, TrainingCase& c) {
  constexpr std::string_view kKey = "recompute_modules=";
  const std::size_t at = c.overlap_notes.find(kKey);
  if (at == std::string::npos) return;
  const std::size_t from = at + kKey.size();
  std::vector<std::string> names{""};
  for (const char letter : c.overlap_notes.substr(from, c.overlap_notes.find(';', from) - from)) {
    if (letter == '+')
      names.emplace_back();
    else if (letter != ' ')
      names.back() += letter;
  }
  const auto modules = workload::modules_of_names(names);
  if (!modules)
    row.refuse("overlap_notes", fmt::format("{}", fmt::join(workload::recompute_module_names(), ", ")).c_str());
  // What a model does not have its framework leaves alone.
  c.layout.recompute_modules = *modules & train::recomputable_modules(c.model);
}

// The layout of the row, and what is missing for one.
void read_layout(const Row& row, TrainingCase& c) {
  Layout& layout = c.layout;
  layout.tensor_parallel = row.count("tp", 1);
  layout.pipeline_parallel = row.count("pp", 1);
  layout.context_parallel = row.count("cp", 1);
  layout.expert_parallel = row.count("ep", 1);
  layout.virtual_pipeline = std::max(1, row.count("vpp", 1));
  if (layout.virtual_pipeline > 1) layout.schedule = Schedule::kInterleaved;
  if (!row.has("tp") || !row.has("pp")) {
    c.unsupported = "layout not stated: tp or pp is empty";
    return;
  }
  const double inner = static_cast<double>(layout.tensor_parallel) * layout.pipeline_parallel * layout.context_parallel;
  if (inner < 1 || std::fmod(c.chips, inner) != 0) {
    c.unsupported = fmt::format("tp * pp * cp = {} does not divide {} chips", inner, c.chips);
    return;
  }
  const int copies = static_cast<int>(c.chips / inner);
  layout.data_parallel = row.count("dp", copies);
  if (layout.data_parallel != copies)
    c.unsupported = fmt::format("tp * pp * cp * dp = {} but {} chips", inner * layout.data_parallel, c.chips);
  layout.sharding = read_sharding(row);
  c.sharding_known = row.has("sharding");
  layout.shard_size = row.count("shard_size", 0);
  layout.dispatcher = noted_dispatcher(c);
  layout.defer_grad_reduce = layout.sharding == Sharding::kZero3 && notes_say(c, "gradients reduced once a step");
  layout.recompute = read_recompute(row);
  if (layout.recompute == Recompute::kSelective) read_modules(row, c);
  c.recompute_known = row.has("recompute") && row.text("recompute") != "other";
  const std::string& notes = row.text("notes");
  if (const auto at = notes.find("ETP="); at != std::string::npos) {
    layout.expert_tensor_parallel = std::clamp(std::atoi(notes.c_str() + at + 4), 1, 64);
  }
  if (notes.find("w/o MTP") != std::string::npos) c.job.mtp = false;
  if (row.has("sp")) c.sequence_parallel = row.number("sp", 0) > 0;
}

// One sequence, or with unfused attention the least that its fused softmax takes: heads of a rank x batch in blocks of
// four.
int default_microbatch(const Row& row, const TrainingCase& c) {
  const int heads = row.count("heads", 0) / c.layout.tensor_parallel;
  if (c.job.attention == workload::AttentionKernel::kFlash || heads <= 0) return 1;
  return heads % 4 == 0 ? 1 : heads % 2 == 0 ? 2 : 4;
}

// The global batch need not be a multiple of the stated microbatch times dp: the largest divisor below counts.
void read_batch(const Row& row, TrainingCase& c) {
  c.job.global_batch = row.count("global_batch_seqs", 0);
  if (c.job.sequence_length <= 0) c.unsupported = "sequence length not stated";
  if (c.job.global_batch <= 0) c.unsupported = "global batch not stated";
  if (!c.unsupported.empty()) return;
  const int dp = c.layout.data_parallel;
  if (c.job.global_batch < dp) {
    c.unsupported = fmt::format("global batch {} is smaller than dp = {}", c.job.global_batch, dp);
    return;
  }
  c.job.global_batch -= c.job.global_batch % dp;
  const int per_rank = c.job.global_batch / dp;
  int micro = std::min(per_rank,
                       row.has("micro_batch") ? std::max(1, row.count("micro_batch", 0)) : default_microbatch(row, c));
  while (per_rank % micro != 0) --micro;
  c.layout.microbatch = micro;
}

}  // namespace

TrainingCase read_training_case(const catalog::Catalog& catalog, const CsvTable& table, std::size_t index) {
  training_row_problems(table, index).throw_if_any();
  const Row row(table, index);
  TrainingCase c;
  c.id = row.text("id");
  c.source = row.text("source");
  c.chip = row.text("chip");
  c.year = row.count("year", 2025);
  c.chips = row.count("n_chips", 0);
  c.chips_per_node = row.count("node_size", 8);
  c.scale_up_domain = row.count("scale_up_domain", 0);
  c.nic_gbit_per_chip = row.number("nic_gbps_per_chip", 0);
  c.overlap_notes = row.text("overlap_notes");
  if (row.has("measured_step_s")) c.step_s = row.number("measured_step_s", 0);
  if (row.has("measured_mem_gb")) c.memory_gb = row.number("measured_mem_gb", 0);
  const std::string_view offload = "activation CPU offload of ";
  if (const auto at = c.overlap_notes.find(offload); at != std::string::npos) {
    c.layout.offload_layers = std::clamp(std::atoi(c.overlap_notes.c_str() + at + offload.size()), 0, 4096);
  }
  c.job.sequence_length = row.count("seq_len", 0);
  c.job.recipe = read_recipe(row);
  c.job.attention = row.text("attention_kernel") == "unfused" ? workload::AttentionKernel::kUnfused
                                                              : workload::AttentionKernel::kFlash;
  c.job.lora = row.text("model_name").find("LoRA") != std::string::npos;
  c.precision_known = row.has("precision");
  // A graph of the full iteration leaves nothing to launch; graphs of parts of the layer leave the rest (assumption: 40
  // %).
  if (notes_say(c, "cuda_graph=full_iteration"))
    c.graph_share = 1.0;
  else if (notes_say(c, "cuda_graph"))
    c.graph_share = 0.6;
  auto model = case_model(catalog, table, index);
  if (!model) {
    c.unsupported = "model shape not stated, or none that fits what is stated; name not in the catalogue";
    return c;
  }
  c.model = std::move(*model);
  if (c.chips <= 0) c.unsupported = "chip count not stated";
  if (c.unsupported.empty()) read_layout(row, c);
  if (c.unsupported.empty()) read_batch(row, c);
  return c;
}

}  // namespace socle::answer
