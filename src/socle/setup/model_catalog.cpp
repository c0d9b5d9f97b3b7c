#include "socle/setup/model_catalog.hpp"

#include <algorithm>
#include <cctype>

#include "socle/model/model_file.hpp"

namespace socle::setup {
namespace {

constexpr std::string_view kFolder = "models/";
constexpr std::string_view kSuffix = ".toml";

// Letters and digits only, in lower case, without what stands in round brackets.
std::string plain(std::string_view name) {
  std::string out;
  int depth = 0;
  for (const char c : name) {
    if (c == '(')
      ++depth;
    else if (c == ')')
      depth = std::max(0, depth - 1);
    else if (depth == 0 && std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

// Whether the text ends in a size, such as 70B or 760m.
bool ends_in_size(std::string_view text) {
  if (text.size() < 2) return false;
  const char unit = text.back();
  return std::string_view("bBmMtT").find(unit) != std::string_view::npos &&
         std::isdigit(static_cast<unsigned char>(text[text.size() - 2])) != 0;
}

// The spellings to look for: the name, then the name up to its last size when words follow that.
std::vector<std::string> spellings(std::string_view name) {
  std::vector<std::string> out = {plain(name)};
  for (std::size_t end = name.rfind(' '); end != std::string_view::npos && end > 0; end = name.rfind(' ', end - 1)) {
    const std::string_view head = name.substr(0, end);
    if (ends_in_size(head)) out.push_back(plain(head));
  }
  std::erase(out, std::string());
  return out;
}

// The quoted texts that follow `key =` at the start of a line, up to the line's end or a list's closing bracket. Reads
// names without parsing the file, since a validation run asks for more than a thousand.
void collect_names(std::string_view text, std::string_view key, std::vector<std::string>& names) {
  std::size_t at = text.starts_with(key) ? 0 : text.find("\n" + std::string(key));
  if (at == std::string_view::npos) return;
  at = text.find('=', at + key.size());
  bool list = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '[') list = true;
    if (c == ']' || (c == '\n' && !list)) return;
    if (c != '"' && c != '\'') continue;
    const std::size_t end = text.find(c, at + 1);
    if (end == std::string_view::npos) return;
    names.push_back(plain(text.substr(at + 1, end - at - 1)));
    at = end;
  }
}

std::vector<std::string> names_in(const std::string& path, std::string_view text) {
  std::vector<std::string> names = {plain(path.substr(kFolder.size(), path.size() - kFolder.size() - kSuffix.size()))};
  const std::string_view head = text.substr(0, text.find("\n["));
  collect_names(head, "name", names);
  collect_names(head, "aliases", names);
  return names;
}

std::string path_of(const catalog::Catalog& catalog, std::string_view name) {
  const std::size_t slash = name.rfind('/');  // "organisation/name" answers by its name
  const std::string slug = catalog.slug_of("models", slash == std::string_view::npos ? name : name.substr(slash + 1));
  return std::string(kFolder) + slug + std::string(kSuffix);
}

}  // namespace

model::Transformer load_model(const catalog::Catalog& catalog, std::string_view name) {
  const std::string path = path_of(catalog, name);
  return model::parse_model(catalog.text_of(path), catalog.source_of(path));
}

std::string model_text(const catalog::Catalog& catalog, std::string_view name) {
  return std::string(catalog.text_of(path_of(catalog, name)));
}

std::optional<model::Transformer> find_published_model(const catalog::Catalog& catalog, std::string_view name) {
  const std::vector<std::string> wanted = spellings(name);
  std::string found;
  std::size_t found_at = wanted.size();
  for (const std::string& path : catalog.paths_under(kFolder)) {
    if (!path.ends_with(kSuffix)) continue;
    const std::vector<std::string> names = names_in(path, catalog.text_of(path));
    for (std::size_t i = 0; i < found_at; ++i) {
      if (std::find(names.begin(), names.end(), wanted[i]) == names.end()) continue;
      found = path;
      found_at = i;
      break;
    }
  }
  if (found.empty()) return std::nullopt;
  return model::parse_model(catalog.text_of(found), catalog.source_of(found));
}

}  // namespace socle::setup
