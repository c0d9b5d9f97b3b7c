#include "socle/base/shell_script.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/shell_variables.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

using Kind = ShellToken::Kind;

bool is_name(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

/// `NAME=`, `NAME+=` at the head of a word.
struct Assignment {
  std::string name;
  std::vector<ShellPart> value;
  bool appends = false;
};

std::optional<Assignment> assignment_of(const ShellToken& token) {
  if (token.kind != Kind::kWord || token.parts.empty() || token.parts[0].expands || token.parts[0].quoted)
    return std::nullopt;
  const std::string& head = token.parts[0].text;
  const std::size_t equals = head.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  const bool appends = head[equals - 1] == '+';
  Assignment made{head.substr(0, equals - (appends ? 1 : 0)), token.parts, appends};
  if (!is_name(made.name)) return std::nullopt;
  made.value[0].text.erase(0, equals + 1);
  if (made.value[0].text.empty()) made.value.erase(made.value.begin());
  return made;
}

std::string plain_word(const ShellToken& token) {
  const bool plain =
      token.kind == Kind::kWord && token.parts.size() == 1 && !token.parts[0].expands && !token.parts[0].quoted;
  return plain ? token.parts[0].text : std::string();
}

class Script {
 public:
  explicit Script(const std::string& source) : variables_(source) {}

  ShellScript read(const std::vector<ShellToken>& tokens) {
    for (std::size_t i = 0; i < tokens.size();) {
      const Kind kind = tokens[i].kind;
      const std::string& op = tokens[i].op;
      if (kind == Kind::kOperator && (op == "|" || op == "|&") && !statement_.empty()) {
        statement_.push_back(&tokens[i++]);
      } else if (kind == Kind::kOperator) {
        if (op == "(" && statement_.size() == 1 && i + 1 < tokens.size() && tokens[i + 1].op == ")") {
          end_function_head();
          i += 2;
          continue;
        }
        if (op == "&" && !statement_.empty()) statement_.push_back(&tokens[i]);
        end_statement(op);
        ++i;
      } else {
        statement_.push_back(&tokens[i++]);
      }
    }
    end_statement("\n");
    for (const auto& [line, text] : variables_.left())
      note(line, fmt::format("{} is not worked out and stays as written", printable(text, 60)));
    return std::move(script_);
  }

 private:
  using Answer = std::optional<bool>;                     ///< nothing: only a run knows
  enum class Path { kTaken, kSkipped, kUnknown, kDone };  ///< done: an earlier branch was taken

  void note(int line, std::string text) {
    if (script_.notes.size() < 200) script_.notes.push_back({line, std::move(text)});
  }
  bool skipped() const {
    return std::any_of(paths_.begin(), paths_.end(), [](Path p) { return p == Path::kSkipped || p == Path::kDone; });
  }
  bool uncertain() const {
    return std::any_of(paths_.begin(), paths_.end(), [](Path p) { return p == Path::kUnknown; });
  }

  void end_function_head() {
    note(statement_[0]->line, "what stands in a function is not followed");
    statement_.clear();
    function_next_ = true;
  }

  /// `op` is what ends it. Words that open and close what it stands in are taken first.
  void end_statement(const std::string& op) {
    std::vector<const ShellToken*> words = std::exchange(statement_, {});
    const std::string joint = std::exchange(joint_, op == "&&" || op == "||" ? op : std::string());
    while (!words.empty() && structure(words)) {}
    if (words.empty()) return;
    const std::string word = plain_word(*words[0]);
    const bool test = word == "[" || word == "[[" || word == "test";
    if (in_condition_) {
      if (frozen_ || paths_.empty()) return;
      const Answer answer = test ? decide(words) : std::nullopt;
      if (!test && !skipped()) {
        note(words[0]->line, "a condition that only a run decides: what stands under it is not followed");
        simple(words);
      }
      condition_ = joint.empty() ? answer : joint == "||" ? either(condition_, answer) : both(condition_, answer);
      paths_.back() = !condition_ ? Path::kUnknown : *condition_ ? Path::kTaken : Path::kSkipped;
      return;
    }
    if (skipped()) return;
    // A command is taken to succeed, so what stands behind its || is not run.
    const Answer runs = joint.empty() ? Answer(true) : joint == "&&" ? last_ : last_ ? Answer(!*last_) : std::nullopt;
    if (runs == false) return;
    if (!runs) paths_.push_back(Path::kUnknown);
    last_ = test ? decide(words) : Answer(true);
    if (!test) simple(words);
    if (!runs) paths_.pop_back();
  }

  static Answer either(Answer a, Answer b) {
    return a == true || b == true ? Answer(true) : a && b ? Answer(false) : std::nullopt;
  }
  static Answer both(Answer a, Answer b) {
    return a == false || b == false ? Answer(false) : a && b ? Answer(true) : std::nullopt;
  }

  bool structure(std::vector<const ShellToken*>& words) {
    const std::string word = plain_word(*words[0]);
    const int line = words[0]->line;
    const auto drop = [&] { words.erase(words.begin()); };
    if (word == "{") {
      drop();
      if (function_next_) paths_.push_back(Path::kUnknown);
      braces_.push_back(std::exchange(function_next_, false));
    } else if (word == "}") {
      drop();
      if (!braces_.empty()) {
        if (braces_.back() && !paths_.empty()) paths_.pop_back();
        braces_.pop_back();
      }
    } else if (word == "if") {
      drop();
      paths_.push_back(Path::kUnknown);
      in_condition_ = true;
      frozen_ = false;
    } else if (word == "elif" && !paths_.empty()) {
      drop();
      const Path before = paths_.back();
      paths_.back() = before == Path::kTaken || before == Path::kDone ? Path::kDone : Path::kUnknown;
      frozen_ = before != Path::kSkipped;
      in_condition_ = true;
    } else if (word == "else" && !paths_.empty()) {
      drop();
      const Path before = paths_.back();
      paths_.back() = before == Path::kSkipped ? Path::kTaken : before == Path::kUnknown ? before : Path::kDone;
    } else if (word == "for" || word == "while" || word == "until" || word == "case" || word == "select") {
      if (!skipped()) note(line, fmt::format("{}: what stands in it is not followed", word));
      if (word == "for" && words.size() > 1) variables_.set_unknown(plain_word(*words[1]));
      words.clear();
      paths_.push_back(Path::kUnknown);
    } else if (word == "fi" || word == "done" || word == "esac") {
      drop();
      if (!paths_.empty()) paths_.pop_back();
      words.clear();
    } else if (word == "then") {
      drop();
      in_condition_ = false;
    } else if (word == "do" || word == "time") {
      drop();
    } else if (word == "function") {
      note(line, "what stands in a function is not followed");
      words.clear();
      function_next_ = true;
    } else {
      return false;
    }
    return true;
  }

  /// [ A = B ], [[ -z A ]] and the like over texts that are known, or known by default.
  Answer decide(const std::vector<const ShellToken*>& words) {
    std::vector<std::string> texts;
    bool known = true, by_default = false;
    for (const ShellToken* token : words) {
      if (token->kind != Kind::kWord) {
        known = false;
        continue;
      }
      const ShellText text = variables_.joined(token->parts, token->line, token->column);
      const auto value = text.by_default();
      known = known && value.has_value();
      by_default = by_default || !text.known();
      texts.push_back(value.value_or(""));
    }
    if (skipped()) return std::nullopt;
    const Answer answer = known ? condition(texts) : std::nullopt;
    const int line = words[0]->line;
    if (!answer) note(line, "a condition that only a run decides: what stands under it is not followed");
    if (answer && by_default)
      note(line, fmt::format("the condition is {} by the defaults that the script states", *answer ? "true" : "false"));
    return answer;
  }

  static Answer condition(std::vector<std::string> texts) {
    if (texts.size() < 3) return std::nullopt;
    const bool test = texts[0] == "test";
    if (!test && !(texts[0] == "[" && texts.back() == "]") && !(texts[0] == "[[" && texts.back() == "]]"))
      return std::nullopt;
    texts.erase(texts.begin());
    if (!test) texts.pop_back();
    if (!texts.empty() && texts[0] == "!") {
      texts.erase(texts.begin());
      const Answer inner = unary_or_binary(texts);
      return inner ? Answer(!*inner) : inner;
    }
    return unary_or_binary(texts);
  }

  static Answer unary_or_binary(const std::vector<std::string>& texts) {
    if (texts.size() == 2 && texts[0] == "-z") return texts[1].empty();
    if (texts.size() == 2 && texts[0] == "-n") return !texts[1].empty();
    if (texts.size() != 3) return std::nullopt;
    if (texts[1] == "=" || texts[1] == "==") return texts[0] == texts[2];
    if (texts[1] == "!=") return texts[0] != texts[2];
    const auto left = shell_arithmetic(texts[0]), right = shell_arithmetic(texts[2]);
    if (!left || !right) return std::nullopt;
    if (texts[1] == "-eq") return *left == *right;
    if (texts[1] == "-ne") return *left != *right;
    if (texts[1] == "-gt") return *left > *right;
    if (texts[1] == "-ge") return *left >= *right;
    if (texts[1] == "-lt") return *left < *right;
    if (texts[1] == "-le") return *left <= *right;
    return std::nullopt;
  }

  void simple(const std::vector<const ShellToken*>& tokens) {
    std::size_t at = 0;
    std::vector<std::pair<std::string, ShellText>> before;
    std::vector<const ShellToken*> assigned;
    while (at < tokens.size() && assignment_of(*tokens[at])) assigned.push_back(tokens[at++]);
    const std::string word = at < tokens.size() ? plain_word(*tokens[at]) : std::string();
    if (at == tokens.size() || tokens[at]->kind != Kind::kWord) {
      for (const ShellToken* token : assigned) assign(*token);
      return;
    }
    if (word == "export" || word == "declare" || word == "readonly" || word == "local" || word == "typeset") {
      declare({tokens.begin() + static_cast<std::ptrdiff_t>(at) + 1, tokens.end()}, word == "export");
      return;
    }
    for (const ShellToken* token : assigned) {
      const Assignment made = *assignment_of(*token);
      before.emplace_back(made.name, variables_.joined(made.value, token->line, token->column));
    }
    if (word == "unset") {
      for (std::size_t i = at + 1; i < tokens.size(); ++i) variables_.unset(plain_word(*tokens[i]));
      return;
    }
    command(std::move(before), {tokens.begin() + static_cast<std::ptrdiff_t>(at), tokens.end()});
  }

  void assign(const ShellToken& token) {
    Assignment made = *assignment_of(token);
    if (uncertain()) {
      note(token.line, fmt::format("{} is set where only a run decides: it stays as ${{{}}}", made.name, made.name));
      variables_.set_unknown(made.name);
      return;
    }
    if (!token.is_array) {
      variables_.set(made.name, variables_.joined(made.value, token.line, token.column), made.appends);
      return;
    }
    std::vector<ShellText> items;
    for (const ShellToken& word : token.array) {
      for (ShellText& item : variables_.fields(word.parts, word.line, word.column)) items.push_back(std::move(item));
    }
    variables_.set_array(made.name, std::move(items), made.appends);
  }

  void declare(const std::vector<const ShellToken*>& tokens, bool exports) {
    for (const ShellToken* token : tokens) {
      const std::string word = plain_word(*token);
      if (word == "-x") exports = true;
      if (token->kind != Kind::kWord || word.starts_with("-")) continue;
      const auto made = assignment_of(*token);
      if (made) assign(*token);
      if (!exports || !(made || is_name(word))) continue;
      const std::string name = made ? made->name : word;
      const auto value = variables_.value(name);
      if (value) exported(name, *value, *token);
    }
  }

  void exported(const std::string& name, const ShellText& value, const ShellToken& token) {
    for (ShellScript::Export& one : script_.exports) {
      if (one.name == name) {
        one.value = value;
        return;
      }
    }
    script_.exports.push_back({name, value, token.line, token.column});
  }

  void command(std::vector<std::pair<std::string, ShellText>> before, const std::vector<const ShellToken*>& tokens) {
    ScriptCommand made{std::move(before), {}, {}, tokens[0]->line, tokens[0]->column, uncertain()};
    const ShellToken* document = nullptr;
    std::string written;
    bool in_tail = false;
    for (const ShellToken* token : tokens) {
      if (token->kind == Kind::kDocument) {
        document = token;
      } else if (token->kind == Kind::kOperator) {
        in_tail = true;
        made.tail.push_back(ShellText::live(token->op, false));
      } else if (token->kind == Kind::kRedirect) {
        const ShellText file = variables_.joined(token->parts, token->line, token->column);
        if (!in_tail && (token->op == ">" || token->op == ">>")) written = file.by_default().value_or("");
        const bool joins = token->op.ends_with("&") && file.known();
        made.tail.push_back(ShellText::live(joins ? token->op + file.text() : token->op, false));
        if (!joins) made.tail.push_back(file);
      } else {
        for (ShellText& word : variables_.fields(token->parts, token->line, token->column))
          (in_tail ? made.tail : made.words).push_back(std::move(word));
      }
    }
    if (document && !written.empty() && !made.words.empty()) {
      script_.documents.push_back(
          {written, variables_.joined(document->parts, document->line, document->column).text(), document->line + 1});
      return;
    }
    if (document) note(document->line, "a here-document that is written to no known file is not read");
    if (!made.words.empty()) script_.commands.push_back(std::move(made));
  }

  ShellVariables variables_;
  ShellScript script_;
  std::vector<const ShellToken*> statement_;
  std::vector<Path> paths_;
  std::vector<bool> braces_;
  bool function_next_ = false, in_condition_ = false, frozen_ = false;
  std::string joint_;        ///< what stands before the next statement: && or ||
  Answer last_, condition_;  ///< of the statement before, and of the condition so far
};

}  // namespace

ShellScript read_shell_script(std::string_view text, const std::string& source) {
  if (const auto bad = find_invalid_utf8(text))
    throw InputError(Problem{source, line_of(text, *bad), 0, {}, "is not UTF-8"});
  return Script(source).read(lex_shell(text, source));
}

}  // namespace socle
