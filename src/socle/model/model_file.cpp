#include "socle/model/model_file.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/toml_reader.hpp"
#include "socle/model/layer_pattern.hpp"
#include "socle/model/shape_check.hpp"

namespace socle::model {
namespace {

constexpr int kMtpMax = 64;
constexpr int kStreamsMax = 64;
constexpr std::int64_t kWeightsMax = 1'000'000'000'000'000;

int integer(const TomlTable& table, std::string_view key, int fallback, int least, int most) {
  return static_cast<int>(table.optional_integer(key, least, most).value_or(fallback));
}

double weights(const TomlTable& table, std::string_view key) {
  return static_cast<double>(table.optional_integer(key, -kWeightsMax, kWeightsMax).value_or(0));
}

Mixer read_mixer(const TomlTable& kind) {
  static const std::vector<std::string> kKinds = {"attention", "mla", "linear", "none"};
  const TomlTable table = kind.required_table("mixer");
  Mixer m;
  m.kind = static_cast<MixerKind>(table.optional_choice("kind", kKinds).value_or(0));
  m.heads = integer(table, "heads", 0, 1, kHeadsMax);
  m.kv_heads = integer(table, "kv_heads", m.kind == MixerKind::kMla ? 0 : m.heads, 1, kHeadsMax);
  m.head_dim = integer(table, "head_dim", 0, 1, kWidthMax);
  m.v_head_dim = integer(table, "v_head_dim", m.head_dim, 1, kWidthMax);
  m.window = integer(table, "window", 0, 1, kCountMax);
  m.chunk = integer(table, "chunk", 0, 1, kCountMax);
  m.qkv_bias = table.boolean_or("qkv_bias", false);
  m.output_gate = table.boolean_or("output_gate", false);
  m.q_lora = integer(table, "q_lora", 0, 1, kWidthMax);
  m.kv_lora = integer(table, "kv_lora", 0, 1, kWidthMax);
  m.rope_dim = integer(table, "rope_dim", 0, 1, kWidthMax);
  m.index_heads = integer(table, "index_heads", 0, 1, kHeadsMax);
  m.index_dim = integer(table, "index_dim", 0, 1, kWidthMax);
  m.index_topk = integer(table, "index_topk", 0, 1, kCountMax);
  m.conv_width = integer(table, "conv_width", 0, 1, 1024);
  m.conv_channels = integer(table, "conv_channels", 0, 1, kWidthMax);
  m.in_width = integer(table, "in_width", 0, 1, kCountMax);
  m.reuses_kv = table.boolean_or("reuses_kv", false);
  m.inner_weights = weights(table, "inner_weights");
  m.other_weights = weights(table, "other_weights");
  m.shared_kv = table.boolean_or("shared_kv", false);
  m.o_lora = integer(table, "o_lora", 0, 1, kWidthMax);
  m.o_groups = integer(table, "o_groups", 0, 1, kHeadsMax);
  m.compress = integer(table, "compress", 0, 1, kCountMax);
  return m;
}

FeedForward read_feed_forward(const TomlTable& kind) {
  FeedForward ff;
  const auto table = kind.optional_table("feed_forward");
  if (!table) return ff;
  ff.ffn = static_cast<int>(table->required_integer("ffn", 1, kWidthMax));
  ff.gated = table->boolean_or("gated", true);
  ff.bias = table->boolean_or("bias", false);
  ff.experts = integer(*table, "experts", 0, 1, kHeadsMax);
  ff.topk = integer(*table, "topk", 0, 1, kHeadsMax);
  ff.shared_ffn = integer(*table, "shared_ffn", 0, 1, kWidthMax);
  ff.latent = integer(*table, "latent", 0, 1, kWidthMax);
  ff.router_weights = weights(*table, "router_weights");
  ff.inner_weights = weights(*table, "inner_weights");
  ff.other_weights = weights(*table, "other_weights");
  return ff;
}

std::vector<int> read_layers(const TomlTable& root, std::string_view key, const std::string& text,
                             const std::vector<std::string>& names) {
  PatternResult pattern = read_pattern(text, names);
  if (!pattern.problem.empty()) {
    root.problem(key, fmt::format("{}: {}; write for instance \"dense*3 moe*58\" with the names of [kinds.NAME]", key,
                                  pattern.problem));
  }
  return std::move(pattern.layers);
}

void read_kinds(const TomlTable& root, Transformer& model) {
  const TomlTable kinds = root.required_table("kinds");
  const std::vector<std::string> names = kinds.keys();
  for (const std::string& name : names) {
    const TomlTable kind = kinds.required_table(name);
    Layer layer{read_mixer(kind), read_feed_forward(kind)};
    layer.norms = integer(kind, "norms", -1, 0, 16);
    layer.uses = integer(kind, "uses", 1, 1, kLayersMax);
    layer.idle_weights = weights(kind, "idle_weights");
    for (const std::string& problem : layer_problems(layer))
      kinds.problem(name, fmt::format("kinds.{}: {}", name, problem));
    model.kinds.push_back(layer);
  }
  model.kind_of_layer = read_layers(root, "pattern", root.required_string("pattern"), names);
  if (const auto mtp = root.optional_string("mtp_pattern"))
    model.mtp_kinds = read_layers(root, "mtp_pattern", *mtp, names);
}

void read_source(const TomlTable& root, ModelSource& source) {
  static const std::vector<std::string> kConfidence = {"datasheet", "reported", "estimate"};
  const TomlTable table = root.required_table("source");
  source.text = table.required_string("text");
  source.confidence =
      kConfidence[static_cast<std::size_t>(table.optional_choice("confidence", kConfidence).value_or(2))];
  source.checked = table.string_or("checked", "");
  source.notes = table.string_or("notes", "");
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + "\"";
}

class InlineTable {
 public:
  void add(const char* key, std::string value) {
    text_ += fmt::format("{}{} = {}", text_.empty() ? "" : ", ", key, value);
  }
  void add(const char* key, int value) {
    if (value != 0) add(key, std::to_string(value));
  }
  void add(const char* key, double value) {
    if (value != 0) add(key, fmt::format("{:.0f}", value));
  }
  void add(const char* key, bool value) {
    if (value) add(key, std::string("true"));
  }
  std::string text() const { return "{ " + text_ + " }"; }

