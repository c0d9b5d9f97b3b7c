#include "socle/base/yaml_tree.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"
#include "socle/base/yaml_quotes.hpp"

namespace socle {
namespace {

constexpr std::size_t kTextMax = std::size_t{1} << 20, kProblemsMax = 50, kNodesMax = 20000;
constexpr int kDepthMax = 64;

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

struct Line {
  std::string_view raw;   ///< the whole line
  std::size_t indent;     ///< of `text`
  std::string_view text;  ///< without blanks around it and without its comment; empty: nothing stands there
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  return text;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& source, bool repeats) : source_(source), repeats_(repeats) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view raw = text.substr(0, end), content = raw.substr(0, yaml_comment_in(raw));
      const std::string_view body = trimmed(content);
      lines_.push_back({raw, body.empty() ? 0 : static_cast<std::size_t>(body.data() - raw.data()), body});
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  std::vector<YamlNode> documents() {
    std::vector<YamlNode> found;
    while (skip_empty()) {
      if (here().text == "---" || here().text == "...") {
        ++at_;
        continue;
      }
      if (here().text.starts_with("%")) {
        problem(here().text, "directives are not read here");
        ++at_;
        continue;
      }
      const std::size_t before = at_;
      found.push_back(block(here().indent, 0));
      if (skip_empty() && here().text != "---" && here().text != "...") {
        problem(here().text, "stands deeper or shallower than its neighbours");
        at_ = std::max(at_, before) + 1;
      }
    }
    problems_.throw_if_any();
    return found;
  }

 private:
  Line& here() { return lines_[at_]; }
  bool skip_empty() {
    while (at_ < lines_.size() && lines_[at_].text.empty()) ++at_;
    return at_ < lines_.size();
  }
  int column_of(std::string_view part) const { return static_cast<int>(part.data() - lines_[at_].raw.data()) + 1; }
  void problem(std::string_view part, std::string message) {
    if (problems_.list().size() < kProblemsMax)
      problems_.add(Problem{source_, static_cast<int>(at_) + 1, column_of(part), {}, std::move(message)});
  }
  YamlNode node_at(std::string_view part, YamlNode::Kind kind) {
    if (++nodes_ > kNodesMax)
      throw InputError(Problem{source_, static_cast<int>(at_) + 1, 0, {}, "more than 20,000 values; split the file"});
    YamlNode node;
    node.kind = kind;
    node.line = static_cast<int>(at_) + 1;
    node.column = column_of(part);
    return node;
  }

  /// Whatever begins on this line at this indentation; goes past it.
  YamlNode block(std::size_t indent, int depth) {
    Line& line = here();
    if (depth > kDepthMax) {
      problem(line.text, "nested too deeply");
      at_ = lines_.size();
      return {};
    }
    if (line.text == "-" || line.text.starts_with("- ")) return list(indent, depth);
    if (key_end(line.text) != std::string_view::npos) return map(indent, depth);
    YamlNode node = value(line.text, indent, depth);
    return node;
  }

  YamlNode list(std::size_t indent, int depth) {
    YamlNode node = node_at(here().text, YamlNode::Kind::kList);
    while (skip_empty() && here().indent == indent && (here().text == "-" || here().text.starts_with("- "))) {
      Line& line = here();
      const std::string_view rest = trimmed(line.text.substr(1));
      if (rest.empty()) {
        ++at_;
        node.items.push_back(below(indent, depth, false));
        continue;
      }
      if (rest.front() == '|' || rest.front() == '>') {
        node.items.push_back(lines_below(rest, indent));
        continue;
      }
      // What stands behind the dash is a block of its own, as deep as it stands.
      line.indent = static_cast<std::size_t>(rest.data() - line.raw.data());
      line.text = rest;
      node.items.push_back(block(line.indent, depth + 1));
    }
    return node;
  }

  YamlNode map(std::size_t indent, int depth) {
    YamlNode node = node_at(here().text, YamlNode::Kind::kMap);
    while (skip_empty() && here().indent == indent && here().text != "---" && here().text != "...") {
      const std::string_view text = here().text;
      const std::size_t tab = here().raw.find_first_not_of(' ');
      if (here().raw[tab] == '\t') problem(text, "tabs do not indent YAML; use blanks");
      const std::size_t colon = key_end(text);
      if (colon == std::string_view::npos || colon == 0) {
        if (text == "-" || text.starts_with("- ")) break;
        problem(text, "no KEY: VALUE stands here");
        ++at_;
        continue;
      }
      YamlNode key = scalar(trimmed(text.substr(0, colon)));
      if (key.text == "<<") problem(text, "merges are not read here; write the keys out");
      if (!repeats_ && node.find(key.text))
        problem(text, fmt::format("{} stands here a second time", printable(key.text)));
      const std::string_view rest = trimmed(text.substr(colon + 1));
      if (rest.empty()) {
        ++at_;
        node.members.emplace_back(key.text, below(indent, depth, true));
      } else {
        node.members.emplace_back(key.text, value(rest, indent, depth));
      }
    }
    return node;
  }

