# flatc compiles our subset of the TensorFlow Lite schema into the build folder.
find_program(FLATC flatc REQUIRED)
find_path(FLATBUFFERS_INCLUDE_DIR flatbuffers/flatbuffers.h REQUIRED)

set(tflite_header ${CMAKE_BINARY_DIR}/generator/network/tflite_subset_generated.h)
add_custom_command(
  OUTPUT ${tflite_header}
  COMMAND ${FLATC} --cpp --scoped-enums --gen-object-api -o ${CMAKE_BINARY_DIR}/generator/network
          ${CMAKE_CURRENT_LIST_DIR}/tflite_subset.fbs
  DEPENDS ${CMAKE_CURRENT_LIST_DIR}/tflite_subset.fbs
  COMMENT "flatc tflite_subset.fbs"
  VERBATIM)

# Tests that build models include the header too, so it is a target of its own.
add_custom_target(aw_tflite_schema DEPENDS ${tflite_header})
add_dependencies(aw_network aw_tflite_schema)
target_include_directories(aw_network SYSTEM PUBLIC ${FLATBUFFERS_INCLUDE_DIR})
