#include "socle/migrate/code/scan.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "socle/base/lower_case.hpp"
#include "socle/migrate/code/device_scope.hpp"
#include "socle/migrate/code/warp_marks.hpp"

namespace socle::migrate {
namespace {

template <typename Words = std::initializer_list<std::string_view>>
bool among(std::string_view text, const Words& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr auto kAsm = std::to_array<std::string_view>({"asm", "__asm__", "__asm"});
constexpr auto kTensorCore =
    std::to_array<std::string_view>({"wmma", "nvcuda", "mma_sync", "load_matrix_sync", "store_matrix_sync"});
constexpr auto kTexture = std::to_array<std::string_view>(
    {"tex1D",       "tex2D",        "tex3D",        "tex1Dfetch", "tex2Dgather", "tex1DLod",   "tex2DLod",
     "tex3DLod",    "tex1DLayered", "tex2DLayered", "surf1Dread", "surf2Dread",  "surf3Dread", "surf1Dwrite",
     "surf2Dwrite", "surf3Dwrite",  "tex1DGrad",    "tex2DGrad",  "tex3DGrad",   "texCubemap", "cudaTextureType2D"});

class Scanner {
 public:
  Scanner(std::string_view source, Language language, bool device_file, const NameTable& names)
      : tokens_(source, language), names_(names), device_(device_file) {}

  FileScan run(Language language) {
    for (; tokens_.current().kind != TokenKind::kEnd; tokens_.advance()) {
      if (language == Language::kCpp)
        cpp();
      else
        python();
      const Token& token = tokens_.current();
      before_ = token.kind;
      before_close_ = token.is(">") || token.is(">>");
      dot_before_ = token.is(".");
    }
    if (!device_) drop(Hazard::kInlinePtx);  // the host's assembly
    if (!device_ && found_.mentions.empty()) drop(Hazard::kWarp32);
    return std::move(found_);
  }

 private:
  void cpp() {
    const Token& token = tokens_.current();
    if (scope_.step(tokens_)) device_ = true;
    if (token.kind == TokenKind::kHeader) return header(token);
    if (token.is("<<<") && opens_launch()) {
      ++found_.launches;
      device_ = true;
      if (scope_.inside()) note(Hazard::kDynamicParallelism, token.line);
    }
    if (assumes_32_lanes(tokens_)) note(Hazard::kWarp32, token.line);
    if (token.kind == TokenKind::kName) name(token);
  }

  /// `kernel<<<` and `kernel<T><<<`, not `x <<< 3` of a merge conflict: something before it named the kernel.
  bool opens_launch() const { return before_ == TokenKind::kName || before_close_; }

  void name(const Token& token) {
    const Token& next = tokens_.peek(1);
    if (among(token.text, kAsm) && (next.is("(") || among(next.text, {"volatile", "__volatile__"})))
      note(Hazard::kInlinePtx, token.line);
    if ((token.text == "cutlass" || token.text == "cute") && next.is("::")) note(Hazard::kCutlass, token.line);
    if (among(token.text, kTensorCore)) note(Hazard::kTensorCore, token.line);
    if (token.text == "cooperative_groups") note(Hazard::kCooperativeGroups, token.line);
    if (among(token.text, kTexture)) note(Hazard::kTexture, token.line);
    const auto row = names_.find(token.text);
    if (row)
      known(token, *row);
    else if (looks_like_cuda(token.text))
      mention(token, Mention::kNoRow);
    if (!row && token.text.starts_with("nccl") && looks_like_cuda(token.text)) note(Hazard::kNccl, token.line);
  }

  void known(const Token& token, std::size_t row) {
    const Name& name = names_.names()[row];
    if (name.kind == "header") return;
    mention(token, static_cast<std::uint32_t>(row));
    if (name.library == "cuda_driver") note(Hazard::kDriverApi, token.line);
    if (name.library == "nccl") note(Hazard::kNccl, token.line);
    const auto holds = [&](std::string_view part) { return token.text.find(part) != std::string_view::npos; };
    if ((holds("Texture") || holds("Surface")) && !holds("Attr"))  // a limit that is asked for reads none
      note(Hazard::kTexture, token.line);
  }

  void header(const Token& token) {
    const auto row = names_.find(token.text);
    const bool is_header = row && names_.names()[*row].kind == "header";
    if (is_header) mention(token, static_cast<std::uint32_t>(*row));
    const std::string_view text = token.text;
    const bool cutlass = text.starts_with("cutlass/") || text.starts_with("cute/");
    if (cutlass) note(Hazard::kCutlass, token.line);
    if (text == "mma.h") note(Hazard::kTensorCore, token.line);
    if (text == "nccl.h") note(Hazard::kNccl, token.line);
    if (text.starts_with("cooperative_groups")) note(Hazard::kCooperativeGroups, token.line);
    if (!is_header && !cutlass && of_the_toolkit(text)) mention(token, Mention::kNoRow);
  }

  static bool of_the_toolkit(std::string_view text) {
    if (text.find('/') != std::string_view::npos)
      return text.starts_with("cub/") || text.starts_with("cuda/") || text.starts_with("cooperative_groups/");
    const bool named = text.starts_with("cuda_") || text.starts_with("cublas") || text.starts_with("cudnn") ||
                       text.starts_with("cusparse") || text.starts_with("cusolver") || text.starts_with("cufft") ||
                       text.starts_with("curand") || text.starts_with("nvtx") || text.starts_with("nvToolsExt");
    return named && (text.ends_with(".h") || text.ends_with(".hpp"));
  }

  void python() {
    const Token& token = tokens_.current();
    if (token.kind == TokenKind::kString && (token.text == "cuda" || token.text.starts_with("cuda:")))
      return note(Hazard::kTorchCuda, token.line);
    if (token.kind != TokenKind::kName) return;
    const Token &next = tokens_.peek(1), &after = tokens_.peek(2);
    if (token.text == "torch" && next.is(".") && after.is("cuda")) note(Hazard::kTorchCuda, token.line);
    if (token.text == "cuda" && next.is("(") && dot_before_) note(Hazard::kTorchCuda, token.line);
    if (token.text == "triton") note(Hazard::kTriton, token.line);
    if (among(token.text, {"CUDAExtension", "load_inline", "cpp_extension"})) note(Hazard::kCudaExtension, token.line);
  }

  void mention(const Token& token, std::uint32_t row) {
    found_.mentions.push_back({token.offset, static_cast<std::uint32_t>(token.text.size()), token.line, row});
  }

  void note(Hazard hazard, int line) {
    int& last = last_line_[static_cast<std::size_t>(hazard)];
    if (last == line) return;
    last = line;
    found_.hazards.push_back({hazard, line});
  }

  void drop(Hazard hazard) {
    std::erase_if(found_.hazards, [&](const HazardPlace& place) { return place.hazard == hazard; });
  }

  Tokens tokens_;
  const NameTable& names_;
  bool device_;
  DeviceScope scope_;
  FileScan found_;
  std::array<int, kHazards> last_line_{};
  TokenKind before_ = TokenKind::kEnd;
  bool before_close_ = false, dot_before_ = false;
};

}  // namespace

std::optional<Language> language_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string end = lower_case(file_name.substr(dot));
  if (end == ".py") return Language::kPython;
  if (among(end, {".cu", ".cuh", ".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx", ".inl"}))
    return Language::kCpp;
  return std::nullopt;
}

bool is_device_file(std::string_view file_name) { return file_name.ends_with(".cu") || file_name.ends_with(".cuh"); }

FileScan scan(std::string_view source, Language language, bool device_file, const NameTable& names) {
  FileScan found = Scanner(source, language, device_file, names).run(language);
  const bool open_end = !source.empty() && source.back() != '\n';
  found.lines = static_cast<int>(std::count(source.begin(), source.end(), '\n')) + (open_end ? 1 : 0);
  return found;
}

}  // namespace socle::migrate
