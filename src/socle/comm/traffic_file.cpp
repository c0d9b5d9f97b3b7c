#include "socle/comm/traffic_file.hpp"

#include <charconv>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "socle/base/csv_rows.hpp"
#include "socle/base/error.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"

namespace socle::comm {
namespace {

constexpr double kBytesMax = 1e18;      // 1 EB: larger sums of bytes lose single bytes and the clock overflows
constexpr std::size_t kNamedMax = 100;  // problems shown

template <typename Number>
std::optional<Number> plain_number(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

class Reader {
 public:
  Reader(std::string_view text, const std::string& source, std::uint32_t endpoints, const EndpointLookup& named)
      : rows_(text, source), endpoints_(endpoints), named_(named) {
    rows_.require_columns(names_of(traffic_columns(), true));
  }

  std::vector<Transfer> read() {
    const std::size_t from = *rows_.column("from"), to = *rows_.column("to"), bytes = *rows_.column("bytes");
    std::vector<Transfer> transfers;
    while (rows_.next())
      take(trimmed(rows_.cell(from)), trimmed(rows_.cell(to)), trimmed(rows_.cell(bytes)), transfers);
    if (transfers.empty() && wrong_ == 0 && rows_.problems().empty()) {
      problem(0, "bytes", "no row sends anything; write rows such as \"0,1,64 MB\"");
    }
    if (wrong_ > kNamedMax)
      rows_.problems().add({rows_.source(),
                            0,
                            0,
                            {},
                            fmt::format("{} problems in all, the first {} of them follow", wrong_, kNamedMax)});
    rows_.problems().throw_if_any();
    return transfers;
  }

 private:
  void problem(int line, const char* key, std::string message) {
    if (++wrong_ <= kNamedMax) rows_.problems().add({rows_.source(), line, 0, key, std::move(message)});
  }

  void take(std::string_view from_text, std::string_view to_text, std::string_view bytes_text,
            std::vector<Transfer>& transfers) {
    const std::optional<std::uint32_t> from = endpoint(from_text, "from"), to = endpoint(to_text, "to");
    const std::optional<double> bytes = size(bytes_text);
    if (!from || !to || !bytes || *bytes == 0) return;
    if (*from == *to) {
      return problem(
          rows_.line(), "to",
          fmt::format("\"{}\" sends to itself, which no network carries; remove the row", printable(from_text)));
    }
    transfers.push_back({*from, *to, Bytes{*bytes}});
  }

  std::optional<std::uint32_t> endpoint(std::string_view text, const char* key) {
    const auto known = known_.find(text);
    if (known != known_.end()) return known->second;
    std::optional<std::uint32_t> found = named_ ? named_(text) : std::nullopt;
    if (!found) found = plain_number<std::uint32_t>(text);
    if (found && *found < endpoints_) {
      known_.emplace(text, *found);
      return found;
    }
    problem(rows_.line(), key,
            fmt::format("{} = \"{}\" is no endpoint; write a number from 0 to {}{}", key, printable(text),
                        endpoints_ - 1, named_ ? " or a name of the fabric's" : ""));
    return std::nullopt;
  }

  std::optional<double> size(std::string_view text) {
    std::optional<double> bytes = plain_number<double>(text);
    std::string why;
    if (!bytes) {
      const Parsed<Bytes> parsed = parse_unit_text<Bytes>(text);
      if (parsed.value)
        bytes = parsed.value->value();
      else
        why = parsed.problem;
    } else if (std::isnan(*bytes)) {
      why = fmt::format("bytes = \"{}\" is not a number; write a size such as \"64 MB\" or 64000000", printable(text));
    } else if (*bytes < 0) {
      why = fmt::format("bytes = \"{}\" is negative; write a size such as \"64 MB\" or 64000000", printable(text));
    }
    if (why.empty() && !(*bytes <= kBytesMax))
      why = fmt::format("bytes = \"{}\" is more than 1 EB; write smaller messages", printable(text));
    if (why.empty()) return bytes;
    problem(rows_.line(), "bytes", std::move(why));
    return std::nullopt;
  }

  CsvRows rows_;
  std::uint32_t endpoints_;
  const EndpointLookup& named_;
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>>
      known_;  // texts seen: looked up, never walked
  std::size_t wrong_ = 0;
};

}  // namespace

const std::vector<ColumnFacts>& traffic_columns() {
  static const std::vector<ColumnFacts> columns = {
      {"from", "a name or a number from 0", "Endpoint that sends; a name wins over a number", true},
      {"to", "a name or a number from 0", "Endpoint that receives", true},
      {"bytes", "0 to 1 EB, such as \"64 MB\" or 64000000", "Length of the message; rows of zero send nothing", true}};
  return columns;
}

std::vector<Transfer> parse_traffic_csv(std::string_view text, const std::string& source, std::uint32_t endpoints,
                                        const EndpointLookup& endpoint_named) {
  return Reader(text, source, endpoints, endpoint_named).read();
}

}  // namespace socle::comm
