find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
include(GoogleTest)

# What the sanitizer presets build: the tests of the product's own code.
add_custom_target(sanitized_tests)

# dirsync_test(NAME x LABEL unit|integration|simulator|system SOURCES ... USES ... [TIMEOUT seconds] [WHOLE])
# WHOLE: ctest runs the program once and not once for each TEST, for what is slow to start.
function(dirsync_test)
  cmake_parse_arguments(arg "WHOLE" "NAME;LABEL;TIMEOUT" "SOURCES;USES" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 180)  # seconds; a hang ends, a sanitizer has its time
  endif()
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE dirsync_options ${arg_USES} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${arg_NAME} PRIVATE
    DIRSYNC_SOURCE_DIR="${PROJECT_SOURCE_DIR}" DIRSYNC_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  if(arg_LABEL MATCHES "unit|integration")
    add_dependencies(sanitized_tests ${arg_NAME})
  endif()
  if(arg_WHOLE)
    add_test(NAME ${arg_LABEL}.${arg_NAME} COMMAND ${arg_NAME} --gtest_brief=1)
    set_tests_properties(${arg_LABEL}.${arg_NAME} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
    return()
  endif()
  gtest_discover_tests(${arg_NAME} DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES
    TEST_PREFIX "${arg_LABEL}." PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()
