#include "tests/simulators/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace dirsync::sim {

std::string gzip(std::string_view text) {
  constexpr int kGzipWindow = 15 + 16;  // zlib: 16 asks for a gzip header
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error{"zlib refused to start"};
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string input{text};  // zlib's interface is not const
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  auto const outcome = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (outcome != Z_STREAM_END) throw std::runtime_error{"zlib did not finish"};
  return packed;
}

}  // namespace dirsync::sim
