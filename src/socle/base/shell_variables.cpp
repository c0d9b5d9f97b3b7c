#include "socle/base/shell_variables.hpp"

#include <algorithm>
#include <cctype>

#include "socle/base/error.hpp"

namespace socle {
namespace {

constexpr std::size_t kWordMax = std::size_t{1} << 20, kAllMax = std::size_t{4} << 20;
constexpr int kDepthMax = 16;

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t name_length(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0])) != 0) return 0;
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_name) - text.begin());
}

/// May stand anywhere in a script as it is.
bool is_safe(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_name(c) || std::string_view("_@%+:,./-=").find(c) != std::string_view::npos;
  });
}

/// Text of a word; a home folder at its beginning is what only a run knows.
void add_text(ShellText& word, const ShellPart& part, int line) {
  const bool home =
      word.pieces.empty() && !part.quoted && part.text[0] == '~' && (part.text.size() == 1 || part.text[1] == '/');
  if (home) word.add({"~", true, false, line});
  word.add({home ? part.text.substr(1) : part.text, false, false, line});
}

std::size_t bytes_of(const std::vector<ShellText>& items) {
  std::size_t bytes = 0;
  for (const ShellText& item : items)
    for (const ShellPiece& piece : item.pieces) bytes += piece.text.size() + 16;
  return bytes;
}

}  // namespace

void ShellVariables::set(const std::string& name, ShellText value, bool appends) {
  Value& there = values_[name];
  if (appends && there.unknown) return;
  if (!appends || there.items.empty()) {
    there = {{std::move(value)}};
    return;
  }
  for (ShellPiece& piece : value.pieces) there.items.front().add(std::move(piece));
}

void ShellVariables::set_array(const std::string& name, std::vector<ShellText> values, bool appends) {
  Value& there = values_[name];
  if (appends && there.unknown) return;
  if (!appends) there = {};
  there.is_array = true;
  for (ShellText& value : values) there.items.push_back(std::move(value));
}

const ShellVariables::Value* ShellVariables::find(std::string_view name) const {
  const auto at = values_.find(name);
  return at == values_.end() ? nullptr : &at->second;
}

std::optional<ShellText> ShellVariables::value(std::string_view name) const {
  const Value* there = find(name);
  if (!there || there->unknown || there->items.empty()) return std::nullopt;
  return there->items.front();
}

void ShellVariables::count(std::size_t bytes, int line) {
  bytes_ += bytes;
  if (bytes <= kWordMax && bytes_ <= kAllMax) return;
  throw InputError(Problem{source_, line, 0, {}, "variables expand to more than 1 MiB a word, or 4 MiB in all"});
}

std::vector<ShellText> ShellVariables::fields(const std::vector<ShellPart>& parts, int line, int column) {
  std::vector<ShellText> list;
  ShellText current({}, line, column);
  bool open = false;  // the current word exists, even when it is empty
  const auto end_word = [&] {
    if (open) list.push_back(std::move(current));
    current = ShellText({}, line, column);
    open = false;
  };
  const auto split_into = [&](const ShellPiece& piece) {
    int at = piece.line;
    for (const char c : piece.text) {
      at += c == '\n' && at > 0;
      if (c == ' ' || c == '\t' || c == '\n') {
        end_word();
      } else {
        if (!open && at > 0) current.line = at;
        current.add({std::string(1, c)});
        open = true;
      }
    }
  };
  if (parts.empty()) open = true;
  for (const ShellPart& part : parts) {
    if (!part.expands) {
      open = open || part.quoted || !part.text.empty();
      add_text(current, part, 0);
      continue;
    }
    const Expansion found = expand(part, line, 0);
    count(bytes_of(found.items) + bytes_of({current}), line);
    bool first = true;
    for (const ShellText& item : found.items) {
      if (!first && (part.quoted ? found.each_a_word : true)) end_word();
      if (!first && part.quoted && !found.each_a_word) current.add({" "});
      first = false;
      open = open || part.quoted;
      if (current.pieces.empty() && item.line > 0) {
        current.line = item.line;
        current.column = item.column;
      }
      for (const ShellPiece& piece : item.pieces) {
        if (part.quoted || piece.live) {
          open = true;
          current.add(
              {piece.text, piece.live, piece.live && (part.quoted ? piece.quoted || !found.each_a_word : false)});
        } else {
          split_into(piece);
        }
      }
    }
    open = open || (part.quoted && !found.each_a_word);
  }
  end_word();
  return list;
}

ShellText ShellVariables::joined(const std::vector<ShellPart>& parts, int line, int column) {
  ShellText text({}, line, column);
  for (const ShellPart& part : parts) {
    if (!part.expands) {
      add_text(text, part, part.line);
      continue;
    }
    const Expansion found = expand(part, line, 0);
    count(bytes_of(found.items) + bytes_of({text}), line);
    for (std::size_t i = 0; i < found.items.size(); ++i) {
      if (i > 0) text.add({" "});
      for (const ShellPiece& piece : found.items[i].pieces) text.add({piece.text, piece.live, piece.live, piece.line});
    }
  }
  return text;
}

ShellVariables::Expansion ShellVariables::as_written(const ShellPart& part, std::string text) {
  return {{ShellText::live(text.empty() ? part.text : std::move(text), part.quoted)}};
}

bool ShellVariables::mentions(std::string_view text) const {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && is_name(text[i - 1])) continue;
    const std::size_t length = name_length(text.substr(i));
    if (length > 0 && find(text.substr(i, length)) != nullptr) return true;
  }
  return false;
}

