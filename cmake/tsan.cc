// What TSan (the preset tsan) must not report, compiled in because workers get no environment.
extern "C" const char* __tsan_default_suppressions();

// DuckDB's library is not instrumented: TSan misses the atomic counts and locks that order what it does with what our code does.
extern "C" const char* __tsan_default_suppressions() { return "race:libduckdb.so\n"; }
