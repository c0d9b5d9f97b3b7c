#pragma once

#include <array>
#include <optional>
#include <string>

#include "socle/base/quantity.hpp"
#include "socle/catalog/provenance.hpp"
#include "socle/catalog/torus_slice.hpp"

namespace socle::catalog {

/// Matrix-engine formats with a published peak, in the order of `Chip::peak`.
enum class PeakFormat { kFp64, kFp32, kTf32, kBf16, kFp16, kFp8, kInt8, kFp4 };
inline constexpr int kPeakFormats = 8;

/// Memory that software sees on a chip whose data states this much. Vendors print the binary gigabytes of accelerator
/// memory as GB: nvidia-smi reports 81,559 MiB on an "80 GB" H100 and 143,771 MiB on a "141 GB" H200.
inline constexpr double kBinaryOverDecimal = 1073741824.0 / 1e9;
inline Bytes visible_memory(Bytes stated) { return stated * kBinaryOverDecimal; }

/// Memory as a vendor would state it, from text whose unit says which gigabyte is meant: "80 GB" and "80 GiB" are one
/// size.
inline Bytes stated_memory(Bytes parsed, std::string_view text) {
  return text.find("iB") == std::string_view::npos ? parsed : parsed / kBinaryOverDecimal;
}

/// One accelerator as one training rank sees it. What is not public is empty, never zero.
struct Chip {
  std::string slug;  ///< file name, e.g. "h100-sxm"
  std::string name;  ///< e.g. "H100-SXM5-80GB"
  std::string vendor;
  std::string country;
  std::string status;  ///< "shipping", "eol", "announced", ...
  std::optional<int> year;
  std::optional<double> process_nm;
  std::optional<double> die_area_mm2;                            ///< total logic silicon
  std::array<std::optional<FlopsPerSecond>, kPeakFormats> peak;  ///< dense, without sparsity
  std::optional<Bytes> memory;                                   ///< as stated, see `visible_memory`
  std::optional<Bytes> memory_usable;  ///< that programs can have; empty = see `usable_memory`
  std::string memory_type;
  std::optional<BytesPerSecond> memory_bandwidth;
  std::optional<Bytes> l2;
  std::string scale_up_link;
  std::optional<BytesPerSecond> scale_up_bandwidth;  ///< per chip, per direction
  std::optional<int> scale_up_domain;                ///< chips
  std::optional<Torus> torus;                        ///< how the scale-up links run, where they make a torus
  std::optional<Watts> tdp;
  std::string host_interface;
  std::optional<BytesPerSecond> all_links;  ///< both directions of every link, memory excluded: what export rules count
  bool datacenter_marketed = true;
  std::string software;
  std::optional<double> price_usd;
  std::optional<double> price_cny;  ///< an independent quote, not a conversion
  std::string price_source;
  Provenance provenance;

  std::optional<FlopsPerSecond> peak_of(PeakFormat format) const { return peak[static_cast<std::size_t>(format)]; }
};

/// Memory that programs can have: drivers keep some, and so do spare rows. Without a figure of its own 1 % is taken off
/// (H100 1.03 %, H200 0.85 %: measured). Requires: the memory is known.
inline Bytes usable_memory(const Chip& chip) {
  constexpr double kUsable = 0.99;
  return chip.memory_usable.value_or(kUsable * visible_memory(*chip.memory));
}

}  // namespace socle::catalog
