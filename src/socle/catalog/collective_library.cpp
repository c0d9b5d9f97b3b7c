#include "socle/catalog/collective_library.hpp"

#include <algorithm>

#include "socle/base/toml_reader.hpp"

namespace socle::catalog {
namespace {

std::vector<CollectiveRange> read_ranges(const TomlTable& root, const char* key) {
  std::vector<CollectiveRange> ranges;
  for (const TomlTable& table : root.tables(key)) {
    CollectiveRange range;
    range.bytes_min = Bytes{static_cast<double>(table.required_integer("bytes_min", 0, std::int64_t{1} << 50))};
    range.low = table.required_real("low", 0.01, 1.0);
    range.high = table.required_real("high", 1.0, 100.0);
    table.ignore("residuals");
    if (!ranges.empty() && !(ranges.back().bytes_min < range.bytes_min)) {
      table.problem("bytes_min", std::string(key) + ": bytes_min must rise from entry to entry");
    }
    ranges.push_back(range);
  }
  if (ranges.empty() || ranges.front().bytes_min > Bytes{0}) {
    root.problem(key, std::string(key) + " must start with an entry of bytes_min = 0");
  }
  return ranges;
}

void read_figures(const TomlTable& root, CollectiveLibrary& library) {
  library.nic_fraction = root.required_real("nic_fraction", 0.05, 1.0);
  library.overlap_exponent = root.required_real("overlap_exponent", 1.0, 100.0);
  library.start = root.required_quantity<Seconds>("start");
  library.expert_start = root.required_quantity<Seconds>("expert_start");
  for (const TomlTable& table : root.tables("protocol")) {
    LibraryProtocol protocol;
    protocol.name = table.required_string("name");
    protocol.bandwidth = table.required_real("bandwidth", 0.01, 1.0);
    protocol.ring_hop = table.required_quantity<Seconds>("ring_hop");
    protocol.tree_hop = table.required_quantity<Seconds>("tree_hop");
    protocol.local_hop = table.required_quantity<Seconds>("local_hop");
    library.protocols.push_back(std::move(protocol));
  }
  if (library.protocols.empty()) root.problem("protocol", "a library has one or more [[protocol]] tables");
  library.range_measured = read_ranges(root, "range_measured");
  library.range_calibrated = read_ranges(root, "range_calibrated");
  library.range_datasheet = read_ranges(root, "range_datasheet");
}

/// Those of a library that states them itself.
CollectiveLibrary figures_of(const Catalog& catalog, const TomlTable& root, const std::string& like,
                             const std::string& slug) {
  const std::string path = "libraries/" + like + ".toml";
  if (like == slug || !catalog.has(path) || catalog.text_of(path).find("nic_fraction") == std::string_view::npos) {
    root.problem("like", "like = \"" + like + "\" is no library with figures of its own; write like = \"nccl\"");
    return {};
  }
  CollectiveLibrary library = load_collective_library(catalog, like);
  library.figures_of = library.name;
  return library;
}

}  // namespace

CollectiveRange range_of(const std::vector<CollectiveRange>& ranges, Bytes buffer) {
  CollectiveRange found = ranges.front();
  for (const CollectiveRange& range : ranges) {
    if (range.bytes_min > buffer) break;
    found = range;
  }
  return found;
}

CollectiveLibrary load_collective_library(const Catalog& catalog, const std::string& slug) {
  const std::string path = "libraries/" + slug + ".toml";
  const TomlDocument document = TomlDocument::parse(catalog.text_of(path), catalog.source_of(path));
  const TomlTable root = document.root();
  const std::optional<std::string> like = root.optional_string("like");
  CollectiveLibrary library;
  if (like) {
    library = figures_of(catalog, root, *like, slug);
  } else {
    read_figures(root, library);
  }
  library.slug = slug;
  library.name = root.required_string("name");
  library.vendors = root.optional_strings("vendors").value_or(std::vector<std::string>());
  library.algorithms = root.optional_strings("algorithms").value_or(std::vector<std::string>());
  for (const char* key : {"source", "confidence", "checked", "notes"}) root.ignore(key);
  document.finish();
  return library;
}

std::optional<CollectiveLibrary> library_of_vendor(const Catalog& catalog, const std::string& vendor) {
  for (const std::string& path : catalog.paths_under("libraries/")) {
    CollectiveLibrary library = load_collective_library(catalog, path.substr(10, path.size() - 10 - 5));
    if (std::find(library.vendors.begin(), library.vendors.end(), vendor) != library.vendors.end()) return library;
  }
  return std::nullopt;
}

}  // namespace socle::catalog
