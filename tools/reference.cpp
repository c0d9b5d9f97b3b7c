// Writes the pages of docs/reference/ that come from the code: socle_reference OUT_DIR [--check]
//
// With --check nothing is written; each page that is not what the code says is named, and the exit status is 1.
#include <cstdio>
#include <filesystem>
#include <set>

#include "reference_scenario.hpp"
#include "reference_schema.hpp"
#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"

namespace {

namespace fs = std::filesystem;
using socle::reference::Page;

/// A further page is a function in a file beside this one, and a line here.
std::vector<Page> pages() {
  std::vector<Page> list = socle::reference::schema_pages();
  list.push_back({"scenario.md", socle::reference::scenario_page()});
  list.push_back({"files.md", socle::reference::files_page()});
  return list;
}

int check(const std::string& folder) {
  const std::vector<Page> wanted = pages();
  std::set<std::string> known;
  int wrong = 0;
  const auto say = [&](const std::string& path, const char* what) {
    std::printf("%s/%s %s\n", folder.c_str(), path.c_str(), what);
    ++wrong;
  };
  for (const Page& page : wanted) {
    known.insert(page.path);
    const std::string path = folder + "/" + page.path;
    if (!fs::exists(path) || socle::read_file(path) != page.text)
      say(page.path, "is not what the code says; run: make reference");
  }
  for (const std::string& path : socle::list_files(folder, ".json")) {
    if (!known.contains(path)) say(path, "is of no document; remove it");
  }
  std::printf("%zu pages, %d wrong\n", wanted.size(), wrong);
  return wrong > 0 ? 1 : 0;
}

int write(const std::string& folder) {
  for (const Page& page : pages()) {
    const fs::path path = fs::path(folder) / page.path;
    fs::create_directories(path.parent_path());
    socle::write_file(path.string(), page.text);
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const bool checks = count == 3 && std::string(words[2]) == "--check";
  if ((count != 2 && !checks) || words[1][0] == '-') {
    std::fprintf(stderr, "usage: socle_reference OUT_DIR [--check]\n");
    return 2;
  }
  try {
    return checks ? check(words[1]) : write(words[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
  }
}
