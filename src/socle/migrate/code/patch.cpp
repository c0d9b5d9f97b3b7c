#include "socle/migrate/code/patch.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/migrate/code/verdict.hpp"

namespace socle::migrate {
namespace {

constexpr std::size_t kContext = 3;

/// Beginnings of lines; the last is the end of the source.
std::vector<std::size_t> line_starts(std::string_view source) {
  std::vector<std::size_t> starts{0};
  for (std::size_t at = source.find('\n'); at != std::string_view::npos; at = source.find('\n', at + 1))
    starts.push_back(at + 1);
  if (starts.back() != source.size()) starts.push_back(source.size());
  return starts;
}

/// One line that changes.
struct Change {
  std::size_t line;  ///< from 0
  std::string text;  ///< with its line end
};

std::vector<Change> changes_of(std::string_view source, const FileScan& found, const NameTable& names, Target target,
                               const std::vector<std::size_t>& starts) {
  std::vector<Change> changes;
  std::size_t copied = 0;
  for (const Mention& mention : found.mentions) {
    const NameVerdict there = verdict_of(names, {.row = mention.row, .header = false, .uses = 0, .first = {}}, target);
    if (there.verdict != Verdict::kRenamed) continue;
    const auto next = std::upper_bound(starts.begin(), starts.end(), mention.offset);
    SOCLE_CHECK(next != starts.begin() && next != starts.end(), "a mention stands in a line");
    const auto line = static_cast<std::size_t>(next - starts.begin()) - 1;
    if (changes.empty() || changes.back().line != line) {
      if (!changes.empty()) changes.back().text += source.substr(copied, starts[changes.back().line + 1] - copied);
      changes.push_back({line, {}});
      copied = starts[line];
    }
    changes.back().text += source.substr(copied, mention.offset - copied);
    changes.back().text += there.name;
    copied = mention.offset + mention.length;
  }
  if (!changes.empty()) changes.back().text += source.substr(copied, starts[changes.back().line + 1] - copied);
  return changes;
}

void put(std::string& out, char mark, std::string_view line) {
  out += mark;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

/// The head of a path as diff writes it: a blank in it needs a tab behind.
std::string head(const char* side, const std::string& path) {
  const bool blank = path.find(' ') != std::string::npos;
  return fmt::format("{}{}{}\n", side, path, blank ? "\t" : "");
}

}  // namespace

bool can_stand_in_a_patch(std::string_view path) {
  return std::none_of(path.begin(), path.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"' || c == '\\';
  });
}

std::string rename_patch(const std::string& path, std::string_view source, const FileScan& found,
                         const NameTable& names, Target target) {
  const std::vector<std::size_t> starts = line_starts(source);
  const std::vector<Change> changes = changes_of(source, found, names, target, starts);
  if (changes.empty()) return {};
  const std::size_t lines = starts.size() - 1;
  std::string out = head("--- a/", path) + head("+++ b/", path);
  for (std::size_t first = 0; first < changes.size();) {
    std::size_t last = first;  // of the hunk: neighbours whose context touches are one
    while (last + 1 < changes.size() && changes[last + 1].line <= changes[last].line + 2 * kContext + 1) ++last;
    const std::size_t begin = changes[first].line - std::min(changes[first].line, kContext);
    const std::size_t end = std::min(lines, changes[last].line + 1 + kContext);
    out += fmt::format("@@ -{0},{1} +{0},{1} @@\n", begin + 1, end - begin);
    for (std::size_t line = begin, change = first; line < end;) {
      std::size_t stop = change;  // a run of changed lines: the old ones, then the new ones
      while (stop <= last && changes[stop].line == line + (stop - change)) ++stop;
      for (std::size_t i = change; i < stop; ++i, ++line)
        put(out, '-', source.substr(starts[line], starts[line + 1] - starts[line]));
      for (std::size_t i = change; i < stop; ++i) put(out, '+', changes[i].text);
      if (stop == change) {
        put(out, ' ', source.substr(starts[line], starts[line + 1] - starts[line]));
        ++line;
      }
      change = stop;
    }
    first = last + 1;
  }
  return out;
}

}  // namespace socle::migrate
