#include "socle/api/migrate_onnx.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/mapped_file.hpp"
#include "socle/base/split_list.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/onnx/golden.hpp"
#include "socle/report/migrate/onnx_report.hpp"

namespace socle::api {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kGoldenHashed = std::size_t{1} << 20;  // of the model: Python takes a fifth of a second
constexpr std::size_t kHashedMax = std::size_t{64} << 20;

struct Found {
  std::string path;
  bool named = false;
};

std::vector<Found> models_of(const std::vector<std::string>& paths) {
  std::vector<Found> found;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      found.push_back({path, true});
      continue;
    }
    for (const std::string& name : list_files(path, ".onnx")) found.push_back({(fs::path(path) / name).string()});
  }
  if (found.empty())
    throw InputError(Problem{{}, 0, 0, "MODEL", "no model; name files or folders of files that end in .onnx"});
  return found;
}

/// Size of an ordinary file beside the model. The path was checked: it leads neither up nor to the root.
std::optional<std::uint64_t> size_beside(const std::string& model, const std::string& location) {
  std::error_code error;
  const fs::path path = fs::path(model).parent_path() / location;
  const auto size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
  if (error || !fs::is_regular_file(path, error)) return std::nullopt;
  return size;
}

/// Of a large file, the beginning and the end: its weights are not read.
std::string hash_of(std::string_view bytes) {
  if (bytes.size() <= kHashedMax) return report::content_hash(bytes);
  return report::content_hash(report::content_hash(bytes.substr(0, kHashedMax / 2)) +
                              report::content_hash(bytes.substr(bytes.size() - kHashedMax / 2)) +
                              std::to_string(bytes.size()));
}

/// "batch=1,x:2=640"
std::map<std::string, std::int64_t> sizes_of(const std::string& text) {
  std::map<std::string, std::int64_t> sizes;
  if (text.empty()) return sizes;
  for (const std::string& part : split_list(text)) {
    const std::size_t equals = part.rfind('=');
    std::int64_t size = 0;
    bool right = equals != std::string::npos && equals > 0 && equals + 1 < part.size() && part.size() - equals < 10;
    for (std::size_t i = equals + 1; right && i < part.size(); ++i) {
      right = part[i] >= '0' && part[i] <= '9';
      size = size * 10 + (part[i] - '0');
    }
    if (!right || !sizes.emplace(part.substr(0, equals), size).second)
      throw InputError(Problem{{},
                               0,
                               0,
                               "--dim",
                               "--dim = \"" + printable(part, 40) +
                                   "\"; write NAME=SIZE or INPUT:AXIS=SIZE, each once, with commas between"});
  }
  return sizes;
}

}  // namespace

OnnxAnswer migrate_onnx(const catalog::Catalog& catalog, const MigrateOnnxRequest& request, Progress* progress) {
  if (request.to.empty())
    throw InputError(Problem{{}, 0, 0, "--to", "--to is missing; name backends or platforms, or write all"});
  OnnxAnswer answer;
  answer.result.tables = answer::onnx_tables(catalog, request.operators_text, request.operators_name);
  const answer::OnnxTables& tables = *answer.result.tables;
  const auto backends = answer::onnx_backends(tables, request.to);
  const std::vector<Found> models = models_of(request.paths);
  if (progress) progress->begin("reading models", models.size());
  for (const Found& model : models) {
    const std::string name = escape_controls(model.path, "");
    try {
      const MappedFile file(model.path);
      answer.result.files.push_back(
          answer::migrate_onnx_file(tables, backends, {name, file.bytes()},
                                    [&](const std::string& location) { return size_beside(model.path, location); }));
      answer.inputs.push_back({name, hash_of(file.bytes())});
    } catch (const InputError& error) {
      if (model.named) throw;
      answer.result.unread.push_back({name, error.problems().front().message});
    }
    advance(progress);
  }
  if (answer.result.files.empty())
    throw InputError(Problem{answer.result.unread.front().name, 0, 0, {}, answer.result.unread.front().message});
  if (!request.operators_name.empty())
    answer.inputs.push_back({request.operators_name, report::content_hash(request.operators_text)});
  add_own_catalog(catalog, answer.inputs);
  return answer;
}

std::vector<PackFile> onnx_golden_pack(const catalog::Catalog& catalog, const OnnxAnswer& answer,
                                       const std::string& path, const std::string& sizes, std::uint32_t seed) {
  if (answer.result.files.size() != 1)
    throw InputError(Problem{{}, 0, 0, "--golden", "--golden writes the pack of one model; name one file"});
  const answer::OnnxFile& model = answer.result.files.front();
  const auto inputs = migrate::onnx::golden_inputs(model.requirement, model.name, {seed, sizes_of(sizes)});
  const std::string head = read_file_head(path, kGoldenHashed);
  const Json manifest = migrate::onnx::golden_manifest(model.requirement,
                                                       {.path = path,
                                                        .bytes = model.bytes,
                                                        .hashed_bytes = head.size(),
                                                        .hash = report::content_hash(head),
                                                        .seed = seed},
                                                       inputs);
  std::vector<PackFile> pack{{"manifest.json", manifest.dump() + "\n"},
                             {"accept.py", std::string(catalog.text_of("compat/onnx-accept.py"))}};
  for (const migrate::onnx::GoldenInput& input : inputs) pack.push_back({input.file, input.npy});
  return pack;
}

std::string text(const OnnxAnswer& answer) { return report::onnx_text(answer.result); }
std::string json(const OnnxAnswer& answer) { return report::onnx_json(answer.result, answer.inputs).dump() + "\n"; }
std::string onnx_rows(const OnnxAnswer& answer) { return answer::onnx_rows(answer.result); }

bool holds(const OnnxAnswer& answer) {
  const auto& files = answer.result.files;
  return std::any_of(files.begin(), files.end(), [](const answer::OnnxFile& file) {
    return std::any_of(file.targets.begin(), file.targets.end(), [](const migrate::onnx::OnnxVerdict& target) {
      return target.decision != migrate::Decision::kNoGo;
    });
  });
}

}  // namespace socle::api