ShellVariables::Expansion ShellVariables::expand(const ShellPart& part, int line, int depth) {
  const std::string_view text = part.text;
  if (depth > kDepthMax) return as_written(part);
  if (text.starts_with("$((") && text.ends_with("))")) return arithmetic(part, line, depth);
  if (text.starts_with("$(") || text.starts_with("`")) return command(part, line);
  if (text.starts_with("${")) return braced(part, line, depth);
  const std::string_view name = text.substr(1);
  const Value* there = find(name);
  if (there && there->unknown) there = nullptr;
  if (there) return {there->items.empty() ? std::vector<ShellText>{} : std::vector<ShellText>{there->items.front()}};
  return as_written(part, is_name(name.front()) ? "${" + std::string(name) + "}" : std::string());
}

ShellVariables::Expansion ShellVariables::braced(const ShellPart& part, int line, int depth) {
  const std::string_view body = std::string_view(part.text).substr(2, part.text.size() - 3);
  std::size_t length = name_length(body);
  if (length == 0 && !body.empty()) {  // ${1}, ${10:-x}
    while (length < body.size() && std::isdigit(static_cast<unsigned char>(body[length])) != 0) ++length;
  }
  const std::string_view name = body.substr(0, length), rest = body.substr(length);
  const Value* there = find(name);
  if (there && there->unknown) there = nullptr;
  if (rest.empty() && length > 0)
    return there ? Expansion{there->items.empty() ? there->items : std::vector<ShellText>{there->items.front()}}
                 : as_written(part);
  if (rest == "[@]" || rest == "[*]") return there ? Expansion{there->items, rest == "[@]"} : as_written(part);
  if (there && there->is_array && rest.starts_with("[") && rest.ends_with("]")) {
    const auto index = shell_arithmetic(rest.substr(1, rest.size() - 2));
    if (index && *index >= 0 && static_cast<std::size_t>(*index) < there->items.size())
      return {{there->items[static_cast<std::size_t>(*index)]}};
  }
  if (length > 0 && (rest[0] == '-' || rest[0] == '=' || rest.starts_with(":-") || rest.starts_with(":=")))
    return with_default(part, name, rest, line, depth);
  if (length > 0 && there && !there->items.empty() && (rest.starts_with(":?") || rest[0] == '?'))
    return {{there->items.front()}};
  if (mentions(body)) left_.emplace_back(line, part.text);
  return as_written(part);
}

ShellVariables::Expansion ShellVariables::with_default(const ShellPart& part, std::string_view name,
                                                       std::string_view rest, int line, int depth) {
  const bool colon = rest[0] == ':';
  const std::string_view other = rest.substr(colon ? 2 : 1);
  const Value* there = find(name);
  const bool has = there && !there->unknown && !there->items.empty();
  const auto default_text = [&] {
    ShellText made;
    for (const ShellPart& piece : lex_shell_quoted(other, source_, line, 1)) {
      if (!piece.expands && piece.text.find('"') != std::string::npos) {
        std::string plain = piece.text;
        std::erase(plain, '"');
        made.add({plain});
      } else if (!piece.expands) {
        made.add({piece.text});
      } else {
        const Expansion inner = expand(piece, line, depth + 1);
        for (const ShellText& item : inner.items)
          for (const ShellPiece& one : item.pieces) made.add(one);
      }
    }
    return made;
  };
  if (has) {
    const ShellText& value = there->items.front();
    if (value.known()) return colon && value.pieces.empty() ? Expansion{{default_text()}} : Expansion{{value}};
    const std::string text = value.text();
    if (value.pieces.size() > 1 || !text.starts_with("${") || text.find(':') != std::string::npos) return {{value}};
    name = std::string_view(text).substr(2, text.size() - 3);
    const ShellText made = default_text();
    return as_written(part, "${" + std::string(name) + ":-" + made.text() + "}");
  }
  const ShellText made = default_text();
  count(bytes_of({made}), line);
  const std::string text = made.text();
  if (text.find_first_of("}\\`\"'") != std::string::npos && made.known()) return as_written(part);
  return as_written(part, "${" + std::string(name) + (colon ? ":-" : "-") + text + "}");
}

std::string ShellVariables::inside(std::string_view text, bool bare_names) {
  std::string made;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const bool dollar = c == '$' && i + 1 < text.size();
    const bool brace = dollar && text[i + 1] == '{';
    const std::size_t from = i + (brace ? 2 : dollar ? 1 : 0);
    const std::size_t length = dollar || (bare_names && (i == 0 || (!is_name(text[i - 1]) && text[i - 1] != '{')))
                                   ? name_length(text.substr(from))
                                   : 0;
    const bool whole = length > 0 && (!brace || text.substr(from + length, 1) == "}");
    const auto value = whole && quote != '\'' ? this->value(text.substr(from, length)) : std::nullopt;
    const bool takes = value && std::all_of(value->pieces.begin(), value->pieces.end(),
                                            [](const ShellPiece& piece) { return piece.live || is_safe(piece.text); });
    if (takes) {
      made += value->text();
      i = from + length + (brace ? 1 : 0);
      continue;
    }
    if (c == '\'' || c == '"') quote = quote == '\0' ? c : quote == c ? '\0' : quote;
    made += c;
    ++i;
  }
  return made;
}

ShellVariables::Expansion ShellVariables::arithmetic(const ShellPart& part, int line, int) {
  const std::string made = inside(std::string_view(part.text).substr(3, part.text.size() - 5), true);
  count(made.size(), line);
  if (const auto number = shell_arithmetic(made)) return {{ShellText(std::to_string(*number))}};
  std::string text = "$((" + made + "))";
  if (mentions(made)) left_.emplace_back(line, text);
  return as_written(part, std::move(text));
}

ShellVariables::Expansion ShellVariables::command(const ShellPart& part, int line) {
  const std::string made = inside(part.text, false);
  count(made.size(), line);
  return as_written(part, made);
}

}  // namespace socle
