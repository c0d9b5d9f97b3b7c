#include "socle/api/catalog.hpp"

#include <utility>

#include "socle/api/request.hpp"
#include "socle/base/file_io.hpp"
#include "socle/report/catalog/catalog_report.hpp"

namespace socle::api {

catalog::Catalog load_catalog(const std::string& overlay_directory) {
  if (overlay_directory.empty()) return catalog::Catalog();
  std::vector<catalog::OverlayFile> files;
  for (const std::string& path : list_files(overlay_directory, ".toml")) {
    const std::string full = overlay_directory + "/" + path;
    files.push_back({path, read_file(full), full});
  }
  return catalog::Catalog(std::move(files));
}

std::string text(const answer::CatalogResult& result) { return report::catalog_text(result); }
std::string json(const answer::CatalogResult& result, const catalog::Catalog& catalog) {
  std::vector<report::InputText> inputs;
  add_own_catalog(catalog, inputs);
  return report::catalog_json(result, inputs).dump() + "\n";
}

}  // namespace socle::api
