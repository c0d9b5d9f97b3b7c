#include "socle/base/toml_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socle::detail {
// toml++ 3.3 asserts on some malformed keys (for example "[" before a control character): an input's fault, not a bug.
struct TomlAssertion {};
}  // namespace socle::detail
#define TOML_ASSERT(expr) (static_cast<bool>(expr) ? void() : throw ::socle::detail::TomlAssertion{})
#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wterminate"  // in accessors that are never called here
#endif
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>
#pragma GCC diagnostic pop

#include "socle/base/suggest.hpp"
#include "socle/base/toml_node.hpp"
#include "socle/base/toml_scan.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

using detail::TomlKind;
using detail::TomlNode;

constexpr int kDeepest = 64;
constexpr std::size_t kLargest = std::size_t{16} << 20;

std::unique_ptr<TomlNode> copy_node(const toml::node& from, const std::string& path);

void copy_table(const toml::table& from, TomlNode& to) {
  for (const auto& [key, value] : from) {
    const std::string name(key.str());
    const std::string path = to.path.empty() ? name : to.path + "." + name;
    std::unique_ptr<TomlNode> child = copy_node(value, path);
    child->position = {static_cast<int>(key.source().begin.line), static_cast<int>(key.source().begin.column)};
    to.members.emplace_back(name, std::move(child));
  }
  std::stable_sort(to.members.begin(), to.members.end(), [](const auto& a, const auto& b) {
    const TomlPosition& p = a.second->position;
    const TomlPosition& q = b.second->position;
    return p.line != q.line ? p.line < q.line : p.column < q.column;
  });
}

std::unique_ptr<TomlNode> copy_node(const toml::node& from, const std::string& path) {
  auto to = std::make_unique<TomlNode>();
  to->path = path;
  to->position = {static_cast<int>(from.source().begin.line), static_cast<int>(from.source().begin.column)};
  if (const toml::table* table = from.as_table()) {
    copy_table(*table, *to);
  } else if (const toml::array* array = from.as_array()) {
    to->kind = TomlKind::kArray;
    for (std::size_t i = 0; i < array->size(); ++i) {
      to->elements.push_back(copy_node(*array->get(i), fmt::format("{}[{}]", path, i)));
    }
  } else if (const auto* text = from.as_string()) {
    to->kind = TomlKind::kString;
    to->text = text->get();
  } else if (const auto* integer = from.as_integer()) {
    to->kind = TomlKind::kInteger;
    to->integer = integer->get();
    to->real = static_cast<double>(integer->get());
  } else if (const auto* real = from.as_floating_point()) {
    to->kind = TomlKind::kReal;
    to->real = real->get();
  } else if (const auto* boolean = from.as_boolean()) {
    to->kind = TomlKind::kBoolean;
    to->boolean = boolean->get();
  } else {
    to->kind = TomlKind::kDate;
  }
  return to;
}

void report_unknown(const TomlNode& node, const std::string& source, Problems& problems) {
  if (node.ignored) return;
  const std::vector<std::string> known(node.asked.begin(), node.asked.end());
  for (const auto& [key, child] : node.members) {
    if (!node.asked.contains(key)) {
      problems.add(
          {source, child->position.line, child->position.column, child->path,
           fmt::format("unknown key \"{}\"{}{}", printable(key),
                       node.path.empty() ? "" : " in [" + printable(node.path) + "]", did_you_mean(key, known))});
      continue;
    }
    report_unknown(*child, source, problems);
  }
  for (const auto& element : node.elements) report_unknown(*element, source, problems);
}

}  // namespace

TomlDocument::TomlDocument(std::unique_ptr<detail::TomlState> state) : state_(std::move(state)) {}
TomlDocument::TomlDocument(TomlDocument&&) noexcept = default;
TomlDocument& TomlDocument::operator=(TomlDocument&&) noexcept = default;
TomlDocument::~TomlDocument() = default;

TomlDocument TomlDocument::parse(std::string_view text, std::string source_name) {
  const auto refuse = [&](int line, int column, std::string message) {
    throw InputError(Problem{source_name, line, column, {}, std::move(message)});
  };
  if (text.size() > kLargest) refuse(0, 0, "the text is larger than 16 MiB");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) refuse(0, 0, "the text is empty");
  if (const auto bad = find_invalid_utf8(text)) refuse(line_of(text, *bad), 0, "the text is not valid UTF-8");
  if (const auto flaw = detail::find_toml_flaw(text, kDeepest)) refuse(line_of(text, flaw->at), 0, flaw->message);
  auto state = std::make_unique<detail::TomlState>();
  state->source = source_name;
  try {
    copy_table(toml::parse(text), state->root);
  } catch (const detail::TomlAssertion&) {
    refuse(0, 0, "not valid TOML: a key or table header is malformed");
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    refuse(static_cast<int>(at.line), static_cast<int>(at.column),
           fmt::format("not valid TOML: {}", printable(error.description(), 200)));
  }
  return TomlDocument(std::move(state));
}

TomlTable TomlDocument::root() const { return TomlTable(state_.get(), &state_->root); }
Problems& TomlDocument::problems() const { return state_->problems; }
const std::string& TomlDocument::source() const { return state_->source; }

void TomlDocument::finish() const {
  report_unknown(state_->root, state_->source, state_->problems);
  state_->problems.throw_if_any();
}

}  // namespace socle
