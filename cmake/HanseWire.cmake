# Generates C++ from the service models for the operations of src/wire/operations.txt: generated/wire/SERVICE.h and .cc for each service.
# HANSE_WIRE_SOURCES are the .cc files; the target hanse_wire_generated comes before everything that includes the headers.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

set(wire_operations ${CMAKE_SOURCE_DIR}/src/wire/operations.txt)
set(wire_generator ${CMAKE_SOURCE_DIR}/tools/wire_gen.py)
set(wire_own_models ${CMAKE_SOURCE_DIR}/src/wire/models)
set(wire_into ${CMAKE_BINARY_DIR}/generated/wire)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${wire_operations})

file(STRINGS ${wire_operations} wire_lines REGEX "^[a-z0-9-]+:")
set(wire_services)
foreach(line IN LISTS wire_lines)
  string(REGEX REPLACE ":.*" "" service "${line}")
  list(APPEND wire_services ${service})
endforeach()
list(REMOVE_DUPLICATES wire_services)

set(HANSE_WIRE_SOURCES ${wire_into}/services.cc)
set(wire_outputs ${wire_into}/services.cc)
set(wire_models)
foreach(service IN LISTS wire_services)
  string(REPLACE "-" "_" name ${service})
  string(REGEX REPLACE "^hanse$" "hanse_service" name ${name})  # As in the generator.
  list(APPEND HANSE_WIRE_SOURCES ${wire_into}/${name}.cc)
  list(APPEND wire_outputs ${wire_into}/${name}.h ${wire_into}/${name}.cc)
  file(GLOB model ${HANSE_DEPS}/botocore/${service}/*/service-2.json.gz ${wire_own_models}/${service}/*/service-2.json)
  list(APPEND wire_models ${model})
endforeach()

# The generator leaves files alone that would not change; the stamp says that it ran, the byproducts make ninja look at what changed.
add_custom_command(
  OUTPUT ${wire_into}/generated.stamp
  BYPRODUCTS ${wire_outputs}
  COMMAND ${Python3_EXECUTABLE} ${wire_generator} --models ${HANSE_DEPS}/botocore --models ${wire_own_models}
          --operations ${wire_operations} --into ${wire_into}
  COMMAND ${CMAKE_COMMAND} -E touch ${wire_into}/generated.stamp
  DEPENDS ${wire_generator} ${wire_operations} ${wire_models}
  COMMENT "Generating the services' structs")
add_custom_target(hanse_wire_generated DEPENDS ${wire_into}/generated.stamp)
# The large ones are not compiled together: one core would have them all. They are tables and small functions: -O2 takes a quarter
# more time. (clang's precompiled headers are of one -O alone.)
set_source_files_properties(${wire_outputs} PROPERTIES GENERATED TRUE SKIP_UNITY_BUILD_INCLUSION ON
                            COMPILE_OPTIONS "$<$<CXX_COMPILER_ID:GNU>:${HANSE_COLD_OPTIONS}>")
