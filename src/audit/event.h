#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/caller.h"

namespace hanse::audit {

// One record of the journal, in the shape of CloudTrail's (eventVersion 1.11). What is JSON below is text of one JSON value
// ("null" where there is none), already free of secrets and data values.
struct Event {
  std::string id;  // eventID, a UUID.
  TimeMs time_ms = 0;
  std::string source;  // "glue.amazonaws.com"
  std::string name;    // "GetTable"
  std::string region;
  std::string source_ip, user_agent;
  std::string identity = "null";          // userIdentity
  std::string request = "null";           // requestParameters
  std::string response = "null";          // responseElements
  std::string additional = "null";        // additionalEventData
  std::string error_code, error_message;  // Empty: it succeeded.
  std::string request_id;
  std::string shared_event_id;  // Ties the copies in two accounts.
  std::string recipient_account;
  std::string category = "Management";  // or "Data"
  bool read_only = true;
  std::string username;  // For LookupEvents: the user's, session's or service's name.
  std::string access_key;
  std::vector<std::pair<std::string, std::string>> resources;  // (type, name), e.g. ("AWS::Glue::Table", "arn:…").
  std::vector<std::string> reasons;  // What decided: policies and grants by id. Beyond CloudTrail: "hanseDecision".

  // The record as it stands in a segment: one line of JSON, without the line's end.
  std::string ToJson() const;
};

// userIdentity as CloudTrail writes it for each kind of caller.
std::string IdentityJson(const Caller& caller);
// userIdentity of a copy in another account: type AWSAccount, no ARN (lakeformation.md 9.2).
std::string ForeignIdentityJson(const Caller& caller);

}  // namespace hanse::audit
