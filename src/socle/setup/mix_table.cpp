#include "socle/setup/mix_table.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "socle/base/csv_rows.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"

namespace socle::setup {
namespace {

constexpr std::size_t kBucketsMost = 200, kKindsMost = 16;
constexpr double kRateMost = 1e9;
constexpr int kChipsMost = 1'000'000;
constexpr const char *kPrice = "price", *kLimit = "limit";

class Reader {
 public:
  Reader(std::string_view text, const std::string& source) : rows_(text, source) {
    rows_.require_columns({"bucket", "rate"});
    for (std::size_t c = 0; c < rows_.columns().size(); ++c) {
      const std::string& name = rows_.columns()[c];
      if (name == "bucket" || name == "rate") continue;
      columns_.push_back(c);
      table_.question.kinds.push_back({.name = name});
    }
    if (columns_.empty() || columns_.size() > kKindsMost)
      throw InputError(Problem{source, 1, 0, "bucket",
                               fmt::format("the table has {} kinds of chips; write from 1 to {} columns beside bucket "
                                           "and rate, each headed by a kind",
                                           columns_.size(), kKindsMost)});
  }

  MixTable read() {
    while (rows_.next()) {
      const std::string name(rows_.cell(*rows_.column("bucket")));
      if (name == kPrice)
        read_prices();
      else if (name == kLimit)
        read_limits();
      else
        read_bucket(name);
    }
    if (!priced_)
      problem("bucket", "there is no row \"price\"; write what one of each kind costs an hour, such as 2.5 USD");
    if (table_.question.buckets.empty() || table_.question.buckets.size() > kBucketsMost)
      problem("bucket", fmt::format("the table has {} buckets; write from 1 to {}", table_.question.buckets.size(),
                                    kBucketsMost));
    rows_.problems().throw_if_any();
    return std::move(table_);
  }

 private:
  void problem(const std::string& column, std::string message) {
    rows_.problems().add({rows_.source(), rows_.line(), 0, column, std::move(message)});
  }
  std::string cell(std::size_t kind) const { return std::string(rows_.cell(columns_[kind])); }
  const std::string& name(std::size_t kind) const { return table_.question.kinds[kind].name; }

  double rate(const std::string& column, const std::string& text) {
    const Parsed<double> parsed = parse_unit_text<double>(text);
    if (parsed.value && *parsed.value >= 0 && *parsed.value <= kRateMost) return *parsed.value;
    problem(column,
            fmt::format("\"{}\" is no rate; write requests a second from 0 to {:g}", printable(text, 40), kRateMost));
    return 0;
  }

  void read_prices() {
    if (priced_) problem("bucket", "a second row \"price\"; write one");
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      const Parsed<Money> price = parse_unit_text<Money>(cell(k));
      if (!price.value) {
        problem(name(k), fmt::format("the price of {}: {}", printable(name(k), 40), price.problem));
        continue;
      }
      if (k > 0 && price.value->currency != table_.currency)
        problem(name(k), "prices are in two currencies; write them in one");
      table_.currency = price.value->currency;
      table_.question.kinds[k].price = price.value->amount;
    }
    priced_ = true;
  }

  void read_limits() {
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      const std::string text = cell(k);
      if (text.empty()) continue;
      int limit = -1;
      const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
      if (error != std::errc{} || stop != text.data() + text.size() || limit < 0 || limit > kChipsMost)
        problem(name(k), fmt::format("the limit \"{}\" is none; write a whole number from 0 to {}, or nothing",
                                     printable(text, 40), kChipsMost));
      table_.question.kinds[k].limit = limit;
    }
  }

  void read_bucket(const std::string& bucket) {
    if (bucket.empty()) problem("bucket", "the bucket has no name; write one");
    const auto same = [&](const search::MixBucket& other) { return other.name == bucket; };
    if (std::any_of(table_.question.buckets.begin(), table_.question.buckets.end(), same))
      problem("bucket", fmt::format("the bucket \"{}\" stands twice; write it once", printable(bucket, 40)));
    table_.question.buckets.push_back({bucket, rate("rate", std::string(rows_.cell(*rows_.column("rate"))))});
    for (std::size_t k = 0; k < columns_.size(); ++k)
      table_.question.kinds[k].rates.push_back(cell(k).empty() ? 0 : rate(name(k), cell(k)));
  }

  CsvRows rows_;
  std::vector<std::size_t> columns_;  // of the kinds
  MixTable table_;
  bool priced_ = false;
};

}  // namespace

MixTable read_mix_table(std::string_view text, const std::string& source) { return Reader(text, source).read(); }

}  // namespace socle::setup
