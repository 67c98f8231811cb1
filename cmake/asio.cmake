# Boost.Asio's function bodies, compiled once.
add_library(dirsync_asio STATIC ${PROJECT_SOURCE_DIR}/cmake/asio_src.cpp)
target_link_libraries(dirsync_asio PUBLIC dirsync_options)
