#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "wire/json.h"
#include "wire/protocol.h"
#include "wire/validate.h"

// testdata/requests/CASE.http are requests as boto3 sends them ("service METHOD target", headers, an empty line, the body);
// CASE.json is the operation and its input.
namespace hanse::wire {
namespace {

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

RawRequest ReadRequest(std::string text, const Service** service) {
  RawRequest request;
  std::string target, service_name, line;
  std::istringstream in(text);
  std::getline(in, line);
  std::istringstream(line) >> service_name >> request.method >> target;
  *service = FindService(service_name);
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) (void)ParseForm(std::string_view(target).substr(mark + 1), &request.query);
  while (std::getline(in, line) && !line.empty()) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  if (in) request.body = text.substr(static_cast<std::size_t>(in.tellg()));
  return request;
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
