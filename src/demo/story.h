#pragma once
#include <string>
#include <utility>
#include <vector>

#include "demo/company.h"

namespace hanse::demo {

// NimbusCart's story in chapters; each prints what it does as it goes and adds to the closing table.
class Story {
 public:
  Story(Company& company, client::AwsClient& management, unsigned seed, bool quiet)
      : company_(company), management_(management), seed_(seed), quiet_(quiet) {}
  Result<void> Play();
  // Profiles of the analyst and the scientist beside the management account's, for going on by hand (the sessions last an hour).
  Result<void> WriteProfiles(const std::string& directory) const;
  // What was shown: (claim, figure).
  const std::vector<std::pair<std::string, std::string>>& shown() const { return shown_; }

 private:
  Result<void> FoundOrganisation();
  Result<void> PublishDomains();
  Result<void> Publish(const std::string& domain);
  Result<void> IssueTwoGrants();
  Result<void> FourPeopleOneQuery();
  Result<void> FifthDomainJoins();
  Result<void> ScanLess();
  Result<void> Revoke();
  Result<void> Audit();

  void Say(const std::string& text) const;
  void Note(std::string claim, std::string figure) { shown_.emplace_back(std::move(claim), std::move(figure)); }
  Result<client::QueryAnswer> Ask(const Person& person, const std::string& sql, const std::string& database);

  Company& company_;
  client::AwsClient& management_;
  unsigned seed_;
  bool quiet_;
  Person analyst_, scientist_;
  std::vector<std::pair<std::string, std::string>> shown_;
};

}  // namespace hanse::demo
