#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/shape.h"

// Structs as CBOR (RFC 8949), as Smithy's RPC v2 writes them: members by the model's names, moments as tag 1 over seconds. Any
// thread.
namespace hanse::wire {

void WriteCbor(const Shape& shape, const void* value, std::string& out);
// `text` as a text string.
void WriteCborText(std::string_view text, std::string& out);
// The head of a map of so many pairs.
void WriteCborMapOf(std::size_t pairs, std::string& out);

// Takes any bytes: lengths and depth are held to what is there. Unknown members are passed over, null is absent. Fails with
// kInvalidArgument "SerializationException".
Result<void> ReadCbor(const Shape& shape, std::string_view cbor, void* value);

}  // namespace hanse::wire
