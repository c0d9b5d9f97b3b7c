#include "socle/base/error.hpp"

#include <algorithm>
#include <tuple>

#include "socle/base/check.hpp"

namespace socle {

std::string render(const Problem& problem) {
  std::string text = problem.file;
  if (problem.line > 0) {
    if (text.empty())
      text = "line ";
    else
      text += ':';
    text += std::to_string(problem.line);
    if (problem.column > 0) text += ':' + std::to_string(problem.column);
  }
  if (!text.empty()) text += ": ";
  return text + problem.message;
}

InputError::InputError(Problem problem) : InputError(std::vector<Problem>{std::move(problem)}) {}

InputError::InputError(std::vector<Problem> problems) : problems_(std::move(problems)) {
  SOCLE_CHECK(!problems_.empty(), "an InputError names a problem");
  for (const Problem& problem : problems_) {
    if (!text_.empty()) text_ += '\n';
    text_ += render(problem);
  }
}

void Problems::add_new(const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) {
    const auto same = [text = render(problem)](const Problem& other) { return render(other) == text; };
    if (std::none_of(list_.begin(), list_.end(), same)) list_.push_back(problem);
  }
}

void Problems::throw_if_any() const {
  if (list_.empty()) return;
  std::vector<Problem> ordered = list_;
  std::stable_sort(ordered.begin(), ordered.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  throw InputError(std::move(ordered));
}

}  // namespace socle
