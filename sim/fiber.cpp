// Fibers by ucontext. SPDX-License-Identifier: Apache-2.0
#include "sim/fiber.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace arraywright::sim {
namespace {

/// The runtime needs some hundred bytes; messages about failures need more.
constexpr size_t kStackBytes = size_t{256} * 1024;

}  // namespace

Fiber::Fiber(std::function<void()> body)
    : body_(std::move(body)), stack_(std::make_unique<std::byte[]>(kStackBytes)) {
    if (getcontext(&inside_) != 0) throw std::system_error(errno, std::generic_category());
    inside_.uc_stack.ss_sp = stack_.get();
    inside_.uc_stack.ss_size = kStackBytes;
    inside_.uc_link = &outside_;
    // makecontext passes integers only.
    const auto self = reinterpret_cast<uintptr_t>(this);
    makecontext(&inside_, reinterpret_cast<void (*)()>(&Fiber::enter), 2,
                static_cast<unsigned int>(self >> 32), static_cast<unsigned int>(self));
}

Fiber::~Fiber() = default;

void Fiber::enter(unsigned int high, unsigned int low) {
    reinterpret_cast<Fiber*>(uintptr_t{high} << 32 | low)->run();
}

void Fiber::run() {
    // No exception may leave a stack that has no caller.
    try {
        body_();
    } catch (...) {
        error_ = std::current_exception();
    }
    done_ = true;
}

void Fiber::resume() {
    swapcontext(&outside_, &inside_);
}

void Fiber::suspend() {
    swapcontext(&inside_, &outside_);
}

bool Fiber::done() const {
    if (done_ && error_) std::rethrow_exception(error_);
    return done_;
}

}  // namespace arraywright::sim
