#include "socle/api/source_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/code/scan.hpp"

namespace socle::api {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kFilesMax = 1'000'000;

[[noreturn]] void refuse(const std::string& path, std::string message) {
  throw InputError(Problem{printable(path, 200), 0, 0, {}, std::move(message)});
}

class Walk {
 public:
  SourceTree run(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) root(path);
    return std::move(tree_);
  }

 private:
  void root(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (error || !fs::exists(status)) refuse(path, "is missing or cannot be read; name a folder or a source file");
    const fs::path tidy = fs::path(path).lexically_normal();
    if (fs::is_directory(status)) {
      const std::size_t before = tree_.files.size();
      folders(tidy);
      std::sort(tree_.files.begin() + static_cast<std::ptrdiff_t>(before), tree_.files.end());
    } else if (fs::is_regular_file(status) && migrate::language_of(path)) {
      file(tidy);
    } else {
      refuse(path,
             "is no source; name a folder, or a file that ends in .cu, .cuh, .c, .cc, .cpp, .h, .hpp, .inl or .py");
    }
  }

  void folders(const fs::path& top) {
    std::vector<fs::path> waiting{top};
    while (!waiting.empty()) {
      const fs::path folder = std::move(waiting.back());
      waiting.pop_back();
      std::error_code error;
      fs::directory_iterator entry(folder, error), end;
      if (error) ++tree_.unreadable;
      for (; !error && entry != end; entry.increment(error)) inside(*entry, waiting);
    }
  }

  void inside(const fs::directory_entry& entry, std::vector<fs::path>& waiting) {
    std::error_code error;
    const fs::file_status status = entry.symlink_status(error);
    const std::string name = entry.path().filename().string();
    const bool source = migrate::language_of(name).has_value();
    if (error)
      ++tree_.unreadable;
    else if (fs::is_symlink(status))
      tree_.links += source || fs::is_directory(entry.path(), error);
    else if (fs::is_directory(status) && !name.starts_with('.'))
      waiting.push_back(entry.path());
    else if (fs::is_regular_file(status) && source)
      file(entry.path());
  }

  void file(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) {
      ++tree_.unreadable;
      return;
    }
    if (size > kFileSizeMax) {
      ++tree_.too_large;
      return;
    }
    std::string name = path.lexically_normal().string();
    if (!seen_.insert(fs::absolute(path, error).lexically_normal().string()).second) return;
    tree_.files.push_back(std::move(name));
    if (tree_.files.size() > kFilesMax) refuse(tree_.files.front(), "more than a million files; name smaller folders");
  }

  SourceTree tree_;
  std::set<std::string> seen_;
};

}  // namespace

SourceTree source_tree(const std::vector<std::string>& paths) { return Walk().run(paths); }

}  // namespace socle::api
