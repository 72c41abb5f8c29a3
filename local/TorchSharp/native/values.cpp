// Conversion between arguments of managed code and libtorch's values.
#include "values.h"

#include <ATen/core/Generator.h>

namespace lzn {

template <typename T>
static c10::List<T> list(const Argument& argument) {
    c10::List<T> values;
    values.reserve(argument.count);
    auto source = static_cast<const T*>(argument.pointer);
    for (int32_t i = 0; i < argument.count; i++) values.push_back(source[i]);
    return values;
}

c10::IValue unpack(const Argument& argument) {
    switch (argument.tag) {
        case TensorTag: return borrow(static_cast<Handle>(argument.pointer));
        case Int: return argument.integer;
        case Double: return argument.real;
        case Bool: return argument.integer != 0;
        case Complex: {
            auto parts = static_cast<const double*>(argument.pointer);
            return c10::complex<double>(parts[0], parts[1]);
        }
        case IntList: return list<int64_t>(argument);
        case DoubleList: return list<double>(argument);
        case BoolList: return list<bool>(argument);
        case TensorList: {
            c10::List<at::Tensor> tensors;
            tensors.reserve(argument.count);
            auto handles = static_cast<const Handle*>(argument.pointer);
            for (int32_t i = 0; i < argument.count; i++) tensors.push_back(borrow(handles[i]));
            return tensors;
        }
        case OptionalTensorList: {
            c10::List<c10::optional<at::Tensor>> tensors;
            tensors.reserve(argument.count);
            auto handles = static_cast<const Handle*>(argument.pointer);
            for (int32_t i = 0; i < argument.count; i++)
                tensors.push_back(handles[i] ? c10::optional<at::Tensor>(borrow(handles[i])) : c10::nullopt);
            return tensors;
        }
        case String: return std::string(static_cast<const char*>(argument.pointer), argument.count);
        case DeviceTag: return device(argument.pair[0], argument.pair[1]);
        case GeneratorTag: return *static_cast<at::Generator*>(argument.pointer);
        default: return c10::IValue();
    }
}

Argument pack(c10::IValue& value) {
    Argument result{None, 0, {nullptr}};
    if (value.isTensor()) {
        result.tag = TensorTag;
        result.pointer = own(std::move(value).toTensor());
    } else if (value.isInt()) {
        result.tag = Int;
        result.integer = value.toInt();
    } else if (value.isDouble()) {
        result.tag = Double;
        result.real = value.toDouble();
    } else if (value.isBool()) {
        result.tag = Bool;
        result.integer = value.toBool();
    } else if (value.isTensorList()) {
        auto tensors = value.toTensorVector();
        auto handles = new Handle[tensors.size()];
        for (size_t i = 0; i < tensors.size(); i++) handles[i] = own(std::move(tensors[i]));
        result.tag = TensorList;
        result.count = static_cast<int32_t>(tensors.size());
        result.pointer = handles;
    } else if (value.isTuple()) {
        auto elements = value.toTupleRef().elements().vec();
        auto values = new Argument[elements.size()];
        for (size_t i = 0; i < elements.size(); i++) values[i] = pack(elements[i]);
        result.tag = Tuple;
        result.count = static_cast<int32_t>(elements.size());
        result.pointer = values;
    } else if (!value.isNone()) {
        throw std::runtime_error("libtorch returned a " + value.tagKind() + ", which has no place in the managed API");
    }
    return result;
}

}  // namespace lzn

using namespace lzn;

LZN_API void lzn_free_handles(Handle* handles) { delete[] handles; }
LZN_API void lzn_free_values(Argument* values) { delete[] values; }
