# One static library a line of modules.txt, named hanse_FOLDER (slashes become underscores), of the .cc files in that folder alone;
# every X_test.cc beside them goes into the folder's test program hanse_FOLDER_test (GoogleTest, one ctest a case).
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
include(GoogleTest)

# Tests run what the libraries hold; their own code need not be fast: at -O1 it takes half as long again to compile.
set(HANSE_TEST_OPTIONS -O0)
# Folders that no request's time hangs on: they administer, wire or ask, and hand what loops to policy, store, wire, crypto, blob and
# engine. A third of the time to compile them is optimization.
set(HANSE_COLD organisation identity keys secrets objects catalog governance query insight steward client cli demo server)
set(HANSE_COLD_OPTIONS -O1)
# Files of a folder compiled several at a time: a clean build takes half as long, a change to one file a little longer. So names in
# anonymous namespaces differ within a folder.
option(HANSE_UNITY "compile the files of a folder together" OFF)
set(HANSE_BATCH 40)
set(HANSE_TEST_BATCH 13)
# Has `files` of `target` compiled in as few batches as `max` in each allow, all of about the same size.
function(hanse_unity target files max)
  list(LENGTH files count)
  math(EXPR batches "(${count} + ${max} - 1) / ${max}")
  math(EXPR size "(${count} + ${batches} - 1) / ${batches}")
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${HANSE_UNITY} UNITY_BUILD_BATCH_SIZE ${size})
endfunction()

# What a folder links beyond the folders that it sees.
set(HANSE_LINK_base fmt spdlog)
# spdlog from its library: read as templates it takes every file that logs ten seconds more.
add_compile_definitions(SPDLOG_COMPILED_LIB SPDLOG_SHARED_LIB SPDLOG_FMT_EXTERNAL)
set(HANSE_LINK_crypto OpenSSL::Crypto)
set(HANSE_LINK_wire boost_json pugixml re2)
set(HANSE_LINK_orc z snappy lz4 zstd)
set(HANSE_LINK_policy boost_json)
set(HANSE_LINK_audit boost_json sqlite3)
set(HANSE_LINK_store_sqlite sqlite3)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
set(HANSE_LINK_store_postgres PkgConfig::LIBPQ)
set(HANSE_LINK_warehouse PkgConfig::LIBPQ)
set(HANSE_LINK_doors_http OpenSSL::SSL boost_system)
set(HANSE_LINK_doors_aws z)
set(HANSE_LINK_doors_pgwire OpenSSL::SSL)
set(HANSE_LINK_engine duckdb_pinned seccomp boost_json avro)
set(HANSE_LINK_client boost_system pugixml)
set(HANSE_LINK_cli edit)
pkg_check_modules(XMLSEC REQUIRED xmlsec1-openssl libxml-2.0)
set(HANSE_LINK_identity boost_json ${XMLSEC_LIBRARIES})
set(HANSE_LINK_insight boost_json)
set(HANSE_LINK_catalog boost_json pugixml re2 z)
set(HANSE_LINK_governance boost_json)
set(HANSE_LINK_query boost_json)
set(HANSE_LINK_demo boost_json)
set(HANSE_LINK_steward yaml-cpp)

# What a folder's tests link beyond the folder: a store to try on (store/test_store.h), files for blobs.
foreach(folder gate organisation identity keys secrets objects catalog governance query insight steward doors_aws)
  list(APPEND HANSE_TEST_LINK_${folder} hanse_store_sqlite hanse_blob_local)
endforeach()

# Headers compiled once (cmake/pch/): "standard" for every folder, "gate" for those of HANSE_COLD that act through the gate, "tests" for
# test programs; each with the options of who uses it.
# The engine has its own: DuckDB's take ten seconds to read. Every file still includes what it uses; hanse_headers checks headers.
set(HANSE_PCH_gate_users organisation identity keys secrets objects catalog governance query insight steward server)
set(HANSE_PCH_engine <string> <vector> <map> <set> <functional> <mutex> <fmt/format.h> <duckdb.hpp> <duckdb/catalog/catalog.hpp>
    <duckdb/catalog/duck_catalog.hpp> <duckdb/catalog/catalog_entry/duck_schema_entry.hpp> <duckdb/common/multi_file/multi_file_reader.hpp>
    <duckdb/execution/expression_executor.hpp> <duckdb/parser/parser.hpp> <duckdb/parser/expression/list.hpp>
    <duckdb/parser/query_node/list.hpp> <duckdb/parser/tableref/list.hpp> <duckdb/planner/binder.hpp> <duckdb/planner/expression/list.hpp>
    <duckdb/planner/operator/logical_get.hpp>)
