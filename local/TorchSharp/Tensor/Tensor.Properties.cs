using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => Native.lzn_dim(Handle);
        public long ndim => Dimensions;
        public long NumberOfElements => Native.lzn_numel(Handle);
        public long ElementSize => Native.lzn_element_size(Handle);
        public ScalarType dtype => (ScalarType)Native.lzn_dtype(Handle);
        public DeviceType device_type => (DeviceType)Native.lzn_device_type(Handle);
        public int device_index => Native.lzn_device_index(Handle);
        public Device device => device_type == DeviceType.CPU ? CPU : new Device(device_type, device_index);
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_sparse => Native.lzn_is_sparse(Handle) != 0;
        public bool is_leaf => Native.lzn_is_leaf(Handle) != 0;

        public long[] shape => size();

        public bool requires_grad
        {
            get => Native.lzn_requires_grad(Handle) != 0;
            set
            {
                Native.Check(Native.lzn_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        /// <summary>The gradient that backward left here, as a new reference to it; null before.</summary>
        public Tensor? grad
        {
            get
            {
                var result = Native.lzn_grad(Handle);
                GC.KeepAlive(this);
                return result == 0 ? null : new Tensor(result);
            }
            set
            {
                Native.Check(Native.lzn_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public long dim() => Dimensions;
        public long numel() => NumberOfElements;
        public long element_size() => ElementSize;
        public long storage_offset() => Native.lzn_storage_offset(Handle);
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_contiguous() => Native.lzn_is_contiguous(Handle) != 0;
        public bool is_conj() => Native.lzn_is_conj(Handle) != 0;
        public bool is_neg() => Native.lzn_is_neg(Handle) != 0;
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_complex() => torch.is_complex(dtype);
        public bool is_nonzero() => Aten.is_nonzero.CallInteger(this) != 0;

        public unsafe long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* first = sizes) Native.Check(Native.lzn_sizes(Handle, first));
            GC.KeepAlive(this);
            return sizes;
        }

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* first = strides) Native.Check(Native.lzn_strides(Handle, first));
            GC.KeepAlive(this);
            return strides;
        }

        public long size(int dim) => Aten.size_int.CallInteger(this, dim);

        public long stride(int dim) => Aten.stride_int.CallInteger(this, dim);

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Keeps this non-leaf tensor's gradient in backward.</summary>
        public void retain_grad()
        {
            Native.Check(Native.lzn_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Whether both have the same shape and elements.</summary>
        public bool Equals(Tensor? target) => target is not null && Aten.equal.CallInteger(this, target) != 0;

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
