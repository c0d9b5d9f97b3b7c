#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "socle/catalog/catalog.hpp"

namespace socle::setup {

/// What an engine's word for a format is to Socle.
struct LaunchFormat {
  std::string weights;         ///< a weight format, "fp8"; empty = the checkpoint decides, or it stays as published
  bool of_checkpoint = false;  ///< the word does not tell the format
};

/// "awq_marlin" is w4a16, "modelopt_fp4" is nvfp4, "compressed-tensors" tells nothing. Empty for an unknown word.
std::optional<LaunchFormat> launch_quantization(std::string_view word);

/// "fp8_e4m3" is fp8, "auto" is bf16. Empty for an unknown word.
std::optional<std::string> launch_kv_format(std::string_view word);
/// The words that launch_kv_format takes, for messages.
std::string launch_kv_words();

/// A model of the catalogue that a launch command names, by its identifier, path or with what is written behind it.
struct LaunchModel {
  std::string name;       ///< as the catalogue takes it
  std::string published;  ///< its published weight format; may be empty
  std::string suffix;     ///< what was left off: "-Instruct-FP8"
  std::string weights;    ///< the format that the suffix tells; may be empty
};

/// Looks the name up whole, then without words behind its last dashes that tell a tuning or a format ("-Instruct",
/// "-FP8", "-AWQ"). Empty when nothing is found.
std::optional<LaunchModel> launch_model(const catalog::Catalog& catalog, std::string_view named);

}  // namespace socle::setup
