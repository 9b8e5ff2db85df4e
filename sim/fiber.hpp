// A function with a stack of its own that stops in the middle and goes on later.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace arraywright::sim {

/// Lets plain C code wait for a clock edge: it stops in a callback, and whoever owns the clock
/// resumes it. One thread; what happens when is as determined as a function call.
class Fiber {
public:
    explicit Fiber(std::function<void()> body);
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Runs the body until it suspends or ends.
    void resume();
    /// Called from inside the body: returns at the next resume.
    void suspend();
    /// Rethrows what the body threw.
    bool done() const;

private:
    static void enter(unsigned int high, unsigned int low);
    void run();

    std::function<void()> body_;
    std::unique_ptr<std::byte[]> stack_;
    ucontext_t outside_{};
    ucontext_t inside_{};
    bool done_ = false;
    std::exception_ptr error_;
};

}  // namespace arraywright::sim
