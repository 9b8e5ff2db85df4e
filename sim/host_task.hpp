// A host-side sequence of register accesses, as a coroutine. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

namespace arraywright::sim {

/// Runs until it waits for the bus; LiteMaster resumes it at the clock edge that answers.
/// The same sequence runs under SystemC and in a bare loop. `co_await task` runs a part.
class [[nodiscard]] HostTask {
public:
    struct promise_type {
        std::exception_ptr error;
        std::coroutine_handle<> caller = std::noop_coroutine();

        /// Goes on with the sequence that awaited this one.
        struct ReturnToCaller {
            bool await_ready() noexcept { return false; }
            std::coroutine_handle<> await_suspend(
                std::coroutine_handle<promise_type> self) noexcept {
                return self.promise().caller;
            }
            void await_resume() noexcept {}
        };

        HostTask get_return_object() {
            return HostTask(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        ReturnToCaller final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { error = std::current_exception(); }
    };

    HostTask() = default;
    explicit HostTask(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
    HostTask(HostTask&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    HostTask& operator=(HostTask&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~HostTask() {
        if (handle_) handle_.destroy();
    }

    void start() { handle_.resume(); }
    /// Rethrows what the sequence threw.
    bool done() const {
        if (!handle_ || !handle_.done()) return false;
        if (handle_.promise().error) std::rethrow_exception(handle_.promise().error);
        return true;
    }

    bool await_ready() const { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) {
        handle_.promise().caller = caller;
        return handle_;
    }
    void await_resume() const {
        if (handle_.promise().error) std::rethrow_exception(handle_.promise().error);
    }

private:
    std::coroutine_handle<promise_type> handle_;
};

}  // namespace arraywright::sim
