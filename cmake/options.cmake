# Flags live here and nowhere else; every target links dirsync_options.
add_library(dirsync_options INTERFACE)
target_include_directories(dirsync_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(dirsync_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Woverloaded-virtual -Wcast-align -Wformat=2
  -Wimplicit-fallthrough -Werror -fdiagnostics-color=auto)
target_compile_definitions(dirsync_options INTERFACE
  DIRSYNC_VERSION="${PROJECT_VERSION}"
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION)
target_link_libraries(dirsync_options INTERFACE Boost::headers Threads::Threads)

# g++ 12 takes the frames of Asio's coroutines for mismatched when it optimises.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND (DIRSYNC_SANITIZE OR NOT CMAKE_BUILD_TYPE STREQUAL "Debug"))
  target_compile_options(dirsync_options INTERFACE -Wno-mismatched-new-delete)
endif()

# Several sources at once, for builds that nobody repeats: it halves the time of a build from nothing.
if(CMAKE_UNITY_BUILD)
  # A frame of a coroutine with a local lambda counts as a header's type when one source includes another.
  target_compile_options(dirsync_options INTERFACE -Wno-subobject-linkage)
endif()

if(DIRSYNC_SANITIZE)
  add_compile_options(-fsanitize=${DIRSYNC_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DIRSYNC_SANITIZE})
  # A test starts programs by the hundred. Without a million relocations each of them starts in two thirds of the time.
  if(DIRSYNC_SANITIZE MATCHES "address")
    add_compile_options($<$<NOT:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>>:-fno-pie>)
    add_link_options(-no-pie)
  endif()
  # These three ask at every member access what AddressSanitizer sees as well, and double the compile time.
  add_compile_options(-fno-sanitize=null,vptr,alignment)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Undefined behaviour stops the program where it stands, and AddressSanitizer says where that is (handle_sigill).
    # What each check would say is 97 % of the programs' data, which each process maps anew, and a third of the
    # time that compiling takes.
    add_compile_options(-fsanitize-undefined-trap-on-error)
    # g++ 12 warns about its own sanitizer instrumentation.
    target_compile_options(dirsync_options INTERFACE -Wno-maybe-uninitialized -Wno-tsan)
  endif()
endif()

if(DIRSYNC_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  target_compile_options(dirsync_options INTERFACE -Wno-error)  # warnings are g++'s to fail on
endif()

if(DIRSYNC_GUARD)
  target_compile_options(dirsync_options INTERFACE -Wno-error)  # warnings are the other builds' to fail on
endif()

find_program(DIRSYNC_CCACHE ccache)
if(DIRSYNC_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${DIRSYNC_CCACHE})
endif()
find_program(DIRSYNC_MOLD mold)
if(DIRSYNC_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# One module: its sources and what it may include (the picture in docs/architecture.md).
function(dirsync_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;PRIVATE" ${ARGN})
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC dirsync_options ${arg_USES} PRIVATE ${arg_PRIVATE})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE dirsync_options ${arg_USES})
  endif()
endfunction()
