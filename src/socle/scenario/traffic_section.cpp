#include "socle/scenario/traffic_section.hpp"

#include "socle/scenario/values.hpp"

namespace socle::scenario {
namespace {

using Section = TrafficSection;

constexpr std::uint32_t kMany = 4'000'000;
constexpr std::size_t kSizesMax = 200;

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help) {
  return {.section = "traffic",
          .name = name,
          .flag = flag,
          .value = value,
          .help = help,
          .questions = {Question::kSimulate}};
}

Key<Section> count(KeyFacts about, std::optional<std::uint32_t> Section::*member, std::uint32_t least,
                   std::uint32_t most) {
  return integer_key<Section>(std::move(about), member, least, most);
}

std::string check_sizes(const std::vector<std::string>& sizes) {
  for (const std::string& size : sizes) {
    const Parsed<Bytes> bytes = parse_unit_text<Bytes>(size);
    if (!bytes.value) return bytes.problem;
    if (is_zero(*bytes.value)) return fmt::format("zero makes no sense here; write {}", accepted_unit_text<Bytes>());
  }
  return sizes.size() > kSizesMax ? fmt::format("write at most {} sizes", kSizesMax) : "";
}

}  // namespace

std::vector<Key<Section>> traffic_keys(const Vocabulary& vocabulary) {
  KeyFacts kind = common(facts("kind", "--traffic", "KIND", "What crosses the fabric; default all-reduce"));
  kind.other_names = {"traffic"};
  kind.other_flags = {"--traffic-kind"};
  return {
      word_key<Section>(std::move(kind), &Section::kind, vocabulary.traffic),
      word_key<Section>(common(facts("algorithm", "--algorithm", "NAME",
                                     "Algorithm of a collective; default: what the library of the chips runs")),
                        &Section::algorithm, vocabulary.algorithms),
      count(common(
                facts("channels", "--channels", "N", "library: rings or trees, each through a NIC; default: all NICs")),
            &Section::channels, 1, 4096),
      quantity_key<Bytes, Section>(
          common(facts("bytes", "--bytes", "SIZE", "Buffer as nccl-tests counts it, or one message; default 1 GB")),
          &Section::bytes),
      count(facts("ranks", "--ranks", "N", "Members of one group; default: all endpoints"), &Section::ranks, 2, kMany),
      count(facts("stride", "--stride", "N", "From one member to the next; all groups run at once; default 1"),
            &Section::stride, 1, kMany),
      count(
          facts("inner", "--inner", "N", "hierarchical, rail-aligned: members of one row; default: the NICs of a host"),
          &Section::inner, 1, kMany),
      count(facts("chunks", "--chunks", "N", "chain: pieces; default 16"), &Section::chunks, 1, 65'536),
      count(facts("shift", "--shift", "N", "shift: to the endpoint so many further; incast: senders"), &Section::shift,
            1, kMany),
      name_key<Section>(facts("file", "--traffic-file", "FILE.csv", "matrix: columns from,to,bytes"), &Section::file,
                        "traffic.csv"),
      texts_key<Section>(common(facts("sizes", "--sizes", "LIST", "Bus bandwidth for each: \"1 MB, 16 MB, 1 GB\"")),
                         &Section::sizes, "sizes", "[\"1 MB\", \"1 GB\"]", check_sizes),
      count(facts("seeds", "--seeds", "N", "Distribution over N seeds of the hash"), &Section::seeds, 2, 1000),
      real_key<Section>(facts("reaction", "--reaction", "X",
                              "Rates answer departures within this share of the time passed; default 0"),
                        &Section::reaction, 0.0, 0.1),
      boolean_key<Section>(facts("every_flow", "--every-flow", "BOOL", "Take no shortcut; default false"),
                           &Section::every_flow)};
}

bool acts_on_traffic(const std::string& key, const std::string& kind) {
  if (key == "kind") return true;
  if (kind == "step") return false;
  if (key == "seeds" || key == "reaction" || key == "every_flow") return true;
  const bool pattern = kind == "permutation" || kind == "shift" || kind == "incast" || kind == "matrix";
  if (key == "shift") return kind == "shift" || kind == "incast";
  if (key == "file") return kind == "matrix";
  if (key == "bytes") return kind != "matrix";
  return !pattern;
}

}  // namespace socle::scenario
