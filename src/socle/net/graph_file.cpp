#include "socle/net/graph_file.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "socle/base/csv_rows.hpp"
#include "socle/base/error.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/toml_reader.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/net/graph_builder.hpp"

namespace socle::net {
namespace {

constexpr std::int64_t kParallelMax = 100'000;
constexpr BytesPerSecond kSlowest{125.0}, kFastest{125e15};  // 1 kb/s and 1,000,000 Tb/s
constexpr Seconds kLongest{10.0};                            // far beyond a satellite

std::string bandwidth_problem(BytesPerSecond bandwidth) {
  if (bandwidth >= kSlowest && bandwidth <= kFastest) return {};
  return "bandwidth must be from 1 kb/s to 1000000 Tb/s, such as \"400 Gb/s\"";
}

std::string latency_problem(Seconds latency) {
  if (latency >= Seconds{} && latency <= kLongest) return {};
  return "latency must be from 0 to 10 s, such as \"1 us\"";
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// "*" stands for any characters, none included.
bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++, resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p, ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1, n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// Reads cables off the rows of a CSV.
class CsvCables {
 public:
  CsvCables(std::string_view text, const std::string& source) : rows_(text, source) {
    rows_.require_columns(names_of(cable_columns(), true));
    const std::vector<std::string> known = names_of(cable_columns(), false);
    for (const std::string& column : rows_.columns()) {
      if (std::find(known.begin(), known.end(), column) != known.end()) continue;
      rows_.problems().add({source, 1, 0, column,
                            fmt::format("unknown column \"{}\"{}", printable(column), did_you_mean(column, known))});
    }
  }

  GraphSpec read(const std::vector<std::string>& patterns) {
    while (rows_.next()) take();
    if (builder_.nodes() == 0 && rows_.problems().empty())
      rows_.problems().add({rows_.source(), 0, 0, {}, "no cables; write rows such as \"host-0,leaf-0,400 Gb/s,1 us\""});
    rows_.problems().throw_if_any();
    settle_by_names(patterns);
    const std::uint32_t guessed = builder_.settle_kinds();
    for (const GraphBuilder::Fault& fault : builder_.faults())
      rows_.problems().add({rows_.source(), fault.line, 0, {}, fault.message});
    rows_.problems().throw_if_any();
    GraphSpec spec = builder_.build();
    spec.guessed_endpoints = guessed;
    return spec;
  }

 private:
  void settle_by_names(const std::vector<std::string>& patterns) {
    std::vector<bool> used(patterns.size(), false);
    for (std::uint32_t n = 0; n < builder_.nodes() && !patterns.empty(); ++n) {
      bool endpoint = false;
      for (std::size_t p = 0; p < patterns.size(); ++p) {
        if (!matches(patterns[p], builder_.name(n))) continue;
        endpoint = used[p] = true;
      }
      if (builder_.kind(n) == NodeKind::kUnknown)
        builder_.set_kind(n, endpoint ? NodeKind::kEndpoint : NodeKind::kSwitch, 0);
    }
    for (std::size_t p = 0; p < patterns.size(); ++p) {
      if (!used[p])
        rows_.problems().add({rows_.source(),
                              0,
                              0,
                              {},
                              fmt::format("no node answers to endpoints \"{}\"; write a name, or a pattern such as "
                                          "\"host-*\"",
                                          printable(patterns[p]))});
    }
    rows_.problems().throw_if_any();
  }

  void problem(const char* column, std::string message) {
    rows_.problems().add({rows_.source(), rows_.line(), 0, column, std::move(message)});
  }

  std::string_view cell(const char* column) const {
    const auto index = rows_.column(column);
    return index ? trimmed(rows_.cell(*index)) : std::string_view{};
  }

  template <typename T>
  T quantity(const char* column, std::string (*check)(T)) {
    const Parsed<T> parsed = parse_unit_text<T>(cell(column));
    std::string why = parsed.value ? check(*parsed.value) : fmt::format("{}: {}", column, parsed.problem);
    if (why.empty()) return *parsed.value;
    problem(column, std::move(why));
    return T{};
  }

  std::uint32_t count() {
    const std::string_view text = cell("count");
    if (text.empty()) return 1;
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && stop == text.data() + text.size() && value >= 1 && value <= kParallelMax)
      return static_cast<std::uint32_t>(value);
    problem("count", fmt::format("count = \"{}\" must be a whole number from 1 to {}", printable(text), kParallelMax));
    return 0;
  }

  std::optional<std::uint32_t> node(const char* column, const char* kind_column) {
    const std::string_view name = cell(column), kind = cell(kind_column);
    if (name.empty()) {
      problem(column, fmt::format("{} is empty; write the name of a node", column));
      return std::nullopt;
    }
    const std::uint32_t node = builder_.node(name, rows_.line());
    if (kind.empty()) return node;
    if (kind != "endpoint" && kind != "switch") {
      problem(kind_column,
              fmt::format("{} = \"{}\" must be endpoint or switch, or empty", kind_column, printable(kind)));
    } else if (!builder_.set_kind(node, kind == "endpoint" ? NodeKind::kEndpoint : NodeKind::kSwitch, rows_.line())) {
      problem(kind_column,
              fmt::format("\"{}\" is called {} here and {} on line {}; give a node one kind", printable(name), kind,
                          kind == "endpoint" ? "switch" : "endpoint", builder_.kind_line(node)));
    }
    return node;
  }

  void take() {
    const auto from = node("from", "from_kind"), to = node("to", "to_kind");
    const BytesPerSecond bandwidth = quantity<BytesPerSecond>("bandwidth", bandwidth_problem);
    const Seconds latency = quantity<Seconds>("latency", latency_problem);
    const std::uint32_t cables = count();
    if (!from || !to) return;
    if (*from == *to)
      return problem("to", fmt::format("the cable joins \"{}\" to itself; join two nodes, or remove the row",
                                       printable(cell("from"))));
    if (cables > 0) builder_.connect(*from, *to, bandwidth, latency, cables);
  }

  CsvRows rows_;
  GraphBuilder builder_;
};

void declare(const TomlTable& root, const char* key, NodeKind kind, GraphBuilder& builder) {
  const int line = root.position(key).line;
  for (const std::string& name : root.optional_strings(key).value_or(std::vector<std::string>{})) {
    if (name.empty()) {
      root.problem(key, fmt::format("{} holds an empty name", key));
    } else if (builder.known(name)) {
      root.problem(key,
                   fmt::format("{} names \"{}\", which is named before; name each node once", key, printable(name)));
    } else {
      builder.set_kind(builder.node(name, line), kind, line);
    }
  }
}

std::optional<std::uint32_t> end_of(const TomlTable& cable, const char* key, const std::vector<std::string>* declared,
                                    GraphBuilder& builder) {
  const std::string name = cable.required_string(key);
  if (name.empty()) {
    if (cable.has(key)) cable.problem(key, fmt::format("{} must be the name of a node", key));
    return std::nullopt;
  }
  if (declared != nullptr && !builder.known(name)) {
    cable.problem(key, fmt::format("\"{}\" is neither in endpoints nor in switches{}", printable(name),
                                   did_you_mean(name, *declared)));
    return std::nullopt;
  }
  return builder.node(name, cable.position(key).line);
}

template <typename T>
T checked_quantity(const TomlTable& cable, const char* key, std::string (*check)(T)) {
  if (!cable.has(key)) return cable.required_quantity<T>(key);
  const std::optional<T> value = cable.optional_quantity<T>(key);
  const std::string why = value ? check(*value) : std::string{};
  if (!why.empty()) cable.problem(key, why);
  return value.value_or(T{});
}

void read_cable(const TomlTable& cable, const std::vector<std::string>* declared, GraphBuilder& builder) {
  const auto from = end_of(cable, "from", declared, builder), to = end_of(cable, "to", declared, builder);
  const BytesPerSecond bandwidth = checked_quantity<BytesPerSecond>(cable, "bandwidth", bandwidth_problem);
  const Seconds latency = checked_quantity<Seconds>(cable, "latency", latency_problem);
  const auto count = static_cast<std::uint32_t>(cable.optional_integer("count", 1, kParallelMax).value_or(1));
  if (!from || !to) return;
  if (*from == *to)
    return cable.problem("to", fmt::format("the cable joins \"{}\" to itself; join two nodes, or remove it",
                                           printable(cable.string_or("to", ""))));
  builder.connect(*from, *to, bandwidth, latency, count);
}

}  // namespace

const std::vector<ColumnFacts>& cable_columns() {
  static const std::vector<ColumnFacts> columns = {
      {"from", "a name", "Node at one end", true},
      {"to", "a name", "Node at the other end", true},
      {"bandwidth", "1 kb/s to 1000000 Tb/s, such as \"400 Gb/s\"", "Of one cable, per direction", true},
      {"latency", "0 to 10 s, such as \"1 us\"", "Of one traversal, the switch behind it included", true},
      {"count", "an integer from 1 to 100000", "Parallel cables; default 1"},
      {"from_kind", "endpoint or switch", "What the first node is; default: a node of one cable is an endpoint"},
      {"to_kind", "endpoint or switch", "What the second node is"}};
  return columns;
}

GraphSpec parse_graph_csv(std::string_view text, const std::string& source) { return CsvCables(text, source).read({}); }

GraphSpec parse_graph_csv_by_names(std::string_view text, const std::string& source,
                                   const std::vector<std::string>& patterns) {
  return CsvCables(text, source).read(patterns);
}

GraphSpec parse_graph_toml(std::string_view text, const std::string& source) {
  const TomlDocument document = TomlDocument::parse(text, source);
  const TomlTable root = document.root();
  GraphBuilder builder;
  if (!root.has("endpoints"))
    root.problem("endpoints", "endpoints is missing; write endpoints = [\"host-0\", \"host-1\"]");
  declare(root, "endpoints", NodeKind::kEndpoint, builder);
  declare(root, "switches", NodeKind::kSwitch, builder);
  std::vector<std::string> declared = root.optional_strings("endpoints").value_or(std::vector<std::string>{});
  const bool closed = root.has("switches");
  for (const std::string& name : root.optional_strings("switches").value_or(std::vector<std::string>{}))
    declared.push_back(name);
  if (!root.has("cable")) root.problem("cable", "no cables; write tables headed [[cable]]");
  for (const TomlTable& cable : root.tables("cable")) read_cable(cable, closed ? &declared : nullptr, builder);
  if (document.problems().empty()) {
    for (std::uint32_t n = 0; n < builder.nodes(); ++n) {
      if (builder.kind(n) == NodeKind::kUnknown) builder.set_kind(n, NodeKind::kSwitch, 0);
    }
    for (const GraphBuilder::Fault& fault : builder.faults())
      document.problems().add({source, fault.line, 0, {}, fault.message});
  }
  document.finish();
  return builder.build();
}

}  // namespace socle::net
