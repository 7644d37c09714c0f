#include <atomic>
#include <hnswlib/hnswlib.h>
#include <thread>
#include "driver.hpp"

// Calls body(i) for 0 to count − 1 on so many threads.
template <class Body>
static void parallel(size_t count, int threads, Body body) {
    if (threads == 1) {
        for (size_t i = 0; i < count; i++) body(i);
        return;
    }
    std::atomic<size_t> next{0};
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; t++)
        workers.emplace_back([&] {
            for (size_t i; (i = next.fetch_add(16)) < count;)
                for (size_t j = i; j < std::min(count, i + 16); j++) body(j);
        });
    for (auto& worker : workers) worker.join();
}

int main(int argc, char** argv) {
    Case c = read_case(argc, argv);
    hnswlib::InnerProductSpace space(c.dimensions);
    double start = now(c, c.threads);
    hnswlib::HierarchicalNSW<float> index(&space, c.count, c.m, c.ef_construction);
    index.addPoint(c.base.data(), 0);
    parallel(c.count - 1, c.threads, [&](size_t i) { index.addPoint(c.base.data() + (i + 1) * c.dimensions, i + 1); });
    double built = now(c, c.threads) - start;
    return serve(c, built,
        [&](int ef, int k, int threads, int32_t* ids) {
            index.setEf(ef);
            parallel(c.query_count, threads, [&](size_t q) {
                auto found = index.searchKnn(c.queries.data() + q * c.dimensions, k);
                for (int i = static_cast<int>(found.size()) - 1; i >= 0; i--) {
                    ids[q * k + i] = static_cast<int32_t>(found.top().second);
                    found.pop();
                }
            });
        },
        [&](const std::string& path) { index.saveIndex(path); });
}
