// Process groups: a store where the members meet, and collectives over Gloo (tensors in memory) or NCCL (tensors on CUDA devices).
// build.sh defines USE_C10D_GLOO and USE_C10D_NCCL where the library and the headers for them are at hand; without either there is nothing to join.
#include "shim.h"

#if defined(USE_C10D_GLOO) || defined(USE_C10D_NCCL)
#define LZN_HAS_GROUPS 1
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/csrc/distributed/c10d/Types.hpp>
#include <torch/csrc/distributed/c10d/Work.hpp>
#if LZN_TORCH_AT_LEAST(2, 0)
#include <torch/csrc/distributed/c10d/Backend.hpp>
#else
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#endif
#ifdef USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif
#endif

#include <chrono>

using namespace lzn;

namespace {

enum Backend : int32_t { Gloo = 1, Nccl = 2 };

#ifdef LZN_HAS_GROUPS
#if LZN_TORCH_AT_LEAST(2, 0)
using GroupBase = c10d::Backend;
#else
using GroupBase = c10d::ProcessGroup;
#endif
using Group = c10::intrusive_ptr<GroupBase>;
using Store = c10::intrusive_ptr<c10d::TCPStore>;
using Work = c10::intrusive_ptr<c10d::Work>;

Group connect(const Store& store, int32_t backend, int32_t rank, int32_t size, const char* address, std::chrono::milliseconds timeout) {
#ifdef USE_C10D_GLOO
    if (backend == Gloo) {
        auto options = c10d::ProcessGroupGloo::Options::create(timeout);
        options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(address));
        return c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, options);
    }
#endif
#ifdef USE_C10D_NCCL
    if (backend == Nccl) {
        auto options = c10d::ProcessGroupNCCL::Options::create();
        options->timeout = timeout;
        return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, size, options);
    }
#endif
    TORCH_CHECK(false, "this build of libtorch has no ", backend == Gloo ? "Gloo" : backend == Nccl ? "NCCL" : "backend of that number");
}

template <typename Start>
Work* started(Start&& start) {
    return guarded<Work*>(nullptr, [&] { return new Work(start()); });
}
#else
struct Group;
struct Store;
struct Work;

template <typename Result>
Result missing() {
    return guarded<Result>(Result(), []() -> Result { throw std::runtime_error("this build of libtorch has no process groups"); });
}
#endif

}  // namespace

LZN_API int32_t lzn_group_backends() {
    int32_t found = 0;
#ifdef USE_C10D_GLOO
    found |= Gloo;
#endif
#ifdef USE_C10D_NCCL
    found |= Nccl;
#endif
    return found;
}

#ifdef LZN_HAS_GROUPS

// A server takes the port that the system gives where port is 0; a client waits for its server until the time is up.
LZN_API Store* lzn_store_new(const char* host, int32_t port, int32_t is_server, int64_t timeout_ms) {
    return guarded<Store*>(nullptr, [&] {
        c10d::TCPStoreOptions options;
        options.port = static_cast<uint16_t>(port);
        options.isServer = is_server != 0;
        options.waitWorkers = false;
        options.timeout = std::chrono::milliseconds(timeout_ms);
        return new Store(c10::make_intrusive<c10d::TCPStore>(host, options));
    });
}
LZN_API int32_t lzn_store_port(Store* store) { return (*store)->getPort(); }
LZN_API void lzn_store_release(Store* store) { delete store; }

// address: of the network interface that Gloo listens on, as the other members reach it.
LZN_API Group* lzn_group_new(Store* store, int32_t backend, int32_t rank, int32_t size, const char* address, int64_t timeout_ms) {
    return guarded<Group*>(nullptr, [&] { return new Group(connect(*store, backend, rank, size, address, std::chrono::milliseconds(timeout_ms))); });
}
LZN_API void lzn_group_release(Group* group) { delete group; }

// Each member's tensor becomes the sum of all.
LZN_API Work* lzn_group_all_reduce(Group* group, Handle tensor) {
    return started([&] {
        std::vector<at::Tensor> tensors{borrow(tensor)};
        return (*group)->allreduce(tensors);
    });
}

LZN_API Work* lzn_group_broadcast(Group* group, Handle tensor, int32_t root) {
    return started([&] {
        std::vector<at::Tensor> tensors{borrow(tensor)};
        c10d::BroadcastOptions options;
        options.rootRank = root;
        return (*group)->broadcast(tensors, options);
    });
}

// gathered: contiguous, the members' tensors one after the other along its first dimension.
LZN_API Work* lzn_group_all_gather(Group* group, Handle gathered, Handle tensor) {
    return started([&] {
        auto whole = borrow(gathered);
        TORCH_CHECK(whole.is_contiguous(), "the gathered tensor must be contiguous");
        std::vector<std::vector<at::Tensor>> parts{whole.chunk((*group)->getSize())};
        TORCH_CHECK(static_cast<int>(parts[0].size()) == (*group)->getSize(), "a gathered tensor of shape ", whole.sizes(), " has no part for each of ", (*group)->getSize());
        std::vector<at::Tensor> own{borrow(tensor)};
        return (*group)->allgather(parts, own);
    });
}

// device: NCCL's barrier needs to know on which device it may wait; -1 for Gloo.
LZN_API Work* lzn_group_barrier(Group* group, int32_t device) {
    return started([&] {
        c10d::BarrierOptions options;
        if (device >= 0) options.device_ids = {device};
        return (*group)->barrier(options);
    });
}

LZN_API int32_t lzn_work_is_completed(Work* work) { return (*work)->isCompleted(); }
LZN_API int32_t lzn_work_wait(Work* work, int64_t timeout_ms) {
    return guarded<int32_t>(-1, [&] {
        TORCH_CHECK((*work)->wait(std::chrono::milliseconds(timeout_ms)), "the collective operation failed");
        return 0;
    });
}
LZN_API void lzn_work_release(Work* work) { delete work; }

#else

LZN_API Store* lzn_store_new(const char*, int32_t, int32_t, int64_t) { return missing<Store*>(); }
LZN_API int32_t lzn_store_port(Store*) { return 0; }
LZN_API void lzn_store_release(Store*) {}
LZN_API Group* lzn_group_new(Store*, int32_t, int32_t, int32_t, const char*, int64_t) { return missing<Group*>(); }
LZN_API void lzn_group_release(Group*) {}
LZN_API Work* lzn_group_all_reduce(Group*, Handle) { return missing<Work*>(); }
LZN_API Work* lzn_group_broadcast(Group*, Handle, int32_t) { return missing<Work*>(); }
LZN_API Work* lzn_group_all_gather(Group*, Handle, Handle) { return missing<Work*>(); }
LZN_API Work* lzn_group_barrier(Group*, int32_t) { return missing<Work*>(); }
LZN_API int32_t lzn_work_is_completed(Work*) { return 0; }
LZN_API int32_t lzn_work_wait(Work*, int64_t) { return missing<int32_t>() - 1; }
LZN_API void lzn_work_release(Work*) {}

#endif
