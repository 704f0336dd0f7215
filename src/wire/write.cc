#include "wire/write.h"

#include "base/text.h"
#include "wire/cbor.h"
#include "wire/json_codec.h"

namespace hanse::wire {
namespace {

constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

std::string JsonType(const Service& service) {
  return service.protocol == Protocol::kJson ? "application/x-amz-json-" + std::string(service.json_version) : "application/json";
}

void AddIds(const Service& service, const AnswerIds& ids, RawResponse& response) {
  if (service.protocol == Protocol::kRestXml) {
    response.headers.emplace_back("x-amz-request-id", ids.request_id);
    response.headers.emplace_back("x-amz-id-2", ids.host_id);
  } else {
    response.headers.emplace_back("x-amzn-RequestId", ids.request_id);
  }
}

std::string JsonError(const WireError& error) {
  std::string body = "{\"__type\":";
  WriteJsonString(error.code, body);
  for (const std::string_view name : {"message", "Message"}) {  // SDKs differ in which they read.
    body += ",\"" + std::string(name) + "\":";
    WriteJsonString(error.message, body);
  }
  for (const auto& [name, value] : error.details) {
    body += ',';
    WriteJsonString(name, body);
    body += ':';
    WriteJsonString(value, body);
  }
  return body + "}";
}

void AddCborHeaders(RawResponse& response) {
  response.headers.emplace_back("Content-Type", "application/cbor");
  response.headers.emplace_back("smithy-protocol", "rpc-v2-cbor");
}

std::string CborError(const WireError& error) {
  std::string body;
  WriteCborMapOf(2 + error.details.size(), body);
  WriteCborText("__type", body);
  WriteCborText(error.code, body);
  WriteCborText("message", body);
  WriteCborText(error.message, body);
  for (const auto& [name, value] : error.details) {
    WriteCborText(name, body);
    WriteCborText(value, body);
  }
  return body;
}

std::string QueryError(const Service& service, const WireError& error, const AnswerIds& ids) {
  std::string body = "<ErrorResponse xmlns=\"" + std::string(service.xml_uri) + "\"><Error>";
  AppendXmlElement("Type", error.status < 500 ? "Sender" : "Receiver", body);
  AppendXmlElement("Code", error.code, body);
  AppendXmlElement("Message", error.message, body);
  for (const auto& [name, value] : error.details) AppendXmlElement(name, value, body);
  body += "</Error>";
  AppendXmlElement("RequestId", ids.request_id, body);
  return body + "</ErrorResponse>";
}

std::string S3Error(const WireError& error, const AnswerIds& ids) {
  std::string body = std::string(kXmlHead) + "<Error>";
  AppendXmlElement("Code", error.code, body);
  AppendXmlElement("Message", error.message, body);
  for (const auto& [name, value] : error.details) AppendXmlElement(name, value, body);
  AppendXmlElement("RequestId", ids.request_id, body);
  AppendXmlElement("HostId", ids.host_id, body);
  return body + "</Error>";
}

}  // namespace

RawResponse Write(const Service& service, const Operation& operation, const void* output, const AnswerIds& ids, Spoken spoken) {
  RawResponse response;
  if (spoken == Spoken::kCbor) {
    AddCborHeaders(response);
    if (operation.output != &kEmptyShape) WriteCbor(*operation.output, output, response.body);
    AddIds(service, ids, response);
    return response;
  }
  switch (spoken == Spoken::kQuery ? Protocol::kQuery : service.protocol) {
    case Protocol::kJson:
      response.headers.emplace_back("Content-Type", JsonType(service));
      WriteJson(*operation.output, output, JsonStyle::kWire, response.body);
      break;
    case Protocol::kQuery: response = WriteQuery(service, operation, output, ids); break;
    case Protocol::kRestJson:
    case Protocol::kRestXml: response = WriteRest(service, operation, output); break;
  }
  AddIds(service, ids, response);
  return response;
}

RawResponse WriteText(const Service& service, std::string json, const AnswerIds& ids) {
  RawResponse response{.body = std::move(json)};
  response.headers.emplace_back("Content-Type", JsonType(service));
  AddIds(service, ids, response);
  return response;
}

RawResponse WriteError(const Service& service, const WireError& error, const AnswerIds& ids, ErrorBody body, Spoken spoken) {
  RawResponse response{.status = error.status};
  AddIds(service, ids, response);
  if (body == ErrorBody::kHead) return response;
  if (spoken == Spoken::kCbor) {
    AddCborHeaders(response);
    // What clients of the query protocol of before call it.
    response.headers.emplace_back("x-amzn-query-error", error.code + (error.status < 500 ? ";Sender" : ";Receiver"));
    response.body = CborError(error);
    return response;
  }
  switch (spoken == Spoken::kQuery ? Protocol::kQuery : service.protocol) {
    case Protocol::kJson:
    case Protocol::kRestJson:
      response.headers.emplace_back("Content-Type", JsonType(service));
      response.headers.emplace_back("x-amzn-ErrorType", error.code);
      response.body = JsonError(error);
      break;
    case Protocol::kQuery:
      response.headers.emplace_back("Content-Type", "text/xml");
      response.body = QueryError(service, error, ids);
      break;
    case Protocol::kRestXml:
      if (error.status == 304) break;  // Has no body (RFC 9110, section 15.4.5).
      response.headers.emplace_back("Content-Type", "application/xml");
      response.body = S3Error(error, ids);
      break;
  }
  return response;
}

}  // namespace hanse::wire
