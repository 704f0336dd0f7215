"""Writes the ORC files of this folder: python3 make.py FOLDER (pyorc 0.12, pyarrow 26)."""
import datetime as dt, decimal, random, sys, zoneinfo
import pyarrow as pa, pyarrow.orc as po, pyorc

folder = sys.argv[1]
UTC = dt.timezone.utc
D = decimal.Decimal
ROW = "struct<Id:bigint,name:string,price:decimal(8,2),big:decimal(30,5),day:date,at:timestamp,ok:boolean,tiny:tinyint,small:smallint,num:int,single:float,score:double,raw:binary,code:char(4),word:varchar(6),tags:array<string>,counts:map<string,int>,point:struct<x:int,y:double>>"
ROWS = [
    (1, "Müller", D("12.30"), D("1234567890123456789012345.00001"), dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 12, 34, 56, 789000, tzinfo=UTC), True, -128, 300, 70000, 0.5, 1.5, b"\x00\xff", "ab", "word", ["a", "b"], {"k": 7}, (3, 0.5)),
    (-9223372036854775808, None, D("-0.01"), D("-0.00001"), dt.date(1969, 12, 31), dt.datetime(1969, 12, 31, 23, 59, 58, 500000, tzinfo=UTC), False, 127, -300, -70000, -0.25, -0.25, b"", "wxyz", "", [], {}, None),
    (None,) * 18,
    (3, "x" * 40, D("0"), D("0"), dt.date(9999, 12, 31), dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), None, 0, 0, 0, 0.0, 0.0, b"r", "a", "b", [None, "c"], {"a": None, "b": 2}, (None, 1.0)),
]
KINDS = {"none": pyorc.CompressionKind.NONE, "zlib": pyorc.CompressionKind.ZLIB, "snappy": pyorc.CompressionKind.SNAPPY, "lz4": pyorc.CompressionKind.LZ4, "zstd": pyorc.CompressionKind.ZSTD}
def write(name, schema, rows, **more):
    with open(f"{folder}/{name}.orc", "wb") as out, pyorc.Writer(out, schema, **more) as writer:
        for row in rows: writer.write(row)
for name, kind in KINDS.items():
    write(name, ROW, ROWS, compression=kind)
write("berlin", "struct<at:timestamp,utc:timestamp with local time zone>", [
    (dt.datetime(2024, 7, 1, 12, tzinfo=UTC), dt.datetime(2024, 7, 1, 12, tzinfo=UTC)),
    (dt.datetime(2024, 1, 1, 12, tzinfo=UTC), dt.datetime(2024, 1, 1, 12, tzinfo=UTC)),
    (None, None)], timezone=zoneinfo.ZoneInfo("Europe/Berlin"), compression=pyorc.CompressionKind.NONE)
# Numbers that come in every kind of run, in both versions; stripes of some thousand rows.
draw = random.Random(8)
n = 5000
table = pa.table({
    "same": pa.array([7] * n, pa.int64()),
    "count": pa.array(range(n), pa.int64()),
    "down": pa.array([-3 * i for i in range(n)], pa.int64()),
    "wide": pa.array([draw.getrandbits(63) - 2**62 for i in range(n)], pa.int64()),
    "patched": pa.array([draw.randrange(100) + (10**9 if i % 97 == 0 else 0) for i in range(n)], pa.int64()),
    "steps": pa.array([i * i - 1000 for i in range(n)], pa.int64()),
    "holes": pa.array([None if i % 3 else i for i in range(n)], pa.int32()),
    "word": pa.array([("red", "green", "blue")[i % 3] for i in range(n)]),
    "text": pa.array([f"text {i}" for i in range(n)]),
    "list": pa.array([list(range(i % 4)) for i in range(n)], pa.list_(pa.int32())),
})
po.write_table(table, f"{folder}/runs_second.orc", file_version="0.12", compression="zstd", stripe_size=64 * 1024, batch_size=1024, dictionary_key_size_threshold=0.8)
po.write_table(table, f"{folder}/runs_first.orc", file_version="0.11", compression="zlib", dictionary_key_size_threshold=0.8)
write("union", "struct<a:int,u:uniontype<int,string>>", [(1, 2), (2, "x")])
write("stripes", "struct<a:bigint,b:string>", [(i, f"text {i}") for i in range(6000)], stripe_size=1000, batch_size=2000, compression=pyorc.CompressionKind.NONE)
