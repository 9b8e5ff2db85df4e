// Runs on this machine. SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "generator/regress/engine.hpp"
#include "generator/regress/executor.hpp"

namespace arraywright::regress {

void run_locally(const PlanFile& plan, const std::vector<int64_t>& ids, const ResultStore& store,
                 const EngineOptions& options, const Progress& progress) {
    std::atomic<size_t> next{0};
    std::atomic<int32_t> working{options.jobs};
    std::mutex mutex;
    std::exception_ptr first_error;
    std::vector<std::thread> workers;
    for (int32_t i = 0; i < options.jobs; ++i) {
        workers.emplace_back([&] {
            try {
                for (size_t at = next++; at < ids.size(); at = next++)
                    store.add(execute(plan, ids[at], options.program));
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!first_error) first_error = std::current_exception();
                next = ids.size();
            }
            --working;
        });
    }
    while (working > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        progress();
    }
    for (std::thread& worker : workers) worker.join();
    if (first_error) std::rethrow_exception(first_error);
}

}  // namespace arraywright::regress
