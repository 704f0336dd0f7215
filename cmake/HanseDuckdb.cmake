# DuckDB: a library and headers that must be of one commit, or what we build on its insides reads other memory than it thinks. The
# headers carry no commit, so their whole tree is pinned here; what the library says of itself is compared when it was fetched (by
# duckdb_check, before anything of the engine is compiled) and by every worker at its start (src/engine/pinned_library.h).
set(HANSE_DUCKDB_HEADERS_SHA256 ce53c9a1b8ccb379b0d040a841315fcf794c5991d1576762d7fdcca7a3e6d5f0)  # Of "sha256sum FILES", sorted.

set(duckdb_include ${HANSE_DEPS}/duckdb/include)
set(duckdb_library ${HANSE_DEPS}/duckdb/lib/libduckdb.so)
file(GLOB_RECURSE duckdb_headers LIST_DIRECTORIES false RELATIVE ${duckdb_include} ${duckdb_include}/*)
list(SORT duckdb_headers)
set(duckdb_sums "")
foreach(header IN LISTS duckdb_headers)
  file(SHA256 ${duckdb_include}/${header} sum)
  string(APPEND duckdb_sums "${sum}  ${header}\n")
endforeach()
string(SHA256 duckdb_sum "${duckdb_sums}")
if(NOT duckdb_sum STREQUAL HANSE_DUCKDB_HEADERS_SHA256)
  message(FATAL_ERROR "${duckdb_include} is not the tree of headers that is pinned: its SHA-256 is ${duckdb_sum}, not "
                      "${HANSE_DUCKDB_HEADERS_SHA256} (cmake/HanseDuckdb.cmake). Remove .deps/duckdb.done and run tools/deps.sh.")
endif()

add_library(duckdb_pinned INTERFACE)
target_include_directories(duckdb_pinned SYSTEM INTERFACE ${duckdb_include})
target_link_directories(duckdb_pinned INTERFACE ${HANSE_DEPS}/duckdb/lib)
target_link_libraries(duckdb_pinned INTERFACE duckdb)

add_executable(duckdb_check ${CMAKE_SOURCE_DIR}/cmake/duckdb_check.cc)
target_include_directories(duckdb_check PRIVATE ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(duckdb_check PRIVATE duckdb_pinned)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/duckdb.checked
  COMMAND duckdb_check
  COMMAND ${CMAKE_COMMAND} -E touch ${CMAKE_BINARY_DIR}/duckdb.checked
  DEPENDS duckdb_check ${duckdb_library}
  COMMENT "Comparing DuckDB's library with its headers")
add_custom_target(duckdb_checked DEPENDS ${CMAKE_BINARY_DIR}/duckdb.checked)
