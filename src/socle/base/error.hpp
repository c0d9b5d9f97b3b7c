#pragma once

#include <exception>
#include <string>
#include <vector>

namespace socle {

/// One thing that is wrong with an input: where, which key, and what to do about it.
struct Problem {
  std::string file;     ///< source name as the user knows it; may be empty
  int line = 0;         ///< 1-based; 0 = the whole file
  int column = 0;       ///< 1-based; 0 = the whole line
  std::string key;      ///< dotted path of the key, for machines; may be empty
  std::string message;  ///< a sentence that names the thing, the limit and the remedy
};

/// `file:line:column: message`, without the parts that are unknown.
std::string render(const Problem& problem);

/// The input is wrong. Holds every problem found, never none.
class InputError : public std::exception {
 public:
  explicit InputError(Problem problem);
  /// Requires: at least one problem.
  explicit InputError(std::vector<Problem> problems);

  const std::vector<Problem>& problems() const { return problems_; }
  /// All problems, one per line.
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::vector<Problem> problems_;
  std::string text_;
};

/// Gathers problems so that a user sees all of them at once.
class Problems {
 public:
  void add(Problem problem) { list_.push_back(std::move(problem)); }
  void add(const std::vector<Problem>& problems) { list_.insert(list_.end(), problems.begin(), problems.end()); }
  /// Adds those that do not read as one that is there: what several questions share is told once.
  void add_new(const std::vector<Problem>& problems);
  bool empty() const { return list_.empty(); }
  const std::vector<Problem>& list() const { return list_; }
  /// Throws InputError, in the order of file, line and column, if anything was added.
  void throw_if_any() const;

 private:
  std::vector<Problem> list_;
};

}  // namespace socle
