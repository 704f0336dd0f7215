#pragma once
// Boost.Asio for the .cc files of this folder: compiled once, in asio.cc, rather than into every file that uses it.
#define BOOST_ASIO_SEPARATE_COMPILATION
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