  /// What stands below a key or a dash that nothing follows; a list may stand as deep as its key.
  YamlNode below(std::size_t indent, int depth, bool of_key) {
    if (!skip_empty()) return {};
    const bool dash = here().text == "-" || here().text.starts_with("- ");
    const bool deeper = here().indent > indent || (of_key && dash && here().indent == indent);
    if (!deeper) {
      YamlNode node;
      node.line = static_cast<int>(at_);
      return node;
    }
    return block(here().indent, depth + 1);
  }

  YamlNode value(std::string_view text, std::size_t indent, int depth) {
    if (text.front() == '|' || text.front() == '>') return lines_below(text, indent);
    if (text.front() == '[' || text.front() == '{') return in_brackets(text, depth);
    if ((text.front() == '"' || text.front() == '\'') && yaml_quote_end(text) == std::string_view::npos)
      return quoted_lines(text);
    YamlNode node = scalar(text);
    ++at_;
    if (node.quoted) return node;
    while (at_ < lines_.size() && !lines_[at_].text.empty() && lines_[at_].indent > indent) {  // goes on below
      node.text += " " + std::string(lines_[at_].text);
      ++at_;
    }
    return node;
  }

  YamlNode lines_below(std::string_view text, std::size_t indent) {
    YamlNode node = node_at(text, YamlNode::Kind::kScalar);
    node.quoted = true;
    const bool folds = text.front() == '>';
    const char chomps = text.find('-') != std::string_view::npos   ? '-'
                        : text.find('+') != std::string_view::npos ? '+'
                                                                   : '\0';
    if (text.find_first_not_of("|>-+123456789") != std::string_view::npos)
      problem(text, "a block of lines begins with | or > alone");
    ++at_;
    std::size_t own = 0;
    std::string all;
    for (; at_ < lines_.size(); ++at_) {
      std::string_view raw = lines_[at_].raw;
      if (raw.ends_with('\r')) raw.remove_suffix(1);
      const std::size_t first = raw.find_first_not_of(' ');
      if (first == std::string_view::npos) {
        all += '\n';
        continue;
      }
      if (first <= indent && !(indent == 0 && first > 0)) break;
      if (own == 0) own = first;
      if (first < own) break;
      if (folds && !all.empty() && all.back() == '\n' && !(all.size() > 1 && all[all.size() - 2] == '\n'))
        all.back() = ' ';
      all += std::string(raw.substr(own)) + "\n";
    }
    while (chomps != '+' && all.size() > 1 && all.ends_with("\n\n")) all.pop_back();
    if (chomps == '-' && all.ends_with('\n')) all.pop_back();
    node.text = std::move(all);
    return node;
  }

  /// [a, b] and {a: b}, over several lines where they go on.
  YamlNode in_brackets(std::string_view text, int depth) {
    flow_ = text;
    YamlNode node = flow(depth + 1);
    flow_ = trimmed(flow_);
    if (!flow_.empty()) problem(flow_, "something stands behind a closing bracket");
    ++at_;
    return node;
  }

  bool flow_blank() {
    flow_ = trimmed(flow_);
    while (flow_.empty()) {
      if (at_ + 1 >= lines_.size()) return false;
      flow_ = lines_[++at_].text;
    }
    return true;
  }

  YamlNode flow(int depth) {
    if (!flow_blank()) return {};
    if (depth > kDepthMax) {
      problem(flow_, "nested too deeply");
      at_ = lines_.size() - 1;
      flow_ = {};
      return {};
    }
    const char open = flow_.front();
    if (open != '[' && open != '{') return flow_scalar();
    const char close = open == '[' ? ']' : '}';
    YamlNode node = node_at(flow_, open == '[' ? YamlNode::Kind::kList : YamlNode::Kind::kMap);
    flow_.remove_prefix(1);
    while (flow_blank() && flow_.front() != close) {
      const std::size_t before_line = at_, before = flow_.size();
      if (open == '[') {
        node.items.push_back(flow(depth + 1));
      } else {
        const YamlNode key = flow_scalar();
        YamlNode there;
        if (flow_blank() && flow_.front() == ':') {
          flow_.remove_prefix(1);
          there = flow(depth + 1);
        }
        if (node.find(key.text) && !flow_.empty())
          problem(flow_, fmt::format("{} stands here a second time", printable(key.text)));
        node.members.emplace_back(key.text, std::move(there));
      }
      if (flow_blank() && flow_.front() == ',') flow_.remove_prefix(1);
      if (at_ == before_line && flow_.size() == before) {
        problem(flow_, fmt::format("{} is not expected in brackets", flow_.front()));
        flow_.remove_prefix(1);
      }
    }
    if (flow_.empty()) {
      at_ = std::min(at_, lines_.size() - 1);
      problems_.add(
          Problem{source_, node.line, node.column, {}, fmt::format("nothing ends the {} that begins here", open)});
    } else {
      flow_.remove_prefix(1);
    }
    return node;
  }

