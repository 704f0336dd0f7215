// A request as src/wire/testdata/requests/ tells one, in any of the protocols. It becomes a struct or is refused by a name;
// what was read can be kept, and what is kept comes back the same. No answer to it has a header of two lines.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "wire/json.h"
#include "wire/protocol.h"
#include "wire/test_request.h"
#include "wire/validate.h"

namespace {

namespace wire = hanse::wire;

void CheckRefusal(const wire::Service& service, const hanse::Error& error) {
  if (error.message.empty()) std::abort();
  const wire::RawResponse answer = wire::WriteError(service, {error.name, error.message}, {"request", "host"});
  for (const auto& [name, value] : answer.headers) {
    if (value.find_first_of("\r\n") != value.npos) std::abort();
  }
}

void CheckKept(const wire::Operation& operation, const void* input) {
  const std::string kept = wire::ToJson(*operation.input, input);
  const wire::AnyInput again = operation.make_input();
  if (!wire::FromJson(*operation.input, kept, again.get())) std::abort();
  if (wire::ToJson(*operation.input, again.get()) != kept) std::abort();
  (void)wire::ToRecord(*operation.input, input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const wire::Service* service = nullptr;
  wire::RawRequest request = wire::ReadRequest(std::string(reinterpret_cast<const char*>(data), size), &service);
  if (service == nullptr) return 0;
  const auto routed = wire::Route(*service, request);
  if (!routed) {
    CheckRefusal(*service, routed.error());
  } else if (routed->operation != nullptr) {
    const wire::AnyInput input = routed->operation->make_input();
    if (const auto parsed = wire::Parse(*service, *routed, request, input.get()); !parsed) {
      CheckRefusal(*service, parsed.error());
    } else {
      CheckKept(*routed->operation, input.get());
      if (const auto valid = wire::Validate(*routed->operation->input, input.get()); !valid) CheckRefusal(*service, valid.error());
    }
  }
  return 0;
}
