#include "socle/api/catalog.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/utf8.hpp"

namespace socle::answer {
namespace {

TEST(CatalogApi, TablesFitAHundredColumns) {
  const catalog::Catalog catalog;
  for (const char* section : {"", "chips", "nodes", "network", "prices", "models"}) {
    const std::string text = api::text(catalog_list(catalog, section));
    for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
      end = std::min(text.find('\n', at), text.size());
      EXPECT_LE(display_width(std::string_view(text).substr(at, end - at)), 100) << section;
    }
  }
}

TEST(CatalogApi, EveryListIsValidJson) {
  const catalog::Catalog catalog;
  for (const char* section : {"chips", "nodes", "network", "prices"}) {
    const Json json = parse_json(api::json(catalog_list(catalog, section)), section);
    EXPECT_EQ(json.find("schema")->as_string(), "socle.catalog/1");
    EXPECT_GT(json.find("entries")->as_array().size(), 40u) << section;
  }
}

TEST(CatalogApi, MarksFiguresThatWereRemembered) {
  // The H100's peaks were read in the source; its price is a street estimate.
  const std::string page = api::text(catalog_show(catalog::Catalog(), "", "h100"));
  EXPECT_NE(page.find(" 989.4 TFLOP/s"), std::string::npos) << page;
  EXPECT_NE(page.find("~28K USD"), std::string::npos) << page;
}

TEST(CatalogApi, MemoryOfAChipIsBinaryAndReadsAsItIsSold) {
  const catalog::Catalog catalog;
  for (const auto& [chip, memory] : {std::pair{"h100-sxm", "80 GiB"}, {"h20", "96 GiB"}, {"h200-sxm", "141 GiB"}}) {
    const std::string page = api::text(catalog_show(catalog, "", chip));
    EXPECT_NE(page.find(std::string("memory                              ") + memory + "\n"), std::string::npos)
        << page;
  }
}

TEST(CatalogApi, AnUnknownNameOrSectionIsBadInput) {
  const catalog::Catalog catalog;
  EXPECT_THROW(catalog_show(catalog, "", "no-such-thing"), InputError);
  EXPECT_THROW(catalog_show(catalog, "prices", "no-such-thing"), InputError);
  EXPECT_THROW(catalog_list(catalog, "chip"), InputError);
  EXPECT_THROW(api::load_catalog("no/such/directory"), InputError);
}

}  // namespace
}  // namespace socle::answer