  YamlNode flow_scalar() {
    std::size_t end = 0;
    if (flow_.front() == '"' || flow_.front() == '\'') {
      const char quote = flow_.front();
      for (end = 1; end < flow_.size() && flow_[end] != quote; ++end) end += flow_[end] == '\\' && quote == '"';
      end = std::min(end + 1, flow_.size());
    } else {
      while (end < flow_.size() && std::string_view(",[]{}").find(flow_[end]) == std::string_view::npos &&
             !(flow_[end] == ':' && (end + 1 == flow_.size() || blank(flow_[end + 1]))))
        ++end;
    }
    YamlNode node = end == 0 ? YamlNode{} : scalar(trimmed(flow_.substr(0, end)));
    flow_.remove_prefix(end);
    return node;
  }

  YamlNode scalar(std::string_view text) {
    YamlNode node = node_at(text, YamlNode::Kind::kScalar);
    if (text.empty()) return node;
    const char first = text.front();
    if (first == '"' || first == '\'') {
      node.quoted = true;
      unquote(node, text);
      return node;
    }
    if (first == '&' || first == '*' || (first == '!' && text != "!"))
      problem(text, fmt::format("{} is not read here: write the value out, or in quotes",
                                first == '!' ? "a tag" : "an anchor or alias"));
    else if (first == '%' || first == '@' || first == '`')
      problem(text, fmt::format("a value does not begin with {}; put it in quotes", first));
    if (text == "null" || text == "~" || text == "Null" || text == "NULL") {
      node.kind = YamlNode::Kind::kNull;
      return node;
    }
    node.text = std::string(text);
    return node;
  }

  /// A text in quotes that goes on below: lines become blanks, empty lines line ends.
  YamlNode quoted_lines(std::string_view text) {
    YamlNode node = node_at(text, YamlNode::Kind::kScalar);
    node.quoted = true;
    std::string all(trimmed(lines_[at_].raw.substr(static_cast<std::size_t>(node.column) - 1)));
    std::size_t end = yaml_quote_end(all);
    while (end == std::string::npos && ++at_ < lines_.size()) {
      const std::string_view part = trimmed(lines_[at_].raw);
      const std::size_t last = all.find_last_not_of('\\') + 1;
      const bool joins = all.front() == '"' && (all.size() - last) % 2 == 1;
      if (joins) all.pop_back();
      const std::size_t from = std::max<std::size_t>(all.size(), 1);
      if (!joins && !part.empty() && !all.ends_with('\n')) all += ' ';
      all += part.empty() ? "\n" : std::string(part);
      end = yaml_quote_end(all, from);
    }
    ++at_;
    const std::string_view rest =
        end == std::string::npos ? std::string_view() : trimmed(std::string_view(all).substr(end + 1));
    unquote(node, std::string_view(all).substr(0, rest.starts_with('#') ? end + 1 : all.size()));
    return node;
  }

  void unquote(YamlNode& node, std::string_view text) {
    if (const auto plain = yaml_unquoted(text, source_))
      node.text = *plain;
    else
      refuse_quote(node, text.front());
  }

  void refuse_quote(const YamlNode& node, char quote) {
    problems_.add(
        Problem{source_,
                node.line,
                node.column,
                {},
                fmt::format("nothing ends the quote {} that begins here, or it holds an escape that is none", quote)});
  }

  /// The colon that ends a key: before a blank or the end of the line, behind quotes; none in brackets.
  static std::size_t key_end(std::string_view text) {
    const char quote = text.front() == '"' || text.front() == '\'' ? text.front() : '\0';
    if (text.front() == '[' || text.front() == '{') return std::string_view::npos;
    std::size_t from = 0;
    if (quote != '\0') {
      for (from = 1; from < text.size() && text[from] != quote; ++from) from += text[from] == '\\' && quote == '"';
      if (from >= text.size()) return std::string_view::npos;
    }
    for (std::size_t i = from; i < text.size(); ++i) {
      if (text[i] == ':' && (i + 1 == text.size() || blank(text[i + 1]))) return i;
    }
    return std::string_view::npos;
  }

  const std::string& source_;
  bool repeats_;  ///< keys may stand twice
  std::vector<Line> lines_;
  std::size_t at_ = 0, nodes_ = 0;
  std::string_view flow_;
  Problems problems_;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, node] : members) {
    if (name == key) return &node;
  }
  return nullptr;
}

std::vector<YamlNode> parse_yaml(std::string_view text, const std::string& source, bool repeats) {
  if (text.size() > kTextMax) throw InputError(Problem{source, 0, 0, {}, "a YAML text has at most 1 MiB"});
  if (const auto bad = find_invalid_utf8(text))
    throw InputError(Problem{source, line_of(text, *bad), 0, {}, "is not UTF-8"});
  return Reader(text, source, repeats).documents();
}

}  // namespace socle
