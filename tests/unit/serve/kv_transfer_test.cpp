#include "socle/serve/kv_transfer.hpp"

#include <gtest/gtest.h>

#include <map>

// Caches on shared links, by hand.
namespace socle::serve {
namespace {

constexpr Picoseconds kSecond = 1'000'000'000'000;

/// Runs until nothing is under way: when each arrived.
std::map<std::int64_t, Picoseconds> arrivals(KvTransfers& transfers) {
  std::map<std::int64_t, Picoseconds> at;
  while (transfers.next() != kNever) {
    const Picoseconds now = transfers.next();
    if (const auto id = transfers.advance()) at[*id] = now;
  }
  return at;
}

TransferLinks links(double prefill, double decode, double one = 1e9) {
  return {.prefill = BytesPerSecond{prefill}, .decode = BytesPerSecond{decode}, .one = BytesPerSecond{one}};
}

TEST(KvTransfer, TwoEqualTransfersAtOnceTakeTwiceAsLong) {
  KvTransfers alone(links(100, 100), 1, 1);
  alone.start(1, 0, 0, Bytes{100}, 0);
  EXPECT_EQ(arrivals(alone).at(1), kSecond);
  KvTransfers both(links(100, 100), 1, 1);
  both.start(1, 0, 0, Bytes{100}, 0);
  both.start(2, 0, 0, Bytes{100}, 0);
  EXPECT_EQ(arrivals(both), (std::map<std::int64_t, Picoseconds>{{1, 2 * kSecond}, {2, 2 * kSecond}}));
}

TEST(KvTransfer, ArrivesALatencyAfterItsLastByte) {
  TransferLinks slow = links(100, 100);
  slow.latency = Seconds{0.25};
  KvTransfers transfers(slow, 1, 1);
  transfers.start(1, 0, 0, Bytes{100}, kSecond);
  EXPECT_EQ(transfers.under_way(), 1);
  EXPECT_EQ(arrivals(transfers).at(1), 2 * kSecond + kSecond / 4);
  EXPECT_EQ(transfers.under_way(), 0);
}

TEST(KvTransfer, OneTransferIsNoFasterThanTheChipsThatHoldIt) {
  KvTransfers transfers(links(100, 100, 25), 1, 1);
  transfers.start(1, 0, 0, Bytes{100}, 0);
  EXPECT_EQ(arrivals(transfers).at(1), 4 * kSecond);
}

TEST(KvTransfer, LinksAreSharedMaxMinFairly) {
  // Out of each sender 100 B/s, into each receiver 60. First a: 0 -> 0 and b: 0 -> 1 of 100 bytes at 50 each; at 1 s
  // c: 1 -> 0 of 80 bytes halves the way into 0: a and c 30 each, b the 60 that its receiver takes. b has 50 left and
  // ends at 1 + 50/60 = 11/6 s; a is still held by its receiver and ends at 1 + 50/30 = 8/3 s; c has then sent 50 and
  // has 30 left at 60 B/s: 8/3 + 1/2 = 19/6 s.
  KvTransfers transfers(links(100, 60), 2, 2);
  transfers.start(1, 0, 0, Bytes{100}, 0);
  transfers.start(2, 0, 1, Bytes{100}, 0);
  transfers.start(3, 1, 0, Bytes{80}, kSecond);
  const auto at = arrivals(transfers);
  EXPECT_NEAR(static_cast<double>(at.at(2)), 11e12 / 6, 2);  // each change of rates rounds up to a picosecond
  EXPECT_NEAR(static_cast<double>(at.at(1)), 8e12 / 3, 2);
  EXPECT_NEAR(static_cast<double>(at.at(3)), 19e12 / 6, 2);
}

}  // namespace
}  // namespace socle::serve
