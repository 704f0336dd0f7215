#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <bit>
#include <cstring>

#include "crypto/crc.h"
#include "engine/trino_function_of.h"
#include "engine/trino_functions.h"

// Trino's binary functions: digests, and numbers as bytes, big-endian (Trino: "Binary functions and operators").
namespace hanse::engine {

namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

template <const EVP_MD* (*kKind)()>
ByteString DigestOf(BytesView in) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(in.bytes.data(), in.bytes.size(), digest, &size, kKind(), nullptr) != 1) {
    throw duckdb::InvalidInputException("NOT_SUPPORTED: the digest is not to be had here");
  }
  return {std::string(reinterpret_cast<const char*>(digest), size)};
}

template <const EVP_MD* (*kKind)()>
ByteString HmacOf(BytesView in, BytesView key) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (HMAC(kKind(), key.bytes.data(), static_cast<int>(key.bytes.size()), reinterpret_cast<const unsigned char*>(in.bytes.data()),
           in.bytes.size(), digest, &size) == nullptr) {
    throw duckdb::InvalidInputException("NOT_SUPPORTED: the digest is not to be had here");
  }
  return {std::string(reinterpret_cast<const char*>(digest), size)};
}

std::int64_t Crc32Of(BytesView in) { return crypto::Crc32(0, in.bytes); }

// `bits` of each character of `alphabet`, filled up with '=' to groups of `group` characters.
std::string Encode(std::string_view bytes, std::string_view alphabet, unsigned bits, std::size_t group) {
  std::string out;
  unsigned held = 0, buffer = 0;
  for (char c : bytes) {
    buffer = (buffer << 8 | static_cast<unsigned char>(c)) & 0xFFFFF;
    for (held += 8; held >= bits; held -= bits) out += alphabet[buffer >> (held - bits) & ((1u << bits) - 1)];
  }
  if (held > 0) out += alphabet[buffer << (bits - held) & ((1u << bits) - 1)];
  while (out.size() % group != 0) out += '=';
  return out;
}

ByteString Decode(std::string_view text, std::string_view alphabet, unsigned bits) {
  while (text.ends_with('=')) text.remove_suffix(1);
  ByteString out;
  unsigned held = 0, buffer = 0;
  for (char c : text) {
    std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) {
      throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: Invalid character in an encoded string");
    }
    buffer = (buffer << bits | static_cast<unsigned>(digit)) & 0xFFFFF;
    held += bits;
    if (held < 8) continue;
    held -= 8;
    out.bytes += static_cast<char>(buffer >> held & 0xFF);
  }
  return out;
}

std::string ToBase32(BytesView in) { return Encode(in.bytes, kBase32, 5, 8); }
ByteString FromBase32(std::string_view text) { return Decode(text, kBase32, 5); }
std::string ToBase64Url(BytesView in) { return Encode(in.bytes, kBase64Url, 6, 4); }
ByteString FromBase64Url(std::string_view text) { return Decode(text, kBase64Url, 6); }

template <class Number, class Bits>
ByteString ToBytes(Number value) {
  auto bits = std::bit_cast<Bits>(value);
  ByteString out;
  for (int shift = 8 * (static_cast<int>(sizeof bits) - 1); shift >= 0; shift -= 8) {
    out.bytes += static_cast<char>(bits >> shift & 0xFF);
  }
  return out;
}

template <class Number, class Bits>
Number FromBytes(BytesView in) {
  if (in.bytes.size() != sizeof(Bits)) {
    throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: expected %d-byte input, but got instead %d",
                                        static_cast<int>(sizeof(Bits)), static_cast<int>(in.bytes.size()));
  }
  Bits bits = 0;
  for (char c : in.bytes) bits = static_cast<Bits>(bits << 8 | static_cast<unsigned char>(c));
  return std::bit_cast<Number>(bits);
}

constexpr std::uint64_t kPrimes[] = {0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
                                     0x27D4EB2F165667C5};

