#include "socle/api/catalog.hpp"

#include <set>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/lower_case.hpp"
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
    const Json json = parse_json(api::json(catalog_list(catalog, section), catalog), section);
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

TEST(CatalogApi, ListsAndShowsEverySectionByName) {
  const catalog::Catalog catalog;
  for (const std::string& section : catalog_sections()) {
    const Json list = parse_json(api::json(catalog_list(catalog, section), catalog), section);
    ASSERT_FALSE(list.find("entries")->as_array().empty()) << section;
    const Json& first = list.find("entries")->as_array().front();
    const Json* name = nullptr;
    for (const char* key : {"slug", "item", "id", "name"}) {
      if (name == nullptr) name = first.find(key);
    }
    const CatalogResult shown = catalog_show(catalog, section, name->as_string());
    EXPECT_TRUE(shown.one_entry) << section;
    EXPECT_FALSE(api::text(shown).empty()) << section;
  }
}

TEST(CatalogApi, SaysWhatAnUnknownNameMayHaveMeant) {
  const catalog::Catalog catalog;
  const auto said = [&](const char* section, const char* name) {
    try {
      catalog_show(catalog, section, name);
    } catch (const InputError& error) { return std::string(error.what()); }
    return std::string();
  };
  EXPECT_NE(said("", "nvidia").find("no section of the catalogue has an entry \"nvidia\""), std::string::npos);
  EXPECT_NE(said("libraries", "ncl").find("unknown library \"ncl\"; did you mean \"nccl\"?"), std::string::npos)
      << said("libraries", "ncl");
  for (const char* section : {"network", "prices", "rules"}) {
    const Json list = parse_json(api::json(catalog_list(catalog, section), catalog), section);
    const Json& first = list.find("entries")->as_array().front();
    const Json* key = first.find("item") ? first.find("item")
                      : first.find("id") ? first.find("id")
                                         : first.find("name");
    EXPECT_NE(said(section, (key->as_string() + "x").c_str()).find("did you mean"), std::string::npos)
        << section << ' ' << key->as_string();
  }
}

TEST(CatalogApi, WritesEveryRegionOnce) {
  std::set<std::string> seen;
  for (const FoundEntry& entry : catalog_list(catalog::Catalog(), "regions").found)
    EXPECT_TRUE(seen.insert(lower_case(entry.name)).second) << entry.name;
}

TEST(CatalogApi, SearchFindsAWordInAnyNameWhateverItsCase) {
  const catalog::Catalog catalog;
  const auto sections = [&](const char* word) {
    std::set<std::string> found;
    for (const FoundEntry& entry : catalog_search(catalog, word).found) found.insert(entry.section);
    return found;
  };
  EXPECT_TRUE(sections("ASCEND").contains("chips"));
  EXPECT_TRUE(sections("isca-2025").contains("lists"));
  EXPECT_TRUE(sections("R-2023-11").contains("rules"));
  EXPECT_TRUE(sections("nccl").contains("libraries"));
  EXPECT_TRUE(sections("guizhou").contains("regions"));
  EXPECT_THROW(catalog_search(catalog, "no-such-thing"), InputError);
  EXPECT_THROW(catalog_search(catalog, ""), InputError);
}

TEST(CatalogApi, ARegionAndAPriceListShowTheirPrices) {
  const catalog::Catalog catalog;
  for (const catalog::Price& price : catalog_show(catalog, "regions", "SG").prices) EXPECT_EQ(price.region, "SG");
  EXPECT_EQ(catalog_show(catalog, "", "isca-2025").prices.front().provider, "isca-2025");
  EXPECT_EQ(catalog_show(catalog, "", "R-2022-10").rules.front().effective, "2022-10-07");
}

TEST(CatalogApi, OwnFilesAreAnInputOfProvenance) {
  const catalog::Catalog own({{"chips/mine.toml", "name = \"Mine\"\n", "own/chips/mine.toml"}});
  const auto inputs = [](const catalog::Catalog& catalog) {
    const Json json = parse_json(api::json(catalog_list(catalog, "stacks"), catalog), "stacks");
    return json.find("provenance")->find("inputs")->as_array().size();
  };
  EXPECT_EQ(inputs(catalog::Catalog()), 0u);
  EXPECT_EQ(inputs(own), 1u);
}

TEST(CatalogApi, AFileThatIsNotUtf8IsRefusedByName) {
  try {
    const catalog::Catalog own({{"chips/mine.toml", "name = \"a\"\nvendor = \"\xff\"\n", "own/chips/mine.toml"}});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "own/chips/mine.toml:2: the text is not valid UTF-8; save the file as UTF-8");
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
