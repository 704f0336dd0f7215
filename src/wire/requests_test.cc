#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "wire/json.h"
#include "wire/protocol.h"
#include "wire/test_request.h"
#include "wire/validate.h"

// testdata/requests/CASE.http are requests as boto3 sends them (test_request.h); CASE.json is the operation and its input.
namespace hanse::wire {
namespace {

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class Requests : public testing::TestWithParam<std::string> {};

TEST_P(Requests, AreReadAsTheyAreSent) {
  const std::filesystem::path base = std::filesystem::path(HANSE_SOURCE_DIR "/src/wire/testdata/requests") / GetParam();
  const Service* service = nullptr;
  RawRequest request = ReadRequest(Contents(base.string() + ".http"), &service);
  ASSERT_NE(service, nullptr);
  const auto routed = Route(*service, request);
  ASSERT_TRUE(routed) << routed.error().message;
  std::string read = std::string(routed->name) + "\n";
  if (routed->operation == nullptr) {
    read += "not built\n";
  } else {
    const AnyInput input = routed->operation->make_input();
    const auto parsed = Parse(*service, *routed, request, input.get());
    ASSERT_TRUE(parsed) << parsed.error().message;
    read += ToJson(*routed->operation->input, input.get()) + "\n";
    const auto valid = Validate(*routed->operation->input, input.get());
    EXPECT_TRUE(valid) << valid.error().message;
  }
  EXPECT_EQ(read, Contents(base.string() + ".json"));
}

// Whatever is broken ends in an error, not in anything worse: under sanitizers this is what finds a wild read.
TEST_P(Requests, SurviveWhenBroken) {
  const std::filesystem::path base = std::filesystem::path(HANSE_SOURCE_DIR "/src/wire/testdata/requests") / GetParam();
  const std::string text = Contents(base.string() + ".http");
  const std::size_t from = text.find('\n') + 1;
  for (std::size_t at = from; at < text.size(); at += 3) {
    for (const char c : {'<', '.', '"', '\0', '%', '\xff', '9'}) {
      std::string broken = text;
      broken[at] = c;
      const Service* service = nullptr;
      RawRequest request = ReadRequest(broken, &service);
      const auto routed = Route(*service, request);
      if (!routed || routed->operation == nullptr) continue;
      const AnyInput input = routed->operation->make_input();
      if (Parse(*service, *routed, request, input.get())) (void)Validate(*routed->operation->input, input.get());
    }
  }
}

std::vector<std::string> Cases() {
  std::vector<std::string> cases;
  for (const auto& file : std::filesystem::directory_iterator(HANSE_SOURCE_DIR "/src/wire/testdata/requests")) {
    if (file.path().extension() == ".http") cases.push_back(file.path().stem());
  }
  std::ranges::sort(cases);
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Wire, Requests, testing::ValuesIn(Cases()), [](const auto& info) { return info.param; });

TEST(RequestsFolder, HasAllProtocols) {
  std::set<Protocol> protocols;
  for (const std::string& name : Cases()) protocols.insert(FindService(name.substr(0, name.find('_')))->protocol);
  EXPECT_EQ(protocols.size(), 4u);
}

}  // namespace
}  // namespace hanse::wire
