#include "socle/model/hf_config.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"
#include "socle/model/hf_families/blocks.hpp"
#include "socle/model/hf_inert_keys.hpp"
#include "socle/model/hf_tower.hpp"

namespace socle::model {
namespace {

constexpr std::size_t kKeysShownMax = 24;
constexpr std::size_t kNameMax = 80;
constexpr std::string_view kInfinity = "Infinity";

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) out.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// Names that the file gives its architecture, the most telling first: of the tower, then of the whole.
std::vector<std::string> architecture_names(const HfReader& tower, const HfReader& root) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end() && names.size() < kKeysShownMax)
      names.push_back(name);
  };
  for (const HfReader* reader : {&tower, &root}) {
    add(reader->text("model_type"));
    for (const std::string& name : reader->texts("architectures")) add(name);
  }
  for (std::string& name : names) name.resize(std::min(name.size(), kNameMax));
  return names;
}

struct Match {
  const HfFamily* family = nullptr;
  std::string name;
};

Match match_family(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    for (const HfFamily& family : hf_families()) {
      if (one_of(family.names, name)) return {&family, name};
    }
  }
  return {};
}

void refuse_other_kinds(const std::vector<std::string>& names, const std::string& source) {
  for (const std::string& name : names) {
    const std::string_view why = refusal_of(name);
    if (why.empty()) continue;
    throw InputError(
        Problem{source, 0, 0, "model_type",
                fmt::format("\"{}\" is {}; Socle reads decoder-only language models and the text towers of "
                            "multimodal ones (docs/design/models.md)",
                            printable(name), why)});
  }
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (std::size_t i = 0; i < std::min(list.size(), kKeysShownMax); ++i)
    out += fmt::format("{}{}", i == 0 ? "" : ", ", printable(list[i]));
  return list.size() > kKeysShownMax ? fmt::format("{} and {} more", out, list.size() - kKeysShownMax) : out;
}

std::string joined_plain(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& entry : list) out += (out.empty() ? "" : ",") + printable(entry);
  return out;
}

std::vector<std::string> not_understood(const HfReader& reader) {
  std::vector<std::string> keys = reader.unread();
  std::erase_if(keys, [](const std::string& key) { return is_inert_key(key); });
  return keys;
}

InputError unknown_architecture(const Json& tower, const std::vector<std::string>& names, const std::string& source) {
  // What a plain transformer's reader does not ask for is what needs a family of its own.
  Problems ignored;
  const HfReader reader(tower, {}, source, ignored);
  read_blocks(reader, {});
  reader.ignore({"vocab_size", "max_position_embeddings", "num_nextn_predict_layers"});
  std::vector<std::string> known;
  for (const HfFamily& family : hf_families()) {
    for (std::string& name : words(family.names)) known.push_back(std::move(name));
  }
  const std::vector<std::string> keys = not_understood(reader);
  const std::string what = names.empty() ? "the file names no architecture (model_type, architectures)"
                                         : fmt::format("architecture \"{}\" is not known{}", joined(names),
                                                       did_you_mean(names.front(), known));
  return InputError(Problem{
      source, 0, 0, "model_type",
      fmt::format("{}; keys not understood: {}; describe the model in a model file instead (docs/reference/models.md)",
                  what, keys.empty() ? "none" : joined(keys))});
}

// "int4" of the first group's weights in the form that compressed-tensors writes.
std::string group_format(const HfReader& quantization) {
  const auto groups = quantization.object("config_groups");
  for (const std::string& name : groups ? groups->unread() : std::vector<std::string>{}) {
    const auto group = groups->object(name);
    const auto weights = group ? group->object("weights") : std::nullopt;
    if (weights)
      return fmt::format("{}{}", weights->text("type") == "float" ? "fp" : "int",
                         weights->optional({"num_bits"}, 0, 64, 0));
  }
  return {};
}

