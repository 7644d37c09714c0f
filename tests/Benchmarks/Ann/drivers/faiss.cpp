#include <faiss/IndexHNSW.h>
#include <faiss/index_io.h>
#include <omp.h>
#include "driver.hpp"

int main(int argc, char** argv) {
    Case c = read_case(argc, argv);
    omp_set_num_threads(c.threads);
    double start = now(c, c.threads);
    faiss::IndexHNSWFlat index(static_cast<int>(c.dimensions), c.m, faiss::METRIC_INNER_PRODUCT);
    index.hnsw.efConstruction = c.ef_construction;
    index.add(static_cast<faiss::Index::idx_t>(c.count), c.base.data());
    double built = now(c, c.threads) - start;
    std::vector<faiss::Index::idx_t> labels;
    std::vector<float> distances;
    return serve(c, built,
        [&](int ef, int k, int threads, int32_t* ids) {
            omp_set_num_threads(threads);
            index.hnsw.efSearch = ef;
            labels.resize(c.query_count * k);
            distances.resize(c.query_count * k);
            index.search(static_cast<faiss::Index::idx_t>(c.query_count), c.queries.data(), k, distances.data(), labels.data());
            for (size_t i = 0; i < labels.size(); i++) ids[i] = static_cast<int32_t>(labels[i]);
        },
        [&](const std::string& path) { faiss::write_index(&index, path.c_str()); });
}
