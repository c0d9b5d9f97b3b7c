#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/assumed_fact.hpp"
#include "socle/catalog/chip.hpp"
#include "socle/catalog/export_rule.hpp"
#include "socle/catalog/network_gear.hpp"
#include "socle/catalog/node.hpp"
#include "socle/catalog/price.hpp"

namespace socle::catalog {

/// One file that a user lays over the built-in catalogue.
struct OverlayFile {
  std::string
      path;  ///< relative, as in `catalog/`, e.g. "chips/my-chip.toml"; an equal path replaces the built-in file
  std::string text;
  std::string source;  ///< name for messages, e.g. "my-catalog/chips/my-chip.toml"
};

/// Everything that exists: the files embedded at build time and the user's overlay. Holds texts; a question parses what
/// it needs and nothing else, so making one is cheap. Immutable, and safe to ask from any number of threads. Names are
/// matched without regard to case; blanks and underscores count as hyphens.
class Catalog {
 public:
  /// The built-in catalogue.
  Catalog();
  /// With the user's files laid over it. Throws InputError naming each of them whose text is not UTF-8, with its line.
  explicit Catalog(std::vector<OverlayFile> overlay);

  /// The same, with values supposed for facts of chips. Throws InputError: no such chip; a peak or bandwidth that is
  /// public, on which measured kernel times rest.
  Catalog assuming(std::vector<AssumedFact> facts) const;

  /// By slug, display name or alias. Throws InputError, with "did you mean", when there is none.
  Chip chip(std::string_view name) const;
  Node node(std::string_view name) const;
  /// Slug of the entry in `folder` ("chips", "nodes", "models", ...) that answers to the name; throws as above.
  std::string slug_of(std::string_view folder, std::string_view name) const;

  /// All of a kind, sorted by slug or in the order of the sorted files.
  std::vector<Chip> chips() const;
  std::vector<Node> nodes() const;
  std::vector<NetworkGear> gear() const;
  std::vector<Price> prices() const;
  std::vector<ExportRule> export_rules() const;
  std::vector<ExportRecord> export_records() const;

  bool has(std::string_view path) const;
  /// A raw file by path, e.g. "kernels/h100-sxm.toml". Throws InputError when there is none.
  std::string_view text_of(std::string_view path) const;
  /// What messages call the file: its path in the catalogue, or the user's own.
  std::string source_of(std::string_view path) const;
  /// Everything that the user laid over the built-in catalogue or supposes, as one text: what provenance hashes. Empty
  /// when it is the built-in one.
  std::string own_text() const;
  /// Sorted paths that start with the prefix, e.g. "models/".
  std::vector<std::string> paths_under(std::string_view prefix) const;

 private:
  struct File {
    std::string_view text;  // of an embedded file
    std::string owned;      // of an overlay file
    std::string source;
    bool overlaid = false;
  };
  std::map<std::string, File, std::less<>> files_;
  std::vector<AssumedFact> assumed_;  ///< with slugs
};

}  // namespace socle::catalog
