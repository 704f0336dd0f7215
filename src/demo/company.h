#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "client/athena_query.h"
#include "client/aws_client.h"
#include "wire/lakeformation.h"

namespace hanse::demo {

// An account and its administrator's session.
struct Account {
  std::string name, id;
  std::unique_ptr<client::AwsClient> admin;
  std::string AdminRole() const;
  std::string Bucket() const;   // Of its data products, where it is a domain.
  std::string Results() const;  // s3://…, where its queries' answers go.
};

// Somebody who asks: a role in an account and its session.
struct Person {
  std::string title, arn;
  Account* account = nullptr;
  std::unique_ptr<client::AwsClient> session;
};

// NimbusCart on a running server, made by calls over the wire like any other client's. One thread.
class Company {
 public:
  explicit Company(client::AwsClient& management) : management_(management) {}

  // Makes a unit under the root and its accounts.
  Result<void> AddUnit(const std::string& unit, const std::vector<std::string>& accounts);
  Account& At(const std::string& name) { return *accounts_.at(name); }

  // The account's administrator administers its lake; nothing is allowed by default.
  Result<void> Govern(Account& account);
  // The hub's taxonomy.
  Result<void> AddTag(const std::string& key, const std::vector<std::string>& values);
  // A domain's bucket opens to the hub, which registers it and makes its database.
  Result<void> OpenDomain(const std::string& domain);
  Result<void> AddTable(const std::string& domain, const std::string& table,
                        const std::vector<std::pair<std::string, std::string>>& columns);
  Result<void> Crawl(const std::string& domain, const std::vector<std::string>& folders);
  Result<void> Tag(const wire::lakeformation::Resource& resource, const std::vector<std::pair<std::string, std::string>>& tags);
  // One tag grant of the hub to a consumer account: every table that is public or internal.
  Result<void> GrantOpenData(const std::string& consumer);
  Result<void> RevokeOpenData(const std::string& consumer);
  Result<void> Link(const std::string& consumer, const std::string& domain, const Person& reader);
  // A role in the account with an analyst's rights: the doors of the services, no data.
  Result<Person> Hire(const std::string& account, const std::string& role, const std::string& title);
  // The hub's filter on a table: rows, and columns left out.
  Result<void> AddFilter(const std::string& database, const std::string& table, const std::string& name, const std::string& rows,
                         const std::vector<std::string>& hidden);
  Result<void> Grant(Account& by, const std::string& principal, const wire::lakeformation::Resource& resource,
                     const std::vector<std::string>& permissions, bool with_option = false);

  wire::lakeformation::Resource OpenData() const;
  static std::string DatabaseOf(const std::string& domain);  // "supply-chain" -> "supply_chain"
  int tag_grants() const { return tag_grants_; }

 private:
  // `reader`'s roles may use the domain key of `owner` to read, where their own policies say so too.
  static Result<void> OpenKey(Account& owner, const Account& reader);
  Result<void> AddAccount(const std::string& unit_id, const std::string& name);
  Result<std::string> ServiceRole(Account& account, const std::string& name, const std::string& service,
                                  const std::string& statement);

  client::AwsClient& management_;
  std::map<std::string, std::unique_ptr<Account>> accounts_;
  std::string root_;
  int tag_grants_ = 0;
};

}  // namespace hanse::demo
