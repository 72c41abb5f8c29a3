using System.Runtime.InteropServices;
using System.Text;
using Lzn.Torch.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class jit
    {
        /// <summary>A program that PyTorch saved (<c>torch.jit.save</c>): weights and code, run by libtorch without Python.</summary>
        public class ScriptModule : nn.Module
        {
            private nint _handle;

            internal ScriptModule(nint handle)
                : base(string.Empty)
            {
                name = null;
                _handle = handle;
            }

            ~ScriptModule() => Dispose(false);

            public override bool training => Call(handle => Native.lzn_script_is_training(handle)) != 0;

            private nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(ScriptModule));

            /// <summary>Runs <c>forward</c>.</summary>
            /// <param name="input">Tensors, arrays of tensors, numbers, truth values or null.</param>
            /// <returns>A tensor, a tuple of up to five tensors or numbers, or an array for a list or a longer or mixed tuple; null for None.</returns>
            public object? forward(params object?[] input) => invoke(nameof(forward), input);

            /// <inheritdoc cref="forward"/>
            public object? call(params object?[] input) => forward(input);

            /// <summary>Runs a method of the program; see <see cref="forward"/>.</summary>
            public unsafe object? invoke(string name, params object?[] objs)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                var arguments = Array.ConvertAll(objs, ScriptValue.Argument);
                var packed = stackalloc NativeArgument[arguments.Length];
                var slots = new long[arguments.Sum(argument => argument.Slots)];
                NativeArgument result;
                fixed (long* first = slots)
                fixed (byte* method = Encoding.UTF8.GetBytes(name + '\0'))
                {
                    var free = first;
                    for (var i = 0; i < arguments.Length; i++) free = arguments[i].Pack(packed + i, free);
                    if (Native.lzn_script_call(Handle, method, packed, arguments.Length, &result) < 0) throw Native.Error($"TorchScript method {name}");
                }

                GC.KeepAlive(objs);
                GC.KeepAlive(this);
                return ScriptValue.Result(result);
            }

            public TResult invoke<TResult>(string name, params object?[] inputs) => (TResult)invoke(name, inputs)!; // a cast that fails says so

            public override void train(bool train = true) => Call(handle => Native.lzn_script_train(handle, train ? 1 : 0));

            public override void eval() => train(false);

            public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Tensors(buffers: false).Where(each => recurse || !each.Name.Contains('.', StringComparison.Ordinal)).Select(each => (each.Name, new Parameter(each.Tensor, each.Tensor.requires_grad)));

            public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                Tensors(buffers: true).Where(each => recurse || !each.Name.Contains('.', StringComparison.Ordinal));

            protected internal override nn.Module _to(Device? device, ScalarType? dtype, bool non_blocking)
            {
                Call(handle => Native.lzn_script_to(handle, device is null ? -1 : (int)device.type, device?.index ?? -1, dtype is { } type ? (int)type : -1));
                return this;
            }

            protected override void Dispose(bool disposing)
            {
                if (Interlocked.Exchange(ref _handle, 0) is var handle and not 0) Native.lzn_script_release(handle);
                base.Dispose(disposing: false); // it has no children of its own
            }

            private int Call(Func<nint, int> native)
            {
                var result = native(Handle);
                GC.KeepAlive(this);
                return result >= 0 ? result : throw Native.Error(nameof(ScriptModule));
            }

            private unsafe List<(string Name, Tensor Tensor)> Tensors(bool buffers)
            {
                var count = Call(handle => Native.lzn_script_count(handle, buffers ? 1 : 0));
                var (tensors, names) = (new nint[count], new nint[count]);
                fixed (nint* firstTensor = tensors, firstName = names)
                    Native.Check(Native.lzn_script_tensors(Handle, buffers ? 1 : 0, firstTensor, firstName));
                var all = new List<(string, Tensor)>(count);
                for (var i = 0; i < count; i++)
                {
                    all.Add((Marshal.PtrToStringUTF8(names[i])!, new Tensor(tensors[i]))); // the shim filled every name
                    Native.lzn_free_text(names[i]);
                }

                GC.KeepAlive(this);
                return all;
            }
        }

        /// <summary>A program whose inputs are tensors and whose result is known.</summary>
        public class ScriptModule<TResult> : ScriptModule, nn.IModule<Tensor[], TResult>
        {
            internal ScriptModule(nint handle) : base(handle) { }

            public TResult call(params Tensor[] input1) => forward(input1);

            public TResult forward(params Tensor[] tensor) => (TResult)base.forward([.. tensor])!; // a cast that fails says so
        }

        /// <summary>A program of one input.</summary>
        public class ScriptModule<T, TResult> : ScriptModule, nn.IModule<T, TResult>
        {
            internal ScriptModule(nint handle) : base(handle) { }

            public TResult call(T input1) => forward(input1);

            public TResult forward(T tensor) => (TResult)base.forward(tensor)!; // a cast that fails says so
        }

        /// <summary>A program of two inputs.</summary>
        public class ScriptModule<T1, T2, TResult> : ScriptModule, nn.IModule<T1, T2, TResult>
        {
            internal ScriptModule(nint handle) : base(handle) { }

            public TResult call(T1 input1, T2 input2) => forward(input1, input2);

            public TResult forward(T1 input1, T2 input2) => (TResult)base.forward(input1, input2)!; // a cast that fails says so
        }
    }
}