std::string weight_format(const HfReader& reader) {
  const auto quantization = reader.object("quantization_config");
  if (!quantization) return {};
  std::string format = quantization->text("quant_algo");
  if (format.empty()) format = quantization->text("quant_method");
  if (format == "compressed-tensors") format = group_format(*quantization);
  const std::string experts = reader.text("expert_dtype");
  if (!experts.empty()) format = fmt::format("{}, experts {}", format, experts);
  std::transform(format.begin(), format.end(), format.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return printable(format);
}

// "org--Name_config.json" and "folder/Name/config.json" are both named Name.
std::string name_of(const std::string& source) {
  std::string name = source;
  const auto drop = [&](std::string_view end) {
    if (name.ends_with(end)) name.resize(name.size() - end.size());
  };
  drop(".json");
  if (name.ends_with("/config")) drop("/config");
  drop("_config");
  if (const auto slash = name.rfind('/'); slash != std::string::npos) name.erase(0, slash + 1);
  if (const auto dashes = name.find("--"); dashes != std::string::npos) name.erase(0, dashes + 2);
  return name.empty() ? "imported" : printable(name);
}

int kind_index(std::vector<Layer>& kinds, const Layer& layer) {
  const auto found = std::find(kinds.begin(), kinds.end(), layer);
  if (found != kinds.end()) return static_cast<int>(found - kinds.begin());
  kinds.push_back(layer);
  return static_cast<int>(kinds.size()) - 1;
}

Transformer assemble(const HfReader& tower, const HfReader& root, const HfShape& shape, const std::string& source) {
  Transformer model;
  model.name = name_of(source);
  model.hidden = hf_hidden(tower);
  model.vocab = tower.required({"vocab_size", "padded_vocab_size"}, kWidthMax);
  tower.ignore({"padded_vocab_size", "vocab_size"});
  model.context = tower.optional({"max_position_embeddings", "n_positions", "seq_length", "max_seq_len", "n_ctx",
                                  "model_max_length", "max_sequence_length"},
                                 0, kCountMax, 0);
  // The whole model's word counts before its tower's, as in the library.
  const bool of_tower = tower.flag("tie_word_embeddings", shape.tied_embeddings);
  model.tied_embeddings = !shape.never_tied && root.flag("tie_word_embeddings", of_tower);
  model.mtp_layers = tower.optional(
      {"num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules", "num_mtp_layers"}, 0, 64, 0);
  model.layer_norm = shape.layer_norm;
  model.learned_positions = shape.learned_positions;
  model.residual_streams = shape.residual_streams;
  model.embedding_width = shape.embedding_width == model.hidden ? 0 : shape.embedding_width;
  model.lookup_weights = shape.lookup_weights;
  model.other_weights = shape.other_weights;
  model.final_norm = shape.final_norm;
  model.weight_format = weight_format(tower);
  if (model.weight_format.empty()) model.weight_format = weight_format(root);
  for (const Layer& layer : shape.layers) model.kind_of_layer.push_back(kind_index(model.kinds, layer));
  if (model.mtp_layers > 0) {
    for (const Layer& layer : shape.mtp) model.mtp_kinds.push_back(kind_index(model.kinds, layer));
  }
  return model;
}

void check_layers(const Transformer& model, const std::string& source, Problems& problems) {
  for (std::size_t i = 0; i < model.kinds.size(); ++i) {
    const auto first = std::find(model.kind_of_layer.begin(), model.kind_of_layer.end(), static_cast<int>(i));
    const auto layer = first - model.kind_of_layer.begin();
    for (const std::string& problem : layer_problems(model.kinds[i]))
      problems.add(Problem{source, 0, 0, {}, fmt::format("layer {}: {}", layer, problem)});
  }
  if (model.kind_of_layer.empty())
    problems.add(Problem{source, 0, 0, "num_hidden_layers", "the config describes no layer"});
  if (model.layers() > kLayersMax)
    problems.add(Problem{source, 0, 0, "num_hidden_layers",
                         fmt::format("{} layers are run; at most {} can be described", model.layers(), kLayersMax)});
}

// A file that speaks of experts and yields none would come out several times too fast.
void check_experts(const HfReader& tower, const Transformer& model, const std::vector<std::string>& ignored,
                   Problems& problems) {
  for (const Layer& layer : model.kinds) {
    if (layer.feed_forward.experts > 0) return;
  }
  std::vector<std::string> keys = keys_of_missing_experts(tower);
  std::erase_if(
      keys, [&](const std::string& key) { return std::find(ignored.begin(), ignored.end(), key) != ignored.end(); });
  if (keys.empty()) return;
  problems.add(
      Problem{tower.source(), 0, 0, keys.front(),
              fmt::format("the file speaks of experts ({}) but tells no number of them; add n_routed_experts (or "
                          "num_experts), or say --ignore-keys {} for a dense model",
                          joined(keys), joined_plain(keys))});
}

/// Python writes Infinity, which is not JSON; outside texts it becomes a large number of as many letters.
std::string without_infinity(std::string_view text) {
  std::string json(text);
  bool quoted = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (quoted && json[at] == '\\')
      ++at;
    else if (json[at] == '"')
      quoted = !quoted;
    else if (!quoted && json[at] == 'I' && json.compare(at, kInfinity.size(), kInfinity) == 0)
      json.replace(at, kInfinity.size(), "1e308   ");
  }
  return json;
}

}  // namespace

HfImport import_hf_config(const Json& config, const std::string& source_name,
                          const std::vector<std::string>& ignored_keys) {
  const HfTower text_tower = find_text_tower(config, source_name);
  HfImport result;
  const Json completed = text_tower.path.empty() ? Json() : complete_tower(*text_tower.object, result.notes);
  const Json& object = text_tower.path.empty() ? *text_tower.object : completed;
  Problems problems;
  const HfReader root(config, {}, source_name, problems);
  const HfReader tower(object, {}, source_name, problems);
  const std::vector<std::string> names = architecture_names(tower, root);
  problems.throw_if_any();
  refuse_other_kinds(names, source_name);
  const Match match = match_family(names);
  if (match.family == nullptr) throw unknown_architecture(object, names, source_name);
  HfShape shape = match.family->read(tower, match.name);
  result.model = assemble(tower, root, shape, source_name);
  result.family = match.family->help;
  problems.throw_if_any();
  check_layers(result.model, source_name, problems);
  check_experts(tower, result.model, ignored_keys, problems);
  result.unused = judge_unread_keys(tower, ignored_keys);
  problems.throw_if_any();
  std::move(shape.notes.begin(), shape.notes.end(), std::back_inserter(result.notes));
  if (!text_tower.path.empty())
    result.notes.push_back(
        fmt::format("the text tower only ({}): vision and audio towers are left out.", text_tower.path));
  for (const UnusedKey& key : result.unused) {
    if (key.why == kIgnoredAsTold)
      result.notes.push_back(fmt::format("key \"{}\" is ignored as told.", printable(key.key)));
  }
  return result;
}

HfImport import_hf_config(std::string_view text, const std::string& source_name,
                          const std::vector<std::string>& ignored_keys) {
  // A line for each quantised matrix, megabytes in all, of which nothing is used.
  static constexpr std::string_view kLongList = "quantized_layers";
  if (text.find(kInfinity) == std::string_view::npos)
    return import_hf_config(parse_json(text, source_name, kLongList), source_name, ignored_keys);
  return import_hf_config(parse_json(without_infinity(text), source_name, kLongList), source_name, ignored_keys);
}

}  // namespace socle::model
