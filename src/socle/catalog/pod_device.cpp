#include "socle/catalog/pod_device.hpp"

#include "socle/base/toml_reader.hpp"

namespace socle::catalog {

std::optional<PodDevice> pod_device(const Catalog& catalog, std::string_view vendor) {
  std::optional<PodDevice> found;
  for (const std::string& path : catalog.paths_under("kubernetes/")) {
    const TomlDocument document = TomlDocument::parse(catalog.text_of(path), catalog.source_of(path));
    const TomlTable root = document.root();
    root.required_integer("schema", 1, 1);
    for (const TomlTable& table : root.tables("device")) {
      PodDevice device{table.required_string("vendor"), table.required_string("resource"),
                       table.required_string("source")};
      if (!found && device.vendor == vendor) found = std::move(device);
    }
    document.finish();
  }
  return found;
}

}  // namespace socle::catalog
