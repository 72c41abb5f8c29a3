using Lzn.Torch.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements' memory, without a copy: a contiguous tensor on the CPU. Valid as long as the tensor is not disposed.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new InvalidOperationException($"{nameof(bytes)} needs a contiguous tensor; call contiguous() first.");
                var size = NumberOfElements * ElementSize;
                if (size > int.MaxValue) throw new InvalidOperationException($"A span holds at most {int.MaxValue} bytes; the tensor has {size}.");
                return new Span<byte>(DataPointer(), (int)size);
            }

            set
            {
                var target = bytes;
                if (value.Length != target.Length)
                    throw new ArgumentException($"The tensor holds {target.Length} bytes, {value.Length} were given.", nameof(value));
                value.CopyTo(target);
            }
        }

        /// <summary>Typed access to the elements of a CPU tensor, without a copy and honouring strides.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(this);
        }

        /// <summary>The value of a tensor of one element, of type <typeparamref name="T"/>. Elements on another device are fetched.</summary>
        public unsafe T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException($"Number of elements in the tensor must be 1; it is {NumberOfElements}.");
            ValidateType(typeof(T));
            if (is_cpu()) return *(T*)DataPointer();
            using var local = cpu();
            return *(T*)local.DataPointer();
        }

        public T ReadCpuValue<T>(long i) where T : unmanaged => data<T>()[i];
        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);

        public Scalar ToScalar() => dtype switch
        {
            ScalarType.Bool => item<bool>(),
            ScalarType.Byte => item<byte>(),
            ScalarType.Int8 => item<sbyte>(),
            ScalarType.Int16 => item<short>(),
            ScalarType.Int32 => item<int>(),
            ScalarType.Int64 => item<long>(),
            ScalarType.Float16 => item<Half>(),
            ScalarType.BFloat16 => item<BFloat16>(),
            ScalarType.Float32 => item<float>(),
            ScalarType.Float64 => item<double>(),
            ScalarType.ComplexFloat32 => item<(float, float)>(),
            ScalarType.ComplexFloat64 => item<System.Numerics.Complex>(),
            var other => throw new NotSupportedException($"An element of type {other} has no .NET number."),
        };

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            foreach (var chunk in Chunks(bufferSize)) stream.Write(chunk.Span);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            foreach (var chunk in Chunks(bufferSize)) stream.ReadExactly(chunk.Span);
        }

        internal unsafe void* DataPointer()
        {
            if (!is_cpu())
                throw new InvalidOperationException($"The tensor lies on {device}, whose memory cannot be read directly; copy it with cpu() first.");
            int failed;
            var address = Native.lzn_data(Handle, &failed);
            GC.KeepAlive(this);
            return failed == 0 ? address : throw Native.Error(nameof(data));
        }

        internal void ValidateType(Type element)
        {
            var expected = ScalarTypeOf(element);
            if (expected != dtype) throw new ArgumentException($"The tensor's elements are {dtype}; they cannot be read as {element.Name} ({expected}).");
        }

        /// <summary>The memory in pieces: a tensor may be longer than a span can be.</summary>
        private IEnumerable<UnmanagedMemory> Chunks(int bufferSize)
        {
            if (!is_contiguous()) throw new InvalidOperationException("Reading or writing bytes needs a contiguous tensor; call contiguous() first.");
            var total = NumberOfElements * ElementSize;
            var step = Math.Max(bufferSize, 1 << 20);
            for (var offset = 0L; offset < total; offset += step) yield return new UnmanagedMemory(this, offset, (int)Math.Min(step, total - offset));
        }

        private readonly struct UnmanagedMemory(Tensor owner, long offset, int length)
        {
            internal unsafe Span<byte> Span => new((byte*)owner.DataPointer() + offset, length);
        }
    }
}
