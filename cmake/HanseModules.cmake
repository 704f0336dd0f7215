# One static library a line of modules.txt, named hanse_FOLDER (slashes become underscores), of the .cc files in that folder alone;
# every X_test.cc beside them goes into the folder's test program hanse_FOLDER_test (GoogleTest, one ctest a case).
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
include(GoogleTest)

# What a folder links beyond the folders that it sees.
set(HANSE_LINK_base fmt spdlog)
set(HANSE_LINK_crypto OpenSSL::Crypto)
set(HANSE_LINK_wire boost_json pugixml re2)
set(HANSE_LINK_policy boost_json)
set(HANSE_LINK_audit boost_json sqlite3)
set(HANSE_LINK_store_sqlite sqlite3)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
set(HANSE_LINK_store_postgres PkgConfig::LIBPQ)
set(HANSE_LINK_doors_http OpenSSL::SSL boost_system)
set(HANSE_LINK_engine duckdb_pinned seccomp boost_json)
set(HANSE_LINK_client boost_system pugixml)
set(HANSE_LINK_identity boost_json)
set(HANSE_LINK_catalog boost_json re2 z)
set(HANSE_LINK_governance boost_json)
set(HANSE_LINK_query boost_json)

# What a folder's tests link beyond the folder: a store to try on (store/test_store.h), files for blobs.
foreach(folder gate organisation identity keys objects catalog governance query insight doors_aws)
  list(APPEND HANSE_TEST_LINK_${folder} hanse_store_sqlite hanse_blob_local)
endforeach()

# Headers that a folder compiles once for all of its files: the engine's take ten seconds to read.
set(HANSE_PRECOMPILE_engine <string> <vector> <map> <set> <functional> <mutex> <fmt/format.h> <duckdb.hpp> <duckdb/catalog/catalog.hpp>
    <duckdb/catalog/duck_catalog.hpp> <duckdb/catalog/catalog_entry/duck_schema_entry.hpp> <duckdb/common/multi_file/multi_file_reader.hpp>
    <duckdb/execution/expression_executor.hpp> <duckdb/parser/parser.hpp> <duckdb/parser/expression/list.hpp>
    <duckdb/parser/query_node/list.hpp> <duckdb/parser/tableref/list.hpp> <duckdb/planner/binder.hpp> <duckdb/planner/expression/list.hpp>
    <duckdb/planner/operator/logical_get.hpp>)

add_library(duckdb_pinned INTERFACE)
target_include_directories(duckdb_pinned SYSTEM INTERFACE ${HANSE_DEPS}/duckdb/include)
target_link_directories(duckdb_pinned INTERFACE ${HANSE_DEPS}/duckdb/lib)
target_link_libraries(duckdb_pinned INTERFACE duckdb)

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
  target_include_directories(hanse_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(hanse_${name} PUBLIC Threads::Threads fmt ${HANSE_LINK_${name}})
  add_dependencies(hanse_${name} hanse_wire_generated)
  if(HANSE_PRECOMPILE_${name})
    target_precompile_headers(hanse_${name} PRIVATE ${HANSE_PRECOMPILE_${name}})
  endif()
  foreach(other IN LISTS sees)
    string(REPLACE "/" "_" other ${other})
    target_link_libraries(hanse_${name} PUBLIC hanse_${other})
  endforeach()
  if(tests)
    add_executable(hanse_${name}_test ${tests})
    target_link_libraries(hanse_${name}_test PRIVATE hanse_${name} ${HANSE_TEST_LINK_${name}} GTest::gtest_main GTest::gmock)
    target_compile_definitions(hanse_${name}_test PRIVATE HANSE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" HANSE_BINARY_DIR="${CMAKE_BINARY_DIR}")
    gtest_discover_tests(hanse_${name}_test TEST_PREFIX "${folder}/" DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300)
  endif()
endfunction()
