#include "orc/file.h"

#include <gmock/gmock.h>

#include "orc/bytes.h"
#include "orc/test_input.h"

namespace hanse::orc {
namespace {

std::string FileOf(const std::string& name) { return TestFile(HANSE_SOURCE_DIR, name); }

TEST(OrcFileTest, TheTailSaysTypesAndStripes) {
  for (const auto& [name, codec] :
       {std::pair("none", Codec::kNone), std::pair("zlib", Codec::kZlib), std::pair("snappy", Codec::kSnappy),
        std::pair("lz4", Codec::kLz4), std::pair("zstd", Codec::kZstd)}) {
    TestInput input(FileOf(name));
    auto tail = ReadTail(input);
    ASSERT_TRUE(tail) << name;
    EXPECT_EQ(tail->codec, codec);
    EXPECT_EQ(tail->rows, 4u);
    ASSERT_EQ(tail->stripes.size(), 1u);
    EXPECT_EQ(tail->stripes[0].rows, 4u);
    EXPECT_EQ(HiveTypeOf(tail->types, 0),
              "struct<id:bigint,name:string,price:decimal(8,2),big:decimal(30,5),day:date,at:timestamp,ok:boolean,tiny:tinyint,"
              "small:smallint,num:int,single:float,score:double,raw:binary,code:char(4),word:varchar(6),tags:array<string>,"
              "counts:map<string,int>,point:struct<x:int,y:double>>");
    auto footer = ReadStripeFooter(input, *tail, tail->stripes[0]);
    ASSERT_TRUE(footer) << name;
    EXPECT_EQ(footer->encodings.size(), tail->types.size());
    EXPECT_NE(footer->Find(1, StreamKind::kData), nullptr);
    EXPECT_EQ(footer->Find(1, StreamKind::kDictionary), nullptr);
  }
  TestInput stripes(FileOf("stripes"));
  EXPECT_EQ(ReadTail(stripes)->stripes.size(), 3u);
}

// Reads the streams too.
void ReadAll(Input& input) {
  auto tail = ReadTail(input);
  if (!tail) return;
  for (const Stripe& stripe : tail->stripes) {
    auto footer = ReadStripeFooter(input, *tail, stripe);
    if (!footer) continue;
    for (const Stream& stream : footer->streams) {
      Bytes bytes(input, *tail, stream);
      for (std::uint8_t byte = 0; bytes.Next(&byte);) {
      }
    }
  }
}

TEST(OrcFileTest, AnyBytesAreRefusedOrRead) {
  for (const char* name : {"none", "zlib", "snappy", "lz4", "zstd"}) {
    const std::string whole = FileOf(name);
    for (std::size_t size = 0; size < whole.size(); size += 7) {
      TestInput cut(whole.substr(0, size));
      auto tail = ReadTail(cut);
      ASSERT_FALSE(tail) << name << " " << size;
      EXPECT_EQ(tail.error().code, ErrorCode::kInvalidArgument);
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
      TestInput input(std::move(changed));
      ReadAll(input);
    }
  }
}

TEST(CompressionTest, WhatIsCompressedExpands) {
  std::string bytes;
  for (int i = 0; i < 20'000; ++i) bytes += i % 300 < 200 ? "abc" : std::to_string(i * 7919);
  for (auto codec : {Codec::kNone, Codec::kZlib, Codec::kSnappy, Codec::kLz4, Codec::kZstd}) {
    for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, bytes.size()}) {
      const std::string compressed = CompressAll(codec, std::string_view(bytes).substr(0, size), 4096);
      if (codec != Codec::kNone && size == bytes.size()) {
        EXPECT_LT(compressed.size(), size);
      }
      std::string expanded;
      EXPECT_TRUE(ExpandAll(codec, compressed, 4096, size, &expanded));
      EXPECT_EQ(expanded, bytes.substr(0, size));
    }
  }
}

TEST(CompressionTest, AChunkHoldsNoMoreThanABlock) {
  std::string expanded;
  // "aaaaaaaa…": snappy says first how long it will be.
  EXPECT_FALSE(Expand(Codec::kSnappy, std::string("\xff\xff\xff\xff\x0f\x00", 6), 100, &expanded));
  EXPECT_FALSE(ExpandAll(Codec::kZlib, std::string("\x0b\x00\x00hello", 8), 4, 4, &expanded)) << "more than it may";
  EXPECT_TRUE(ExpandAll(Codec::kZlib, std::string("\x0b\x00\x00hello", 8), 5, 5, &expanded));
  EXPECT_EQ(expanded, "hello");
  EXPECT_FALSE(ExpandAll(Codec::kZlib, std::string("\x0b\x00\x00hell", 7), 5, 5, &expanded)) << "cut";
  EXPECT_FALSE(Expand(Codec::kLzo, "x", 100, &expanded));
}

}  // namespace
}  // namespace hanse::orc
