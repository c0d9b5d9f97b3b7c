#include "socle/scenario/training_section.hpp"

#include "socle/model/recipe_names.hpp"
#include "socle/scenario/values.hpp"
#include "socle/workload/layout_text.hpp"
#include "socle/workload/training_options.hpp"

namespace socle::scenario {
namespace {

using Section = TrainingSection;

constexpr int kSequenceMax = 1 << 24;
constexpr int kLoraRankMax = 4'096;
constexpr double kTokensMax = 1e18;

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help) {
  return {.section = "training", .name = name, .flag = flag, .value = value, .help = help};
}

Key<Section> tokens_key() {
  Key<Section> key = quantity_key<Tokens, Section>(
      common(facts("tokens", "--tokens", "COUNT",
                   "Length of the run, such as 15.6T; without it there are no days and no money")),
      &Section::tokens);
  const auto too_many = [](const std::optional<Tokens>& tokens) { return tokens && tokens->value() > kTokensMax; };
  const std::string most = format_tokens(Tokens{kTokensMax});
  key.read = [read = std::move(key.read), too_many, most](const TomlTable& table, const std::string& name,
                                                          Section& section) {
    read(table, name, section);
    if (too_many(section.tokens))
      table.problem(
          name, fmt::format("{} = {} is out of range; write at most {}", name, format_tokens(*section.tokens), most));
  };
  key.set = [set = std::move(key.set), too_many, most](const std::string& text, Section& section) {
    const std::string problem = set(text, section);
    return problem.empty() && too_many(section.tokens) ? fmt::format("write a count from 1 to {}", most) : problem;
  };
  return key;
}

}  // namespace

std::vector<Key<Section>> training_keys() {
  KeyFacts sequence = common(facts("sequence_length", "--sequence-length", "N",
                                   "Sequence length in tokens; default: the model's context, 8192 at most"));
  sequence.other_names = {"seq"};
  sequence.other_flags = {"--seq"};
  return {tokens_key(),
          integer_key<Section>(std::move(sequence), &Section::sequence_length, 1, kSequenceMax),
          integer_key<Section>(common(facts("global_batch", "--global-batch", "N",
                                            "Sequences per optimizer step; default: about 4M tokens")),
                               &Section::global_batch, 1, kBatchMax),
          choice_key<model::Recipe, Section>(
              common(facts("precision", "--precision", "NAME", "Number format of the matrix products; default bf16")),
              &Section::precision, model::recipe_names()),
          choice_key<workload::AttentionKernel, Section>(
              facts("attention", "--attention", "KIND", "Attention kernel; default: what the stack has"),
              &Section::attention, workload::attention_names()),
          boolean_key<Section>(facts("lora", "--lora", "BOOL", "Train adapters on a frozen base; default false"),
                               &Section::lora),
          integer_key<Section>(facts("lora_rank", "--lora-rank", "N", "Rank of the adapters; default 16"),
                               &Section::lora_rank, 1, kLoraRankMax),
          choice_key<workload::LoraTargets, Section>(
              facts("lora_targets", "--lora-targets", "WHAT",
                    "Matrices that have adapters: attention's, or all of attention and dense blocks, each its own; "
                    "default attention, or all where the stack does so"),
              &Section::lora_targets, workload::lora_target_names()),
          choice_key<workload::BaseFormat, Section>(
              facts("base_format", "--base-format", "NAME",
                    "Format of the frozen base's layers under adapters (QLoRA: nf4); default bf16"),
              &Section::base_format, workload::base_format_names()),
          choice_key<workload::Loss, Section>(
              facts("loss", "--loss", "KIND",
                    "Vocabulary loss: full fp32 logits, one fused kernel, or chunks of tokens; default full"),
              &Section::loss, workload::loss_names()),
          choice_key<workload::Optimizer, Section>(
              facts("optimizer", "--optimizer", "KIND",
                    "Optimizer, its states in memory and its work; default: the stack's Adam"),
              &Section::optimizer, workload::optimizer_names()),
          boolean_key<Section>(facts("master_weights", "--master-weights", "BOOL",
                                     "Keep fp32 master weights beside the 16-bit ones; default true"),
                               &Section::master_weights),
          choice_key<workload::GradientType, Section>(
              facts("gradient_type", "--gradient-type", "NAME",
                    "Number format of gradients, accumulated and reduced; default: the stack's"),
              &Section::gradient_type, workload::gradient_type_names()),
          integer_key<Section>(facts("packed_length", "--packed-length", "N",
                                     "Tokens of one document where sequences are packed of such; attention stays "
                                     "inside documents; default: not packed"),
                               &Section::packed_length, 1, kSequenceMax),
          boolean_key<Section>(
              facts("mtp", "--mtp", "BOOL", "Train the model's multi-token-prediction modules; default true"),
              &Section::mtp)};
}

}  // namespace socle::scenario
