// Generators, devices and their memory.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/core/Generator.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#if LZN_TORCH_AT_LEAST(2, 9)
#include <c10/core/CachingDeviceAllocator.h>
#endif

#include <mutex>

using namespace lzn;

// CUDA is built into another library than the one we link; a missing driver or library means "no device", not an error.
static c10::DeviceIndex cuda_devices() {
    if (!c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA) || !at::globalContext().hasCUDA()) return 0;
    return c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount();
}

LZN_API int32_t lzn_cuda_device_count() {
    return guarded<int32_t>(0, [] { return static_cast<int32_t>(cuda_devices()); });
}
LZN_API int32_t lzn_cuda_has_cudnn() {
    return guarded<int32_t>(0, [] { return static_cast<int32_t>(cuda_devices() > 0 && at::globalContext().hasCuDNN()); });
}
LZN_API int32_t lzn_cuda_synchronize(int32_t index) {
    return guarded<int32_t>(-1, [&] {
        TORCH_CHECK(cuda_devices() > 0, "no CUDA device is available");
        auto guard = c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA);
        auto target = index < 0 ? guard->getDevice() : device(static_cast<int32_t>(c10::DeviceType::CUDA), index);
#if LZN_TORCH_AT_LEAST(2, 5)
        guard->synchronizeDevice(target.index());
#else
        guard->synchronizeStream(guard->getStream(target));
#endif
        return 0;
    });
}

// Bytes held now and at most, and bytes reserved from the driver. -1 where this libtorch does not tell without CUDA's own headers.
LZN_API int32_t lzn_cuda_memory(int32_t index, int64_t* allocated, int64_t* peak, int64_t* reserved) {
    return guarded<int32_t>(-1, [&] {
        TORCH_CHECK(cuda_devices() > 0, "no CUDA device is available");
        *allocated = *peak = *reserved = -1;
#if LZN_TORCH_AT_LEAST(2, 9)
        auto stats = c10::getDeviceAllocator(c10::DeviceType::CUDA)->getDeviceStats(static_cast<c10::DeviceIndex>(index));
        *allocated = stats.allocated_bytes[0].current;
        *peak = stats.allocated_bytes[0].peak;
        *reserved = stats.reserved_bytes[0].current;
#endif
        return 0;
    });
}

LZN_API at::Generator* lzn_generator_default(int32_t type, int32_t index) {
    return guarded<at::Generator*>(nullptr, [&] { return new at::Generator(at::globalContext().defaultGenerator(device(type, index))); });
}

LZN_API at::Generator* lzn_generator_new(int32_t type, int32_t index, uint64_t seed) {
    return guarded<at::Generator*>(nullptr, [&] {
        auto target = device(type, index);
        auto generator = target.is_cpu() ? at::make_generator<at::CPUGeneratorImpl>(seed) : at::globalContext().defaultGenerator(target).clone();
        generator.set_current_seed(seed);
        return new at::Generator(std::move(generator));
    });
}

LZN_API void lzn_generator_release(at::Generator* generator) { delete generator; }

LZN_API int32_t lzn_generator_seed(at::Generator* generator, uint64_t seed) {
    return guarded<int32_t>(-1, [&] {
        std::lock_guard<std::mutex> lock(generator->mutex());
        generator->set_current_seed(seed);
        return 0;
    });
}
LZN_API uint64_t lzn_generator_initial_seed(at::Generator* generator) { return generator->current_seed(); }

LZN_API Handle lzn_generator_state(at::Generator* generator) {
    return guarded<Handle>(nullptr, [&] {
        std::lock_guard<std::mutex> lock(generator->mutex());
        return own(generator->get_state());
    });
}
LZN_API int32_t lzn_generator_set_state(at::Generator* generator, Handle state) {
    return guarded<int32_t>(-1, [&] {
        std::lock_guard<std::mutex> lock(generator->mutex());
        generator->set_state(borrow(state));
        return 0;
    });
}

// Seeds the generators of every device, as torch.manual_seed does.
LZN_API int32_t lzn_manual_seed(uint64_t seed) {
    return guarded<int32_t>(-1, [&] {
        auto reseed = [&](const at::Generator& default_generator) {
            auto generator = default_generator;
            std::lock_guard<std::mutex> lock(generator.mutex());
            generator.set_current_seed(seed);
        };
        reseed(at::globalContext().defaultGenerator(c10::Device(c10::DeviceType::CPU)));
        for (c10::DeviceIndex i = 0; i < cuda_devices(); i++) reseed(at::globalContext().defaultGenerator(c10::Device(c10::DeviceType::CUDA, i)));
        return 0;
    });
}
