using System.Diagnostics.CodeAnalysis;
using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>TorchScript: programs that were saved by PyTorch.</summary>
    [SuppressMessage("Design", "CA1724", Justification = "the package's name")]
    public static partial class jit
    {
        /// <summary>Loads a program that <c>torch.jit.save</c> wrote.</summary>
        /// <param name="device_type">Where its tensors shall be.</param>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        public static ScriptModule load(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) => new(Load(filename, device_type, device_index));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule load(byte[] bytes, DeviceType device_type = DeviceType.CPU, long device_index = -1) => new(Load(bytes, device_type, device_index));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule load(string filename, Device map_location) => load(filename, map_location.type, map_location.index);

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule load(byte[] bytes, Device map_location) => load(bytes, map_location.type, map_location.index);

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule load(string filename, string map_location) => load(filename, new Device(map_location));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule load(byte[] bytes, string map_location) => load(bytes, new Device(map_location));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule<TResult> load<TResult>(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) =>
            new(Load(filename, device_type, device_index));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule<TResult> load<TResult>(byte[] bytes, DeviceType device_type = DeviceType.CPU, long device_index = -1) =>
            new(Load(bytes, device_type, device_index));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule<TResult> load<TResult>(string filename, Device map_location) => load<TResult>(filename, map_location.type, map_location.index);

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule<TResult> load<TResult>(byte[] bytes, Device map_location) => load<TResult>(bytes, map_location.type, map_location.index);

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule<T1, TResult> load<T1, TResult>(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) =>
            new(Load(filename, device_type, device_index));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule<T1, TResult> load<T1, TResult>(byte[] bytes, DeviceType device_type = DeviceType.CPU, long device_index = -1) =>
            new(Load(bytes, device_type, device_index));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule<T1, TResult> load<T1, TResult>(string filename, Device map_location) => load<T1, TResult>(filename, map_location.type, map_location.index);

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule<T1, TResult> load<T1, TResult>(byte[] bytes, Device map_location) => load<T1, TResult>(bytes, map_location.type, map_location.index);

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule<T1, T2, TResult> load<T1, T2, TResult>(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) =>
            new(Load(filename, device_type, device_index));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule<T1, T2, TResult> load<T1, T2, TResult>(byte[] bytes, DeviceType device_type = DeviceType.CPU, long device_index = -1) =>
            new(Load(bytes, device_type, device_index));

        private static nint Load(string filename, DeviceType type, long index) =>
            File.Exists(filename) ? Load(File.ReadAllBytes(filename), type, index) : throw new FileNotFoundException(filename);

        private static unsafe nint Load(byte[] bytes, DeviceType type, long index)
        {
            if (type == DeviceType.CUDA && !cuda_is_available()) throw new InvalidOperationException("CUDA is not available.");
            fixed (byte* content = bytes)
                return Native.Check(Native.lzn_script_load(content, bytes.LongLength, (int)type, type == DeviceType.CUDA ? (int)index : -1), "torch.jit.load");
        }
    }
}
