#include "socle/migrate/code/torch_names.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "socle/migrate/code/tokens.hpp"

namespace socle::migrate {
namespace {

bool of_torch(const std::string& path) { return path == "torch" || path.starts_with("torch."); }

/// Follows imports, and writes out what is used through them.
class Reader {
 public:
  explicit Reader(std::string_view source) : tokens_(source, Language::kPython) {}

  std::vector<TorchName> run() {
    while (tokens_.current().kind != TokenKind::kEnd) {
      if (tokens_.current().is("import") && !dot_before_)
        imports();
      else if (tokens_.current().is("from") && !dot_before_)
        from();
      else
        use();
    }
    return std::move(found_);
  }

 private:
  void step() {
    dot_before_ = tokens_.current().is(".");
    tokens_.advance();
  }

  bool is_name() const { return tokens_.current().kind == TokenKind::kName; }

  /// name(.name)*; empty where none stands.
  std::string path() {
    std::string text;
    while (is_name()) {
      text += tokens_.current().text;
      step();
      if (!tokens_.current().is(".") || tokens_.peek(1).kind != TokenKind::kName) break;
      text += '.';
      step();
    }
    return text;
  }

  /// The name behind `as`; empty without one.
  std::string alias() {
    if (!tokens_.current().is("as")) return {};
    step();
    std::string name;
    if (is_name()) {
      name = std::string(tokens_.current().text);
      step();
    }
    return name;
  }

  void imports() {
    const int line = tokens_.current().line;
    step();
    while (is_name() && tokens_.current().line == line) {
      const std::string what = path();
      const std::string name = alias();
      if (of_torch(what)) aliases_[name.empty() ? "torch" : name] = name.empty() ? "torch" : what;
      if (!tokens_.current().is(",")) return;
      step();
    }
  }

  void from() {
    const int line = tokens_.current().line;
    step();
    const std::string module = path();
    if (!tokens_.current().is("import") || tokens_.current().line != line) return;
    step();
    const bool wide = tokens_.current().is("(");
    if (wide) step();
    while (is_name() && (wide || tokens_.current().line == line)) {
      const std::string what(tokens_.current().text);
      const int at = tokens_.current().line;
      step();
      const std::string name = alias();
      if (of_torch(module)) {
        aliases_[name.empty() ? what : name] = module + "." + what;
        found_.push_back({module + "." + what, at});
      }
      if (!tokens_.current().is(",")) return;
      step();
    }
  }

  void use() {
    const auto known = is_name() && !dot_before_ ? aliases_.find(tokens_.current().text) : aliases_.end();
    if (known == aliases_.end()) return step();
    const int line = tokens_.current().line;
    const std::string root = known->second;
    const std::string written = path();
    const std::size_t dot = written.find('.');
    if (dot != std::string::npos) found_.push_back({root + written.substr(dot), line});
  }

  Tokens tokens_;
  std::map<std::string, std::string, std::less<>> aliases_;
  std::vector<TorchName> found_;
  bool dot_before_ = false;
};

}  // namespace

std::vector<TorchName> torch_names(std::string_view source) { return Reader(source).run(); }

bool is_torch_constant(std::string_view name) {
  static constexpr std::array<std::string_view, 36> kNames{"float",
                                                           "float16",
                                                           "float32",
                                                           "float64",
                                                           "bfloat16",
                                                           "half",
                                                           "double",
                                                           "int",
                                                           "int8",
                                                           "int16",
                                                           "int32",
                                                           "int64",
                                                           "long",
                                                           "short",
                                                           "uint8",
                                                           "bool",
                                                           "complex64",
                                                           "complex128",
                                                           "cfloat",
                                                           "cdouble",
                                                           "strided",
                                                           "inf",
                                                           "nan",
                                                           "pi",
                                                           "e",
                                                           "newaxis",
                                                           "qint8",
                                                           "quint8",
                                                           "float8_e4m3fn",
                                                           "float8_e5m2",
                                                           "sparse_coo",
                                                           "sparse_csr",
                                                           "preserve_format",
                                                           "contiguous_format",
                                                           "channels_last",
                                                           "__version__"};
  if (!name.starts_with("torch.")) return false;
  return std::find(kNames.begin(), kNames.end(), name.substr(6)) != kNames.end();
}

}  // namespace socle::migrate
