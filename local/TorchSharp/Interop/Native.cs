using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]

namespace Lzn.Torch.Interop;

/// <summary>The C interface of liblzn_torch.so (native/*.cpp). Calls that only read a field skip the garbage collector's transition.</summary>
internal static unsafe partial class Native
{
    private const string Library = "liblzn_torch.so";

    [LibraryImport(Library)] internal static partial byte* lzn_last_error();
    [LibraryImport(Library)] internal static partial void lzn_set_error(byte* message);
    [LibraryImport(Library)] internal static partial nint lzn_op(byte* name, byte* overload);
    [LibraryImport(Library)] internal static partial int lzn_call(nint op, NativeArgument* arguments, int count, NativeArgument* results, int capacity);
    [LibraryImport(Library)] internal static partial void lzn_free_handles(nint handles);
    [LibraryImport(Library)] internal static partial void lzn_free_values(nint values);
    [LibraryImport(Library)] internal static partial void lzn_free_text(nint text);

    [LibraryImport(Library)] internal static partial void lzn_release(nint tensor);
    [LibraryImport(Library)] internal static partial nint lzn_share(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long lzn_dim(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long lzn_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long lzn_element_size(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int lzn_dtype(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int lzn_device_type(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int lzn_device_index(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long lzn_storage_offset(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long lzn_storage_bytes(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int lzn_is_contiguous(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int lzn_is_sparse(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int lzn_is_conj(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int lzn_is_neg(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int lzn_requires_grad(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int lzn_is_leaf(nint tensor);
    [LibraryImport(Library)] internal static partial int lzn_sizes(nint tensor, long* sizes);
    [LibraryImport(Library)] internal static partial int lzn_strides(nint tensor, long* strides);
    [LibraryImport(Library)] internal static partial void* lzn_data(nint tensor, int* failed);
    [LibraryImport(Library)] internal static partial nint lzn_from_memory(void* data, long bytes, long* sizes, int dim, int dtype);

    [LibraryImport(Library)] internal static partial int lzn_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] internal static partial int lzn_retain_grad(nint tensor);
    [LibraryImport(Library)] internal static partial nint lzn_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int lzn_set_grad(nint tensor, nint grad);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int lzn_grad_enabled();
    [LibraryImport(Library), SuppressGCTransition] internal static partial void lzn_set_grad_enabled(int enabled);
    [LibraryImport(Library)] internal static partial int lzn_inference_enabled();
    [LibraryImport(Library)] internal static partial nint lzn_inference_begin(int enabled);
    [LibraryImport(Library)] internal static partial void lzn_inference_end(nint guard);
    [LibraryImport(Library)] internal static partial int lzn_anomaly_enabled();
    [LibraryImport(Library)] internal static partial int lzn_anomaly_checks_nan();
    [LibraryImport(Library)] internal static partial void lzn_set_anomaly(int enabled, int checkNan);
    [LibraryImport(Library)]
    internal static partial int lzn_backward(nint* tensors, int count, nint* grads, int gradCount, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Library)]
    internal static partial int lzn_gradients(
        nint* outputs, int count, nint* inputs, int inputCount, nint* grads, int gradCount, int retainGraph, int createGraph, int allowUnused, nint* results);

    [LibraryImport(Library)]
    internal static partial nint lzn_node_new(
        byte* name, nint state, delegate* unmanaged<nint, nint*, int, nint*, int, int> backward, delegate* unmanaged<nint, void> released);
    [LibraryImport(Library)] internal static partial void lzn_node_release(nint node);
    [LibraryImport(Library)] internal static partial nint lzn_node_address(nint node);
    [LibraryImport(Library)] internal static partial void lzn_node_materialize(nint address, int value);
    [LibraryImport(Library)] internal static partial int lzn_node_connect(nint node, nint* inputs, int count);
    [LibraryImport(Library)] internal static partial nint lzn_node_wrap(nint node, nint output, int isInput, int isDirty, int differentiable);
    [LibraryImport(Library)] internal static partial int lzn_node_save(nint node, nint* tensors, int count);
    [LibraryImport(Library)] internal static partial int lzn_node_saved_count(nint address);
    [LibraryImport(Library)] internal static partial int lzn_node_saved(nint address, nint* results);

    [LibraryImport(Library)] internal static partial nint lzn_generator_default(int type, int index);
    [LibraryImport(Library)] internal static partial nint lzn_generator_new(int type, int index, ulong seed);
    [LibraryImport(Library)] internal static partial void lzn_generator_release(nint generator);
    [LibraryImport(Library)] internal static partial int lzn_generator_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial ulong lzn_generator_initial_seed(nint generator);
    [LibraryImport(Library)] internal static partial nint lzn_generator_state(nint generator);
    [LibraryImport(Library)] internal static partial int lzn_generator_set_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial int lzn_manual_seed(ulong seed);

    [LibraryImport(Library)] internal static partial nint lzn_script_load(byte* content, long bytes, int deviceType, int deviceIndex);
    [LibraryImport(Library)] internal static partial void lzn_script_release(nint module);
    [LibraryImport(Library)] internal static partial int lzn_script_call(nint module, byte* method, NativeArgument* arguments, int count, NativeArgument* result);
    [LibraryImport(Library)] internal static partial int lzn_script_train(nint module, int on);
    [LibraryImport(Library)] internal static partial int lzn_script_is_training(nint module);
    [LibraryImport(Library)] internal static partial int lzn_script_to(nint module, int deviceType, int deviceIndex, int dtype);
    [LibraryImport(Library)] internal static partial int lzn_script_count(nint module, int buffers);
    [LibraryImport(Library)] internal static partial int lzn_script_tensors(nint module, int buffers, nint* tensors, nint* names);

    [LibraryImport(Library)] internal static partial int lzn_cuda_device_count();
    [LibraryImport(Library)] internal static partial int lzn_cuda_has_cudnn();
    [LibraryImport(Library)] internal static partial int lzn_cuda_synchronize(int index);
    [LibraryImport(Library)] internal static partial int lzn_cuda_memory(int index, long* allocated, long* peak, long* reserved);

    [LibraryImport(Library)] internal static partial int lzn_group_backends();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint lzn_store_new(string host, int port, int isServer, long timeoutMs);
    [LibraryImport(Library)] internal static partial int lzn_store_port(nint store);
    [LibraryImport(Library)] internal static partial void lzn_store_release(nint store);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint lzn_group_new(nint store, int backend, int rank, int size, string address, long timeoutMs);
    [LibraryImport(Library)] internal static partial void lzn_group_release(nint group);
    [LibraryImport(Library)] internal static partial nint lzn_group_all_reduce(nint group, nint tensor);
    [LibraryImport(Library)] internal static partial nint lzn_group_broadcast(nint group, nint tensor, int root);
    [LibraryImport(Library)] internal static partial nint lzn_group_all_gather(nint group, nint gathered, nint tensor);
    [LibraryImport(Library)] internal static partial nint lzn_group_barrier(nint group, int device);
    [LibraryImport(Library)] internal static partial int lzn_work_is_completed(nint work);
    [LibraryImport(Library)] internal static partial int lzn_work_wait(nint work, long timeoutMs);
    [LibraryImport(Library)] internal static partial void lzn_work_release(nint work);

    [LibraryImport(Library)] internal static partial int lzn_get_num_threads();
    [LibraryImport(Library)] internal static partial int lzn_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int lzn_get_num_interop_threads();
    [LibraryImport(Library)] internal static partial int lzn_set_num_interop_threads(int count);
    [LibraryImport(Library)] internal static partial byte* lzn_torch_version();

    /// <summary>The last error of this thread as the exception that the public package throws for what libtorch reports.</summary>
    internal static ExternalException Error(string where) => new($"{where}: {Marshal.PtrToStringUTF8((nint)lzn_last_error())}");

    internal static void Check(int status, [CallerMemberName] string where = "")
    {
        if (status < 0) throw Error(where);
    }

    internal static nint Check(nint result, [CallerMemberName] string where = "") => result != 0 ? result : throw Error(where);
}