 private:
  std::string text_;
};

std::string mixer_text(const Mixer& m) {
  static constexpr const char* kKinds[] = {"attention", "mla", "linear", "none"};
  InlineTable table;
  table.add("kind", quoted(kKinds[static_cast<int>(m.kind)]));
  if (m.kind == MixerKind::kNone) return table.text();
  table.add("heads", m.heads);
  table.add("kv_heads", m.kv_heads);
  table.add("head_dim", m.head_dim);
  if (m.v_head_dim != m.head_dim) table.add("v_head_dim", m.v_head_dim);
  table.add("window", m.window);
  table.add("chunk", m.chunk);
  table.add("qkv_bias", m.qkv_bias);
  table.add("output_gate", m.output_gate);
  table.add("shared_kv", m.shared_kv);
  table.add("q_lora", m.q_lora);
  table.add("kv_lora", m.kv_lora);
  table.add("rope_dim", m.rope_dim);
  table.add("o_lora", m.o_lora);
  table.add("o_groups", m.o_groups);
  table.add("compress", m.compress);
  table.add("index_heads", m.index_heads);
  table.add("index_dim", m.index_dim);
  table.add("index_topk", m.index_topk);
  table.add("conv_width", m.conv_width);
  table.add("conv_channels", m.conv_channels);
  table.add("in_width", m.in_width);
  table.add("reuses_kv", m.reuses_kv);
  table.add("inner_weights", m.inner_weights);
  table.add("other_weights", m.other_weights);
  return table.text();
}

std::string feed_forward_text(const FeedForward& ff) {
  InlineTable table;
  table.add("ffn", ff.ffn);
  if (!ff.gated) table.add("gated", std::string("false"));
  table.add("bias", ff.bias);
  table.add("experts", ff.experts);
  table.add("topk", ff.topk);
  table.add("shared_ffn", ff.shared_ffn);
  table.add("latent", ff.latent);
  table.add("router_weights", ff.router_weights);
  table.add("inner_weights", ff.inner_weights);
  table.add("other_weights", ff.other_weights);
  return table.text();
}

std::string kind_name(const Layer& layer) {
  static constexpr const char* kKinds[] = {"full", "mla", "linear", "none"};
  const Mixer& m = layer.mixer;
  std::string name = m.window > 0 ? "window" : m.chunk > 0 ? "chunk" : kKinds[static_cast<int>(m.kind)];
  if (layer.feed_forward.experts > 0)
    name += "_moe";
  else if (layer.feed_forward.ffn > 0)
    name += "_dense";
  return name;
}

std::string head_text(const Transformer& model) {
  std::string out = fmt::format("name = {}\n", quoted(model.name));
  if (!model.aliases.empty()) {
    std::string list;
    for (const std::string& alias : model.aliases) list += (list.empty() ? "" : ", ") + quoted(alias);
    out += fmt::format("aliases = [{}]\n", list);
  }
  const auto line = [&](const char* key, const std::string& value) {
    if (!value.empty()) out += fmt::format("{} = {}\n", key, quoted(value));
  };
  const auto figure = [&](const char* key, double value) {
    if (value > 0) out += fmt::format("{} = \"{}B\"\n", key, value / 1e9);
  };
  line("hf_id", model.hf_id);
  line("weight_format", model.weight_format);
  figure("published_params", model.published_params);
  figure("published_active_params", model.published_active_params);
  line("published_excludes", model.published_excludes);
  return out;
}

}  // namespace

std::vector<std::string> kind_names(const Transformer& model) {
  std::vector<std::string> names;
  for (const Layer& layer : model.kinds) {
    const std::string base = kind_name(layer);
    std::string name = base;
    for (int number = 2; std::find(names.begin(), names.end(), name) != names.end(); ++number)
      name = fmt::format("{}{}", base, number);
    names.push_back(name);
  }
  return names;
}

Transformer parse_model(std::string_view toml, const std::string& source_name) {
  const TomlDocument document = TomlDocument::parse(toml, source_name);
  const TomlTable root = document.root();
  Transformer model;
  model.name = root.required_string("name");
  model.aliases = root.optional_strings("aliases").value_or(std::vector<std::string>{});
  model.hf_id = root.string_or("hf_id", "");
  model.weight_format = root.string_or("weight_format", "");
  model.published_params = root.optional_quantity<double>("published_params").value_or(0.0);
  model.published_active_params = root.optional_quantity<double>("published_active_params").value_or(0.0);
  model.published_excludes = root.string_or("published_excludes", "");
  model.hidden = static_cast<int>(root.required_integer("hidden", 1, kWidthMax));
  model.vocab = static_cast<int>(root.required_integer("vocab", 1, kWidthMax));
  model.tied_embeddings = root.boolean_or("tied_embeddings", false);
  model.layer_norm = root.optional_choice("norm", {"rms", "layer"}).value_or(0) == 1;
  model.learned_positions = integer(root, "learned_positions", 0, 1, kCountMax);
  model.context = integer(root, "context", 0, 1, kCountMax);
  model.residual_streams = integer(root, "residual_streams", 1, 1, kStreamsMax);
  model.mtp_layers = integer(root, "mtp_layers", 0, 1, kMtpMax);
  model.embedding_width = integer(root, "embedding_width", 0, 1, kWidthMax);
  model.lookup_weights = weights(root, "lookup_weights");
  model.other_weights = weights(root, "other_weights");
  model.final_norm = root.boolean_or("final_norm", true);
  read_kinds(root, model);
  read_source(root, model.source);
  document.finish();
  return model;
}

std::string write_model(const Transformer& model) {
  const std::vector<std::string> names = kind_names(model);
  std::string out = head_text(model) + fmt::format("\nhidden = {}\nvocab = {}\n", model.hidden, model.vocab);
  if (model.tied_embeddings) out += "tied_embeddings = true\n";
  if (model.layer_norm) out += "norm = \"layer\"\n";
  const auto line = [&](const char* key, int value, int usual) {
    if (value != usual) out += fmt::format("{} = {}\n", key, value);
  };
  line("learned_positions", model.learned_positions, 0);
  line("context", model.context, 0);
  line("residual_streams", model.residual_streams, 1);
  line("mtp_layers", model.mtp_layers, 0);
  line("embedding_width", model.embedding_width, 0);
  if (model.lookup_weights != 0) out += fmt::format("lookup_weights = {:.0f}\n", model.lookup_weights);
  if (model.other_weights != 0) out += fmt::format("other_weights = {:.0f}\n", model.other_weights);
  if (!model.final_norm) out += "final_norm = false\n";
  out += fmt::format("pattern = {}\n", quoted(write_pattern(model.kind_of_layer, names)));
  if (!model.mtp_kinds.empty()) out += fmt::format("mtp_pattern = {}\n", quoted(write_pattern(model.mtp_kinds, names)));
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += fmt::format("\n[kinds.{}]\nmixer = {}\n", names[i], mixer_text(model.kinds[i].mixer));
    if (model.kinds[i].feed_forward.ffn > 0)
      out += fmt::format("feed_forward = {}\n", feed_forward_text(model.kinds[i].feed_forward));
    if (model.kinds[i].norms >= 0) out += fmt::format("norms = {}\n", model.kinds[i].norms);
    if (model.kinds[i].uses > 1) out += fmt::format("uses = {}\n", model.kinds[i].uses);
    if (model.kinds[i].idle_weights > 0) out += fmt::format("idle_weights = {:.0f}\n", model.kinds[i].idle_weights);
  }
  const ModelSource& source = model.source;
  out += fmt::format("\n[source]\ntext = {}\nconfidence = {}\n", quoted(source.text),
                     quoted(source.confidence.empty() ? "estimate" : source.confidence));
  if (!source.checked.empty()) out += fmt::format("checked = {}\n", quoted(source.checked));
  if (!source.notes.empty()) out += fmt::format("notes = {}\n", quoted(source.notes));
  return out;
}

}  // namespace socle::model
