// What both peers' drivers share: arguments, vectors, and the loop that answers the bench.
// Arguments: base-file count dimensions query-file queries M efConstruction threads wall|cpu
// Then on stdin: "search EF K THREADS OUT-FILE" or "save FILE"; every answer is one line.
#pragma once
#include <ctime>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

struct Case {
    std::vector<float> base, queries;
    size_t count, dimensions, query_count;
    int m, ef_construction, threads;
    bool cpu;
};

inline std::vector<float> read_floats(const char* path, size_t count) {
    std::vector<float> values(count);
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(float)));
    if (!file) { std::cerr << "cannot read " << count << " floats from " << path << "\n"; std::exit(2); }
    return values;
}

inline Case read_case(int argc, char** argv) {
    if (argc != 10) { std::cerr << "usage: driver base count dimensions queries count M efConstruction threads\n"; std::exit(2); }
    Case c;
    c.count = std::strtoull(argv[2], nullptr, 10);
    c.dimensions = std::strtoull(argv[3], nullptr, 10);
    c.query_count = std::strtoull(argv[5], nullptr, 10);
    c.base = read_floats(argv[1], c.count * c.dimensions);
    c.queries = read_floats(argv[4], c.query_count * c.dimensions);
    c.m = std::atoi(argv[6]);
    c.ef_construction = std::atoi(argv[7]);
    c.threads = std::atoi(argv[8]);
    c.cpu = std::string(argv[9]) == "cpu";
    return c;
}

// On the wall, or processor time of this thread when it alone works.
inline double now(const Case& c, int threads) {
    timespec time;
    clock_gettime(c.cpu && threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// search(ef, k, threads, ids) answers all queries; save(path) writes the index.
template <class Search, class Save>
int serve(const Case& c, double build_seconds, Search search, Save save) {
    std::cout << "built " << build_seconds << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line);
        std::string verb, path;
        words >> verb;
        if (verb == "search") {
            int ef, k, threads;
            words >> ef >> k >> threads >> path;
            std::vector<int32_t> ids(c.query_count * k, -1);
            double start = now(c, threads);
            search(ef, k, threads, ids.data());
            double seconds = now(c, threads) - start;
            std::ofstream(path, std::ios::binary).write(reinterpret_cast<char*>(ids.data()), static_cast<std::streamsize>(ids.size() * 4));
            std::cout << "searched " << seconds << std::endl;
        } else if (verb == "save") {
            words >> path;
            save(path);
            std::cout << "saved 0" << std::endl;
        }
    }
    return 0;
}
