#include "socle/setup/launch_values.hpp"

#include <algorithm>
#include <array>

#include "socle/base/error.hpp"
#include "socle/base/lower_case.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::setup {
namespace {

struct Word {
  std::string_view word, format;  ///< an empty format: the checkpoint decides
};

// Values of --quantization of vLLM and SGLang. Source: vllm-project/vllm v0.11.0
// vllm/model_executor/layers/quantization/__init__.py and sgl-project/sglang v0.5.6 server_args.py, as recalled; ascend
// and modelslim: vllm-project/vllm-ascend@182b75ea84 docs, sgl-project/sglang@0307fc1fc8 docs/platforms.
constexpr std::array<Word, 36> kQuantizations{{{"fp8", "fp8"},
                                               {"w8a8_fp8", "fp8"},
                                               {"ptpc_fp8", "fp8"},
                                               {"fbgemm_fp8", "fp8"},
                                               {"modelopt", "fp8"},
                                               {"modelopt_fp8", "fp8"},
                                               {"blockwise_fp8", "fp8-block"},
                                               {"w8a8_int8", "int8"},
                                               {"experts_int8", ""},
                                               {"awq", "w4a16"},
                                               {"awq_marlin", "w4a16"},
                                               {"gptq", "w4a16"},
                                               {"gptq_marlin", "w4a16"},
                                               {"gptq_marlin_24", "w4a16"},
                                               {"gptq_bitblas", "w4a16"},
                                               {"marlin", "w4a16"},
                                               {"bitsandbytes", "w4a16"},
                                               {"qoq", ""},
                                               {"moe_wna16", ""},
                                               {"mxfp4", "mxfp4"},
                                               {"modelopt_fp4", "nvfp4"},
                                               {"petit_nvfp4", "nvfp4"},
                                               {"fp_quant", ""},
                                               {"compressed-tensors", ""},
                                               {"auto-round", ""},
                                               {"ascend", ""},
                                               {"modelslim", ""},
                                               {"gguf", ""},
                                               {"quark", ""},
                                               {"torchao", ""},
                                               {"hqq", ""},
                                               {"inc", ""},
                                               {"tpu_int8", "w8a16"},
                                               {"rtn", ""},
                                               {"bitblas", ""},
                                               {"none", ""}}};

constexpr std::array<Word, 14> kCaches{{{"auto", "bf16"},
                                        {"bfloat16", "bf16"},
                                        {"bf16", "bf16"},
                                        {"float16", "fp16"},
                                        {"fp16", "fp16"},
                                        {"half", "fp16"},
                                        {"fp8", "fp8"},
                                        {"fp8_e4m3", "fp8"},
                                        {"fp8_e5m2", "fp8"},
                                        {"fp8_inc", "fp8"},
                                        {"int8", "int8"},
                                        {"nvfp4", "fp4"},
                                        {"fp4", "fp4"},
                                        {"fp4_e2m1", "fp4"}}};

// Words behind a model's name that leave its shape as it is, and the formats that they tell.
constexpr std::array<Word, 33> kSuffixes{
    {{"instruct", ""},   {"chat", ""},       {"it", ""},       {"base", ""},     {"hf", ""},         {"pt", ""},
     {"thinking", ""},   {"turbo", ""},      {"dynamic", ""},  {"static", ""},   {"quantized", ""},  {"2407", ""},
     {"2501", ""},       {"2503", ""},       {"2506", ""},     {"2507", ""},     {"0324", ""},       {"0528", ""},
     {"bf16", "bf16"},   {"fp16", "fp16"},   {"fp8", "fp8"},   {"awq", "w4a16"}, {"gptq", "w4a16"},  {"int4", "w4a16"},
     {"4bit", "w4a16"},  {"w4a16", "w4a16"}, {"int8", "int8"}, {"w8a8", "int8"}, {"w8a16", "w8a16"}, {"fp4", "nvfp4"},
     {"nvfp4", "nvfp4"}, {"mxfp4", "mxfp4"}, {"v1", ""}}};

template <typename List>
const Word* find(const List& list, std::string_view word) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Word& one) { return one.word == word; });
  return found == list.end() ? nullptr : &*found;
}

std::optional<model::Transformer> look(const catalog::Catalog& catalog, std::string_view name) {
  try {
    return load_model(catalog, name);
  } catch (const InputError&) { return std::nullopt; }
}

}  // namespace

std::optional<LaunchFormat> launch_quantization(std::string_view word) {
  const Word* found = find(kQuantizations, word);
  if (found == nullptr) return std::nullopt;
  return LaunchFormat{std::string(found->format), found->format.empty() && word != "none"};
}

std::optional<std::string> launch_kv_format(std::string_view word) {
  const Word* found = find(kCaches, word);
  return found == nullptr ? std::nullopt : std::optional(std::string(found->format));
}

std::string launch_kv_words() {
  std::string text;
  for (const Word& one : kCaches) text += (text.empty() ? "" : ", ") + std::string(one.word);
  return text;
}

std::optional<LaunchModel> launch_model(const catalog::Catalog& catalog, std::string_view named) {
  while (named.size() > 1 && named.ends_with('/')) named.remove_suffix(1);
  const std::size_t from = named.rfind('/') + 1;  // 0 where there is none
  const std::string_view whole = named.substr(from);
  std::string_view name = whole;
  std::string weights;
  while (!name.empty()) {
    if (const auto model = look(catalog, name))
      return LaunchModel{std::string(name), model->weight_format, std::string(whole.substr(name.size())), weights};
    const std::size_t dash = name.find_last_of("-_");
    if (dash == std::string_view::npos) break;
    const Word* suffix = find(kSuffixes, lower_case(name.substr(dash + 1)));
    if (suffix == nullptr) break;
    if (weights.empty()) weights = suffix->format;
    name = name.substr(0, dash);
  }
  return std::nullopt;
}

}  // namespace socle::setup
