#include "socle/catalog/host_link.hpp"

#include <gtest/gtest.h>

#include "socle/catalog/catalog.hpp"

namespace socle::catalog {
namespace {

TEST(HostLink, FollowsTheInterfaceThatTheCatalogueNames) {
  const Catalog catalog;
  // 0.8 of 31.5, 63 and 900 / 2 GB/s.
  EXPECT_NEAR(host_link_bandwidth(catalog.chip("a100-sxm-80gb")).value(), 25.2e9, 1.0);
  EXPECT_NEAR(host_link_bandwidth(catalog.chip("h100-sxm")).value(), 50.4e9, 1.0);
  EXPECT_NEAR(host_link_bandwidth(catalog.chip("gb200")).value(), 360e9, 1.0);
  EXPECT_NEAR(host_link_bandwidth(Chip{}).value(), 25.2e9, 1.0);
}

}  // namespace
}  // namespace socle::catalog
