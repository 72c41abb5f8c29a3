// TorchScript: programs that PyTorch saved, loaded and called.
#include "values.h"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <cstring>
#include <sstream>

using namespace lzn;
using torch::jit::Module;

LZN_API Module* lzn_script_load(const char* content, int64_t bytes, int32_t device_type, int32_t device_index) {
    return guarded<Module*>(nullptr, [&] {
        std::istringstream stream(std::string(content, static_cast<size_t>(bytes)));
        return new Module(torch::jit::load(stream, device(device_type, device_index)));
    });
}

LZN_API void lzn_script_release(Module* module) { delete module; }

// Calls a method; its result is one value, a tuple counting as one.
LZN_API int32_t lzn_script_call(Module* module, const char* method, const Argument* arguments, int32_t count, Argument* result) {
    return guarded<int32_t>(-1, [&] {
        auto found = module->find_method(method);
        if (!found) throw std::runtime_error(std::string("the module has no method '") + method + "'");
        std::vector<c10::IValue> stack;
        stack.reserve(count);
        for (int32_t i = 0; i < count; i++) stack.push_back(unpack(arguments[i]));
        auto value = (*found)(std::move(stack));
        *result = pack(value);
        return 0;
    });
}

LZN_API int32_t lzn_script_train(Module* module, int32_t on) {
    return guarded<int32_t>(-1, [&] { module->train(on != 0); return 0; });
}

LZN_API int32_t lzn_script_is_training(Module* module) {
    return guarded<int32_t>(-1, [&] { return static_cast<int32_t>(module->is_training()); });
}

// A negative type leaves the element type, or the device, as it is.
LZN_API int32_t lzn_script_to(Module* module, int32_t device_type, int32_t device_index, int32_t dtype) {
    return guarded<int32_t>(-1, [&] {
        if (device_type >= 0) module->to(device(device_type, device_index));
        if (dtype >= 0) module->to(static_cast<c10::ScalarType>(dtype));
        return 0;
    });
}

// How many parameters (or buffers) the module has, with those below it.
LZN_API int32_t lzn_script_count(Module* module, int32_t buffers) {
    return guarded<int32_t>(-1, [&] { return static_cast<int32_t>(buffers ? module->named_buffers().size() : module->named_parameters().size()); });
}

// Fills the tensors and names (each to be freed by lzn_free_text) of as many parameters or buffers as were counted.
LZN_API int32_t lzn_script_tensors(Module* module, int32_t buffers, Handle* tensors, char** names) {
    return guarded<int32_t>(-1, [&] {
        auto take = [&](const auto& list) {
            int32_t i = 0;
            for (const auto& entry : list) {
                tensors[i] = own(entry.value);
                names[i] = new char[entry.name.size() + 1];
                std::memcpy(names[i++], entry.name.c_str(), entry.name.size() + 1);
            }
        };
        if (buffers) take(module->named_buffers());
        else take(module->named_parameters());
        return 0;
    });
}

LZN_API void lzn_free_text(char* text) { delete[] text; }
