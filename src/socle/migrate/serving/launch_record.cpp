#include "socle/migrate/serving/launch_record.hpp"

#include <algorithm>
#include <cctype>

#include "socle/base/lower_case.hpp"

namespace socle::migrate {
namespace {

using catalog::LaunchFlag;
using catalog::LaunchValue;

bool is_flag(const std::string& word) {
  return word.size() > 1 && word.front() == '-' && std::isdigit(static_cast<unsigned char>(word[1])) == 0 &&
         word[1] != '.';
}

/// How many of the words that follow belong to the flag.
std::size_t words_of(const catalog::LaunchTable& table, const std::string& flag, const std::vector<ShellWord>& words,
                     std::size_t at) {
  const auto up_to_next = [&] {
    std::size_t count = 0;
    while (at + count < words.size() && !is_flag(words[at + count].text)) ++count;
    return count;
  };
  const LaunchFlag* known = table.find(flag);
  if (known == nullptr && flag.starts_with("--no-") && table.find("--" + flag.substr(5)) != nullptr) return 0;
  if (known == nullptr && flag.find('.') != std::string::npos) known = table.find(flag.substr(0, flag.find('.')));
  if (known == nullptr) return up_to_next();
  switch (known->value) {
    case LaunchValue::kNone:
      return 0;
    case LaunchValue::kBoolean: {
      const std::string next = at < words.size() ? lower_case(words[at].text) : std::string();
      return next == "true" || next == "false" ? 1 : 0;
    }
    case LaunchValue::kList:
      return up_to_next();
    case LaunchValue::kOne:
    case LaunchValue::kJson:
      break;
  }
  return at < words.size() ? 1 : 0;
}

/// Characters that a double quote does not take away from a word that expands.
std::string in_double_quotes(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::vector<LaunchItem> launch_items(const catalog::LaunchTable& table, const std::vector<ShellWord>& words) {
  std::vector<LaunchItem> items;
  bool has_model = !table.positional_model;
  std::size_t at = 0;
  while (at < words.size()) {
    const ShellWord& word = words[at++];
    LaunchItem item{.flag = {}, .values = {}, .joined = false, .flag_expands = false, .line = word.line};
    if (!is_flag(word.text)) {
      // There is one model: further words belong to the flag before them, whatever the table says of it.
      if (has_model && !items.empty() && !items.back().flag.empty() && !items.back().joined) {
        items.back().values.push_back({word.text, word.expands});
        continue;
      }
      has_model = true;
      item.values.push_back({word.text, word.expands});
      items.push_back(std::move(item));
      continue;
    }
    const std::size_t equals = word.text.find('=');
    item.flag = word.text.substr(0, equals);
    item.joined = equals != std::string::npos;
    item.flag_expands = word.expands && item.flag.find_first_of("$`") != std::string::npos;
    if (item.joined) item.values.push_back({word.text.substr(equals + 1), word.expands});
    const std::size_t count = item.joined ? 0 : words_of(table, item.flag, words, at);
    for (std::size_t i = 0; i < count; ++i) item.values.push_back({words[at + i].text, words[at + i].expands});
    at += count;
    items.push_back(std::move(item));
  }
  return items;
}

std::string shell_word(const LaunchText& word) {
  if (!word.expands || word.text.empty()) return shell_quoted(word.text);
  if (word.text.front() != '~') return in_double_quotes(word.text);
  // A home, which quotes would take away: ~ or ~name, up to the first slash.
  const std::size_t slash = std::min(word.text.find('/'), word.text.size());
  const std::string home = word.text.substr(0, slash), rest = word.text.substr(slash);
  const bool plain = home.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", 1) ==
                     std::string::npos;
  if (!plain) return in_double_quotes(word.text);
  return home + (rest.empty() ? std::string() : shell_word({rest, rest.find_first_of("$`") != std::string::npos}));
}

std::string launch_line(const LaunchRecord& record, bool many_lines) {
  std::string line;
  const auto put = [&](const std::string& word) { line += (line.empty() ? "" : " ") + word; };
  for (const auto& [name, value] : record.environment) {
    put(name + "=" + shell_word(value));
    if (many_lines) line += " \\\n ";
  }
  for (const LaunchText& word : record.wrapper) put(shell_word(word));
  for (const LaunchText& word : record.launcher) put(shell_word(word));
  for (const LaunchItem& item : record.items) {
    if (many_lines && !item.flag.empty()) line += " \\\n ";
    const std::string flag = item.flag.empty() ? std::string() : shell_word({item.flag, item.flag_expands});
    if (item.joined)
      put(flag + "=" + shell_word(item.values.front()));
    else if (!flag.empty())
      put(flag);
    for (std::size_t i = 0; !item.joined && i < item.values.size(); ++i) put(shell_word(item.values[i]));
  }
  return line;
}

std::string value_text(const LaunchItem& item) {
  std::string text;
  for (const LaunchText& value : item.values) text += (text.empty() ? "" : " ") + value.text;
  return text;
}

}  // namespace socle::migrate
