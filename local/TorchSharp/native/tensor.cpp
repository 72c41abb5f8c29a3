// What is read of a tensor without an operator, and tensors from and to memory.
#include "shim.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/core/ScalarType.h>

using namespace lzn;

LZN_API void lzn_release(Handle tensor) {
    c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(tensor);
}

LZN_API Handle lzn_share(Handle tensor) { return own(borrow(tensor)); }

LZN_API int64_t lzn_dim(Handle tensor) { return tensor->dim(); }
LZN_API int64_t lzn_numel(Handle tensor) { return tensor->numel(); }
LZN_API int64_t lzn_element_size(Handle tensor) { return static_cast<int64_t>(tensor->dtype().itemsize()); }
LZN_API int32_t lzn_dtype(Handle tensor) { return static_cast<int32_t>(c10::typeMetaToScalarType(tensor->dtype())); }
LZN_API int32_t lzn_device_type(Handle tensor) { return static_cast<int32_t>(tensor->device().type()); }
LZN_API int32_t lzn_device_index(Handle tensor) { return tensor->device().index(); }
LZN_API int64_t lzn_storage_offset(Handle tensor) { return tensor->storage_offset(); }
LZN_API int32_t lzn_is_contiguous(Handle tensor) { return tensor->is_contiguous(); }
LZN_API int32_t lzn_is_sparse(Handle tensor) { return tensor->is_sparse(); }
LZN_API int32_t lzn_is_conj(Handle tensor) { return borrow(tensor).is_conj(); }
LZN_API int32_t lzn_is_neg(Handle tensor) { return borrow(tensor).is_neg(); }
LZN_API int64_t lzn_storage_bytes(Handle tensor) {
    return guarded<int64_t>(0, [&]() -> int64_t { return tensor->has_storage() ? static_cast<int64_t>(tensor->storage().nbytes()) : 0; });
}

LZN_API int32_t lzn_sizes(Handle tensor, int64_t* sizes) {
    return guarded<int32_t>(-1, [&] {
        auto source = tensor->sizes();
        std::copy(source.begin(), source.end(), sizes);
        return 0;
    });
}

LZN_API int32_t lzn_strides(Handle tensor, int64_t* strides) {
    return guarded<int32_t>(-1, [&] {
        auto source = tensor->strides();
        std::copy(source.begin(), source.end(), strides);
        return 0;
    });
}

// The address of the first element; null with an error when the tensor has no memory of its own.
LZN_API const void* lzn_data(Handle tensor, int32_t* failed) {
    *failed = 1;
    return guarded<const void*>(nullptr, [&]() -> const void* {
        const void* address = borrow(tensor).data_ptr();
        *failed = 0;
        return address;
    });
}

// A new CPU tensor with a copy of the elements at data (contiguous, row-major).
LZN_API Handle lzn_from_memory(const void* data, int64_t bytes, const int64_t* sizes, int32_t dim, int32_t dtype) {
    return guarded<Handle>(nullptr, [&] {
        auto tensor = at::empty(at::IntArrayRef(sizes, dim), at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype)));
        auto capacity = static_cast<int64_t>(tensor.nbytes());
        TORCH_CHECK(bytes == capacity, "a tensor of shape ", tensor.sizes(), " and type ", tensor.dtype(), " holds ", capacity, " bytes, ", bytes, " were given");
        if (bytes > 0) std::memcpy(tensor.data_ptr(), data, bytes);
        return own(tensor);
    });
}

LZN_API int32_t lzn_get_num_threads() { return at::get_num_threads(); }
LZN_API int32_t lzn_get_num_interop_threads() { return at::get_num_interop_threads(); }
LZN_API int32_t lzn_set_num_threads(int32_t count) {
    return guarded<int32_t>(-1, [&] { at::set_num_threads(count); return 0; });
}
LZN_API int32_t lzn_set_num_interop_threads(int32_t count) {
    return guarded<int32_t>(-1, [&] { at::set_num_interop_threads(count); return 0; });
}

LZN_API const char* lzn_torch_version() { return TORCH_VERSION; }
LZN_API const char* lzn_scalar_type_name(int32_t dtype) { return c10::toString(static_cast<c10::ScalarType>(dtype)); }