template <class T>
T Little(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

std::uint64_t XxRound(std::uint64_t sum, std::uint64_t word) { return std::rotl(sum + word * kPrimes[1], 31) * kPrimes[0]; }

// XXH64 with seed 0 (xxHash specification 0.1.1, section "XXH64").
ByteString XxHash64(BytesView in) {
  const char* at = in.bytes.data();
  const char* end = at + in.bytes.size();
  std::uint64_t hash = kPrimes[4];
  if (in.bytes.size() >= 32) {
    std::uint64_t lanes[] = {kPrimes[0] + kPrimes[1], kPrimes[1], 0, 0 - kPrimes[0]};
    for (; end - at >= 32; at += 32) {
      for (int i = 0; i < 4; ++i) lanes[i] = XxRound(lanes[i], Little<std::uint64_t>(at + 8 * i));
    }
    hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
    for (std::uint64_t lane : lanes) hash = (hash ^ XxRound(0, lane)) * kPrimes[0] + kPrimes[3];
  }
  hash += in.bytes.size();
  for (; end - at >= 8; at += 8) {
    hash = std::rotl(hash ^ XxRound(0, Little<std::uint64_t>(at)), 27) * kPrimes[0] + kPrimes[3];
  }
  if (end - at >= 4) {
    hash = std::rotl(hash ^ Little<std::uint32_t>(at) * kPrimes[0], 23) * kPrimes[1] + kPrimes[2];
    at += 4;
  }
  for (; at < end; ++at) hash = std::rotl(hash ^ static_cast<unsigned char>(*at) * kPrimes[4], 11) * kPrimes[0];
  hash = (hash ^ hash >> 33) * kPrimes[1];
  hash = (hash ^ hash >> 29) * kPrimes[2];
  return ToBytes<std::uint64_t, std::uint64_t>(hash ^ hash >> 32);
}

}  // namespace

void RegisterBinary(duckdb::ClientContext& context) {
  Register(context, OverloadsOf<DigestOf<EVP_md5>>("hanse_md5"));
  Register(context, OverloadsOf<DigestOf<EVP_sha1>>("hanse_sha1"));
  Register(context, OverloadsOf<DigestOf<EVP_sha256>>("hanse_sha256"));
  Register(context, OverloadsOf<DigestOf<EVP_sha512>>("hanse_sha512"));
  Register(context, OverloadsOf<HmacOf<EVP_md5>>("hanse_hmac_md5"));
  Register(context, OverloadsOf<HmacOf<EVP_sha1>>("hanse_hmac_sha1"));
  Register(context, OverloadsOf<HmacOf<EVP_sha256>>("hanse_hmac_sha256"));
  Register(context, OverloadsOf<HmacOf<EVP_sha512>>("hanse_hmac_sha512"));
  Register(context, OverloadsOf<Crc32Of>("hanse_crc32"));
  Register(context, OverloadsOf<XxHash64>("hanse_xxhash64"));
  Register(context, OverloadsOf<ToBase32>("hanse_to_base32"));
  Register(context, OverloadsOf<FromBase32>("hanse_from_base32"));
  Register(context, OverloadsOf<ToBase64Url>("hanse_to_base64url"));
  Register(context, OverloadsOf<FromBase64Url>("hanse_from_base64url"));
  Register(context, OverloadsOf<ToBytes<std::int32_t, std::uint32_t>>("hanse_to_big_endian_32"));
  Register(context, OverloadsOf<FromBytes<std::int32_t, std::uint32_t>>("hanse_from_big_endian_32"));
  Register(context, OverloadsOf<ToBytes<std::int64_t, std::uint64_t>>("hanse_to_big_endian_64"));
  Register(context, OverloadsOf<FromBytes<std::int64_t, std::uint64_t>>("hanse_from_big_endian_64"));
  Register(context, OverloadsOf<ToBytes<float, std::uint32_t>>("hanse_to_ieee754_32"));
  Register(context, OverloadsOf<FromBytes<float, std::uint32_t>>("hanse_from_ieee754_32"));
  Register(context, OverloadsOf<ToBytes<double, std::uint64_t>>("hanse_to_ieee754_64"));
  Register(context, OverloadsOf<FromBytes<double, std::uint64_t>>("hanse_from_ieee754_64"));
}

}  // namespace hanse::engine
