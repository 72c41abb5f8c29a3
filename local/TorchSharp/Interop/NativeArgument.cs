using System.Runtime.InteropServices;

namespace Lzn.Torch.Interop;

/// <summary>One argument or result as the shim sees it (struct Argument in values.h): a value, or a pointer to <see cref="Count"/> values.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeArgument
{
    [FieldOffset(0)] internal ArgumentKind Kind;
    [FieldOffset(4)] internal int Count;
    [FieldOffset(8)] internal nint Pointer;
    [FieldOffset(8)] internal long Integer;
    [FieldOffset(8)] internal double Real;
}

/// <summary>Mirrors enum Tag in values.h.</summary>
internal enum ArgumentKind
{
    None, Tensor, Int, Double, Bool, Complex, IntList, DoubleList, BoolList, TensorList, OptionalTensorList, String, Device, Generator, Tuple,
}
