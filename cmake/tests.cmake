find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
include(GoogleTest)

# All programs of one label, unit_tests, sequence_tests, integration_tests, ..., and all of them.
add_custom_target(all_tests)
foreach(label unit sequence integration simulator system)
  add_custom_target(${label}_tests)
  add_dependencies(all_tests ${label}_tests)
endforeach()

# dirsync_test(NAME x LABEL unit|sequence|integration|simulator|system SOURCES ... USES ... [TIMEOUT seconds]
#              [WHOLE|IN_PROCESS] [WHOLE_STACKS])
# WHOLE: ctest runs the program once and not once for each TEST, for what is slow to start.
# IN_PROCESS: nothing but the program itself is started; under a sanitizer that alone is slow, and it runs once. So do
# unit tests and those of simulators.
# WHOLE_STACKS: a sanitizer follows allocations through libraries without frame pointers, which takes three
# times as long; for tests that lead libldap into a leak of its own (tests/lsan.supp).
function(dirsync_test)
  cmake_parse_arguments(arg "WHOLE;IN_PROCESS;WHOLE_STACKS" "NAME;LABEL;TIMEOUT" "SOURCES;USES" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 180)  # seconds; a hang ends, a sanitizer has its time
  endif()
  if(DIRSYNC_SANITIZE AND (arg_IN_PROCESS OR arg_LABEL MATCHES "unit|simulator"))
    set(arg_WHOLE TRUE)
    set(arg_TIMEOUT 900)
  endif()
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE dirsync_options ${arg_USES} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${arg_NAME} PRIVATE
    DIRSYNC_SOURCE_DIR="${PROJECT_SOURCE_DIR}" DIRSYNC_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  if(DIRSYNC_SANITIZE)
    target_compile_options(${arg_NAME} PRIVATE -O0)  # the tests themselves take longer to compile than to run
  endif()
  set(properties LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
  if(arg_WHOLE_STACKS)
    list(APPEND properties ENVIRONMENT_MODIFICATION ASAN_OPTIONS=path_list_append::fast_unwind_on_malloc=0)
  endif()
  add_dependencies(${arg_LABEL}_tests ${arg_NAME})
  if(arg_WHOLE)
    add_test(NAME ${arg_LABEL}.${arg_NAME} COMMAND ${arg_NAME} --gtest_brief=1)
    set_tests_properties(${arg_LABEL}.${arg_NAME} PROPERTIES ${properties})
    return()
  endif()
  gtest_discover_tests(${arg_NAME} DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES
    TEST_PREFIX "${arg_LABEL}." PROPERTIES ${properties})
endfunction()
