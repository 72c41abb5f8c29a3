using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Aten.view.Call(this, shape);
        public Tensor view_as(Tensor other) => view(other.shape);
        public Tensor reshape(params long[] shape) => Aten.reshape.Call(this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.flatten_using_ints.Call(this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes)
        {
            var current = shape;
            var place = dim < 0 ? dim + current.Length : dim;
            return reshape([.. current[..(int)place], .. sizes, .. current[(int)(place + 1)..]]);
        }

        public Tensor ravel() => Aten.ravel.Call(this);
        public Tensor squeeze(long? dim = null) => dim is { } d ? Aten.squeeze_dim.Call(this, d) : Aten.squeeze.Call(this);
        public Tensor squeeze_(long? dim = null) => dim is { } d ? Aten.squeeze__dim.InPlace(this, this, d) : Aten.squeeze_.InPlace(this, this);
        public Tensor unsqueeze(long dim) => Aten.unsqueeze.Call(this, dim);
        public Tensor unsqueeze_(long dim) => Aten.unsqueeze_.InPlace(this, this, dim);
        public Tensor permute(params long[] permutation) => Aten.permute.Call(this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());
        public Tensor transpose(long dim0, long dim1) => Aten.transpose_int.Call(this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Aten.transpose_.InPlace(this, this, dim0, dim1);
        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor movedim(long[] source, long[] destination) => Aten.movedim_intlist.Call(this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);
        public Tensor t() => Aten.t.Call(this);
        public Tensor T => Aten.numpy_T.Call(this);
        public Tensor mT => Aten.mT.Call(this);
        public Tensor mH => Aten.mH.Call(this);
        public Tensor H => Aten.matrix_H.Call(this);
        public Tensor adjoint() => Aten.adjoint.Call(this);

        public Tensor expand(params long[] sizes) => Aten.expand.Call(this, sizes);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Aten.expand.Call(this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => expand(sizes.ToArray(), isImplicit);
        public Tensor expand_as(Tensor other) => expand(other.shape);
        public Tensor broadcast_to(params long[] shape) => Aten.broadcast_to.Call(this, shape);
        public Tensor repeat(params long[] sizes) => Aten.repeat.Call(this, sizes);
        public Tensor repeat_interleave(
            long repeats, long? dim = null, long? output_size = null) => Aten.repeat_interleave_self_int.Call(this, repeats, dim, output_size);
        public Tensor repeat_interleave(
            Tensor repeats, long? dim = null, long? output_size = null) => Aten.repeat_interleave_self_Tensor.Call(this, repeats, dim, output_size);
        public Tensor tile(long[] reps) => Aten.tile.Call(this, reps);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L) => Aten.as_strided.Call(this, size, strides, storageOffset);
        public Tensor unfold(long dimension, long size, long step) => Aten.unfold.Call(this, dimension, size, step);
        public Tensor flip(params long[] dims) => Aten.flip.Call(this, dims);
        public Tensor fliplr() => Aten.fliplr.Call(this);
        public Tensor flipud() => Aten.flipud.Call(this);
        public Tensor roll(long shifts, long? dims = null) => Aten.roll.Call(this, new[] { shifts }, dims is { } d ? [d] : Array.Empty<long>());
        public Tensor roll(long[] shifts, long[] dims) => Aten.roll.Call(this, shifts, dims);
        public Tensor rot90(long k = 1, (long, long)? dims = null) => Aten.rot90.Call(this, k, dims is { } d ? [d.Item1, d.Item2] : new long[] { 0, 1 });
        public Tensor contiguous() => Aten.contiguous.Call(this);
        public Tensor view_as_complex() => Aten.view_as_complex.Call(this);
        public Tensor view_as_real() => Aten.view_as_real.Call(this);
        public Tensor real => Aten.real.Call(this);
        public Tensor imag => Aten.imag.Call(this);

        public Tensor[] split(long size, int dim = 0) => Aten.split_Tensor.CallList(this, size, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => Aten.split_with_sizes.CallList(this, sizes, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => split(sizes.ToArray(), dim);
        public Tensor[] tensor_split(long size, long dim = 0L) => Aten.tensor_split_sections.CallList(this, size, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0L) => Aten.tensor_split_indices.CallList(this, sizes, dim);
        public Tensor[] chunk(long chunks, long dim = 0L) => Aten.chunk.CallList(this, chunks, dim);
        public Tensor[] unbind(long dimension = 0L) => Aten.unbind_int.CallList(this, dimension);

        public Tensor tril(long diagonal = 0) => Aten.tril.Call(this, diagonal);
        public Tensor tril_(long diagonal = 0) => Aten.tril_.InPlace(this, this, diagonal);
        public Tensor triu(long diagonal = 0) => Aten.triu.Call(this, diagonal);
        public Tensor triu_(long diagonal = 0) => Aten.triu_.InPlace(this, this, diagonal);
        public Tensor diag(long diagonal = 0) => Aten.diag.Call(this, diagonal);
        public Tensor diag_embed(long offset = 0L, long dim1 = -2L, long dim2 = -1L) => Aten.diag_embed.Call(this, offset, dim1, dim2);
        public Tensor diagonal(long offset = 0L, long dim1 = 0L, long dim2 = 1L) => Aten.diagonal.Call(this, offset, dim1, dim2);
        public Tensor trace() => Aten.trace.Call(this);
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => Aten.diff.Call(this, n, dim, prepend, append);
        public Tensor atleast_1d() => Aten.atleast_1d.Call(this);
        public Tensor atleast_2d() => Aten.atleast_2d.Call(this);
        public Tensor atleast_3d() => Aten.atleast_3d.Call(this);
    }
}
