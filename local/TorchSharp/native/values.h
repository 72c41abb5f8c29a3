// Arguments and results as managed code sees them.
#pragma once

#include "shim.h"

#include <ATen/core/ivalue.h>

namespace lzn {

enum Tag : int32_t {
    None, TensorTag, Int, Double, Bool, Complex, IntList, DoubleList, BoolList, TensorList, OptionalTensorList, String, DeviceTag, GeneratorTag, Tuple
};

// Mirrors NativeArgument in managed code: 16 bytes, the value or a pointer to count values.
struct Argument {
    Tag tag;
    int32_t count;
    union {
        void* pointer;
        int64_t integer;
        double real;
        int32_t pair[2];
    };
};
static_assert(sizeof(Argument) == 16, "managed code relies on this layout");

c10::IValue unpack(const Argument& argument);

// What it points to is freed by lzn_free_handles or, for a tuple, by lzn_free_values.
Argument pack(c10::IValue& value);

}  // namespace lzn
