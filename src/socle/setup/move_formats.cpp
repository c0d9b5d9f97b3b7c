#include "socle/setup/move_formats.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "socle/setup/serve_setup.hpp"

namespace socle::setup {
namespace {

using catalog::PeakFormat;
using model::WeightFormat;

/// What the chip must multiply in; empty: weights are widened to 16 bit first.
std::optional<PeakFormat> multiplied_in(WeightFormat format) {
  switch (format) {
    case WeightFormat::kBf16:
      return PeakFormat::kBf16;
    case WeightFormat::kFp16:
      return PeakFormat::kFp16;
    case WeightFormat::kFp8:
    case WeightFormat::kFp8Block:
      return PeakFormat::kFp8;
    case WeightFormat::kInt8:
      return PeakFormat::kInt8;
    case WeightFormat::kNvFp4:
      return PeakFormat::kFp4;
    default:
      return std::nullopt;
  }
}

/// The packs' name of a format on an engine; empty: no name is known.
const char* pack_name(const std::string& engine, WeightFormat format) {
  const bool ascend = engine == "vllm-ascend", gaudi = engine == "vllm-gaudi", trt = engine == "tensorrt-llm";
  switch (format) {
    case WeightFormat::kFp8:
      return gaudi ? "inc" : "fp8";
    case WeightFormat::kFp8Block:
      return ascend ? "w8a8fp8_dynamic" : gaudi ? "inc" : "fp8";
    case WeightFormat::kInt8:
      return ascend ? "w8a8" : "int8";
    case WeightFormat::kInt8WeightOnly:
      return "w8a16";
    case WeightFormat::kInt4WeightOnly:
      return ascend ? "w4a16" : trt ? "int4" : "gptq";
    case WeightFormat::kMxFp4:
      return ascend ? "w4a16_mxfp4" : "mxfp4";
    case WeightFormat::kNvFp4:
      return "nvfp4";
    case WeightFormat::kBf16:
      return trt ? "bf16" : "";
    case WeightFormat::kFp16:
      return trt ? "fp16" : "";
  }
  return "";
}

migrate::Known known_of(const MoveSide& target, WeightFormat format, const migrate::EngineFacts& facts) {
  if (!target.hardware) return {};
  // SGLang on Ascend: its page has one row for all of them, "only modelslim".
  if (target.engine == "sglang" && target.platform.key == "ascend")
    return format == WeightFormat::kInt8 ? facts.of("sglang", target.hardware->key, "argument", "--quantization")
                                         : migrate::Known{};
  return facts.of(target.engine, target.hardware->key, "quantization", pack_name(target.engine, format));
}

std::string flag_value(const MoveSide& target, WeightFormat format) {
  if (format == WeightFormat::kBf16 || format == WeightFormat::kFp16) return {};
  if (target.platform.key == "ascend") return target.engine == "sglang" ? "modelslim" : "ascend";
  return {};  // the checkpoint says it itself
}

bool multiplies(const catalog::Chip& chip, WeightFormat format) {
  const auto peak = multiplied_in(format);
  return !peak || chip.peak_of(*peak).has_value();
}

bool has_16_bits(WeightFormat format) { return format == WeightFormat::kBf16 || format == WeightFormat::kFp16; }

/// The same with a cache that the target has.
model::ServingFormats with_cache(const MoveSide& target, model::ServingFormats formats) {
  if (!has_fp8_cache(target) && formats.kv == model::DataType::kFp8) formats.kv = model::DataType::kBf16;
  return formats;
}

FormatChoice choice(const MoveSide& target, const model::ServingFormats& today, WeightFormat format,
                    const migrate::EngineFacts& facts, std::string why) {
  FormatChoice made{.formats = with_cache(target, today),
                    .quantization = flag_value(target, format),
                    .dtype = {},
                    .why = std::move(why),
                    .new_weights = true,
                    .known = known_of(target, format, facts)};
  made.formats.matrices = made.formats.experts = format;
  made.formats.attention.reset();
  return made;
}

}  // namespace

bool has_fp8_cache(const MoveSide& side) {
  return side.platform.key == "cuda" || side.chip.peak_of(PeakFormat::kFp8).has_value();
}

std::vector<FormatChoice> formats_on(const MoveSide& target, const MoveSide& from, const model::ServingFormats& today,
                                     const migrate::EngineFacts& facts) {
  const WeightFormat narrow = has_16_bits(today.experts) ? today.matrices : today.experts;
  const bool wide = has_16_bits(narrow);
  const bool multiplied = multiplies(target.chip, narrow) && multiplies(target.chip, today.matrices);
  const bool same = target.platform.key == from.platform.key && target.engine == from.engine;
  // Every engine loads 16 bits; of narrower formats its page has to say so.
  migrate::Known known = known_of(target, narrow, facts);
  if (wide) known.status = migrate::Status::kSupported;
  if (multiplied && (same || migrate::counts_as_yes(known.status))) {
    FormatChoice stays{.formats = with_cache(target, today),
                       .quantization = flag_value(target, narrow),
                       .dtype = {},
                       .why = {},
                       .new_weights = false,
                       .known = std::move(known)};
    if (!stays.quantization.empty()) {
      stays.why = "checkpoints of CUDA engines have to be made anew by ModelSlim";
      stays.new_weights = true;
    }
    return {std::move(stays)};
  }
  const std::string lacking =
      fmt::format("{} {} {}", multiplied ? target.engine : target.chip.name,
                  multiplied ? "is not known to load" : "does not multiply", weight_format_name(narrow));
  std::vector<FormatChoice> all;
  FormatChoice integers = choice(target, today, WeightFormat::kInt8, facts,
                                 lacking + ": int8 weights and activations, made anew; check the accuracy");
  if (!wide && narrow != WeightFormat::kInt8 && multiplies(target.chip, WeightFormat::kInt8) &&
      migrate::counts_as_yes(integers.known.status))
    all.push_back(std::move(integers));
  const WeightFormat sixteen =
      target.chip.peak_of(PeakFormat::kBf16).has_value() ? WeightFormat::kBf16 : WeightFormat::kFp16;
  FormatChoice widened = choice(target, today, sixteen, facts,
                                fmt::format("{}: {} instead, {}", lacking, weight_format_name(sixteen),
                                            wide ? "check the accuracy" : "more bytes"));
  widened.known.status = migrate::Status::kSupported;
  if (wide) widened.new_weights = false;  // cast as they are loaded
  if (sixteen == WeightFormat::kFp16) widened.dtype = "float16";
  all.push_back(std::move(widened));
  return all;
}

}  // namespace socle::setup
