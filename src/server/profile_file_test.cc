#include "server/profile_file.h"

#include <gtest/gtest.h>

namespace hanse::server {
namespace {

TEST(ProfileFile, ProfilesFollowTheServerToAnotherPort) {
  const std::string fresh = WithEndpoint("", "us-east-1", "http://127.0.0.1:7700");
  EXPECT_EQ(fresh, "[profile management]\nregion = us-east-1\noutput = json\nendpoint_url = http://127.0.0.1:7700\n");
  const std::string mine = "\n[profile analyst]\nendpoint_url = http://127.0.0.1:7700\nhanse_results = s3://r/\n";
  const std::string elsewhere = "[profile other]\nendpoint_url = https://mesh.example\n# endpoint_url = no";
  const std::string moved = WithEndpoint(fresh + mine + elsewhere, "us-east-1", "http://127.0.0.1:9");
  EXPECT_EQ(moved,
            "[profile management]\nregion = us-east-1\noutput = json\nendpoint_url = http://127.0.0.1:9\n"
            "\n[profile analyst]\nendpoint_url = http://127.0.0.1:9\nhanse_results = s3://r/\n" +
                elsewhere);
  EXPECT_EQ(WithEndpoint(moved, "us-east-1", "http://127.0.0.1:9"), moved);
  EXPECT_EQ(WithEndpoint(elsewhere, "us-east-1", "http://127.0.0.1:7700"), fresh + elsewhere);
}

}  // namespace
}  // namespace hanse::server