foreach(set standard gate tests)
  add_library(hanse_pch_${set} OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch/${set}.cc)
  target_precompile_headers(hanse_pch_${set} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch/${set}.h)
  target_include_directories(hanse_pch_${set} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  # Never from ccache: where a comment has changed it gives the old one back, which then does not know its headers again.
  set_target_properties(hanse_pch_${set} PROPERTIES CXX_COMPILER_LAUNCHER "")
endforeach()
target_compile_options(hanse_pch_tests PRIVATE ${HANSE_TEST_OPTIONS})
target_compile_options(hanse_pch_gate PRIVATE ${HANSE_COLD_OPTIONS})
target_link_libraries(hanse_pch_tests PRIVATE GTest::gtest GTest::gmock)

# store/migrations/*.sql compiled in.
file(GLOB HANSE_MIGRATIONS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/store/migrations/*.sql)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/generated/store/migrations.cc
  COMMAND python3 ${CMAKE_SOURCE_DIR}/tools/embed_migrations.py ${CMAKE_SOURCE_DIR}/src/store/migrations
          ${CMAKE_BINARY_DIR}/generated/store/migrations.cc
  DEPENDS ${HANSE_MIGRATIONS} ${CMAKE_SOURCE_DIR}/tools/embed_migrations.py)

function(hanse_modules file)
  file(STRINGS ${file} lines)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  set(all)
  foreach(line IN LISTS lines)
    if(line MATCHES "^#" OR line STREQUAL "")
      continue()
    endif()
    string(REGEX MATCH "^([^:]+):(.*)$" _ "${line}")
    set(folder ${CMAKE_MATCH_1})
    string(STRIP "${CMAKE_MATCH_2}" sees)
    if(sees STREQUAL "*")
      set(sees ${all})
    else()
      separate_arguments(sees UNIX_COMMAND "${sees}")
    endif()
    list(APPEND all ${folder})
    hanse_module(${folder} "${sees}")
  endforeach()
endfunction()

function(hanse_module folder sees)
  string(REPLACE "/" "_" name ${folder})
  set(here ${CMAKE_SOURCE_DIR}/src/${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${here}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|/main\\.cc$")
  if(folder STREQUAL "wire")
    list(APPEND sources ${HANSE_WIRE_SOURCES})
  endif()
  if(folder STREQUAL "store")
    list(APPEND sources ${CMAKE_BINARY_DIR}/generated/store/migrations.cc)
  endif()
  if(NOT sources)
    file(WRITE ${CMAKE_BINARY_DIR}/empty/${name}.cc "")
    set(sources ${CMAKE_BINARY_DIR}/empty/${name}.cc)
  endif()
  add_library(hanse_${name} STATIC ${sources})
  hanse_unity(hanse_${name} "${sources}" ${HANSE_BATCH})
  if(folder STREQUAL "server")  # All operations meet there: one core would have them all.
    set_source_files_properties(${here}/mesh.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  target_include_directories(hanse_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(hanse_${name} PUBLIC Threads::Threads fmt ${HANSE_LINK_${name}})
  add_dependencies(hanse_${name} hanse_wire_generated)
  if(folder STREQUAL "engine")
    add_dependencies(hanse_engine duckdb_checked)
    if(NOT HANSE_UNITY)  # Its batches are read sooner than a precompiled header is made.
      target_precompile_headers(hanse_engine PRIVATE ${HANSE_PCH_engine})
      set_target_properties(hanse_engine PROPERTIES CXX_COMPILER_LAUNCHER "")
    endif()
  elseif(folder IN_LIST HANSE_PCH_gate_users)
    target_precompile_headers(hanse_${name} REUSE_FROM hanse_pch_gate)
  elseif(NOT folder IN_LIST HANSE_COLD)
    target_precompile_headers(hanse_${name} REUSE_FROM hanse_pch_standard)
  endif()
  if(folder IN_LIST HANSE_COLD)
    target_compile_options(hanse_${name} PRIVATE ${HANSE_COLD_OPTIONS})
  endif()
  foreach(other IN LISTS sees)
    string(REPLACE "/" "_" other ${other})
    target_link_libraries(hanse_${name} PUBLIC hanse_${other})
  endforeach()
  if(tests)
    add_executable(hanse_${name}_test ${tests})
    hanse_unity(hanse_${name}_test "${tests}" ${HANSE_TEST_BATCH})
    target_precompile_headers(hanse_${name}_test REUSE_FROM hanse_pch_tests)
    target_compile_options(hanse_${name}_test PRIVATE ${HANSE_TEST_OPTIONS})
    target_link_libraries(hanse_${name}_test PRIVATE hanse_${name} ${HANSE_TEST_LINK_${name}} GTest::gtest_main GTest::gmock)
    target_compile_definitions(hanse_${name}_test PRIVATE HANSE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" HANSE_BINARY_DIR="${CMAKE_BINARY_DIR}")
    gtest_discover_tests(hanse_${name}_test TEST_PREFIX "${folder}/" DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300)
  endif()
endfunction()
