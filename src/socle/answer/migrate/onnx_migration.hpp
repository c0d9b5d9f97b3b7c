#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/migrate/onnx/facts.hpp"
#include "socle/migrate/onnx/requirement.hpp"
#include "socle/migrate/onnx/verdict.hpp"
#include "socle/migrate/onnx/wire.hpp"

namespace socle::answer {

/// What stands in the way on a backend: an operator that it does not take, or something of the whole model.
struct OnnxBlocker {
  std::string item;   ///< "NonMaxSuppression 11 (float)"; "model"
  std::string place;  ///< first node of it; empty for the whole model
  std::string why;
  std::uint64_t nodes = 0;
  migrate::Evidence evidence = migrate::Evidence::kE0;
};

/// One model file.
struct OnnxFile {
  std::string name;
  std::size_t bytes = 0;
  migrate::onnx::Requirement requirement;
  std::vector<migrate::onnx::OnnxVerdict> targets;  ///< in the order asked for
};

/// A file below a folder that is no model.
struct OnnxUnread {
  std::string name, message;
};

/// Fact packs, and the schemas to which requirements refer.
struct OnnxTables {
  migrate::onnx::SchemaTable schemas;
  migrate::onnx::FactTable facts;
};

/// What `socle migrate onnx` answers.
struct OnnxResult {
  std::unique_ptr<const OnnxTables> tables;
  std::vector<OnnxFile> files;
  std::vector<OnnxUnread> unread;
};

/// The packs of the catalogue, with rows of the user's (an empty source: none). Throws InputError.
std::unique_ptr<const OnnxTables> onnx_tables(const catalog::Catalog& catalog, std::string_view own,
                                              const std::string& own_source);

/// Backends by key, by platform ("ascend" is cann_graph), or "all", with commas between. Throws InputError naming those
/// that there are.
std::vector<const migrate::onnx::Backend*> onnx_backends(const OnnxTables& tables, const std::string& to);

/// Judges one model on each backend. Requires: the tables outlive the answer. Throws InputError for a damaged file.
OnnxFile migrate_onnx_file(const OnnxTables& tables, const std::vector<const migrate::onnx::Backend*>& backends,
                           const migrate::onnx::FileBytes& file, const migrate::onnx::ExternalSize& external_size);

/// What stands in the way, the most nodes first; the whole model's before.
std::vector<OnnxBlocker> onnx_blockers(const OnnxFile& file, const migrate::onnx::OnnxVerdict& verdict);

/// Operators that a backend takes with a limit, and the limit; those of which the attempt alone is known are left out.
std::vector<std::pair<std::string, std::string>> onnx_limits(const OnnxFile& file,
                                                             const migrate::onnx::OnnxVerdict& verdict);

/// What a caller gives the model, and what decides beside its operators: a sentence each.
std::vector<std::string> onnx_notes(const OnnxFile& file);

/// Several models on one backend.
struct OnnxSum {
  std::size_t go = 0, with_work = 0, no_go = 0;
  double coverage = 1;  ///< share of all nodes
};
OnnxSum onnx_sum(const OnnxResult& result, std::size_t target);

/// A CSV of one line per model, backend and kind of node.
std::string onnx_rows(const OnnxResult& result);

/// How decisions and effort come about, a sentence each.
std::vector<std::string> onnx_rules();

/// "Conv 11 (float, float)": operator, version and types, without those that are unknown.
std::string onnx_use_text(const migrate::onnx::OpUse& use);

}  // namespace socle::answer
