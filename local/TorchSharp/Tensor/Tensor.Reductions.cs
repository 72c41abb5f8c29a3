using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Aten.sum.Call(this, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Aten.sum_dim_IntList.Call(this, dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => sum(dim.ToArray(), keepdim, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1, dim2], keepdim, type);
        public Tensor mean() => Aten.mean.Call(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Aten.mean_dim.Call(this, dimensions, keepdim, type);
        public Tensor prod(ScalarType? type = null) => Aten.prod.Call(this, type);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Aten.prod_dim_int.Call(this, dim, keepdim, type);
        public Tensor nansum() => Aten.nansum.Call(this);
        public Tensor logsumexp(long dim, bool keepdim = false) => Aten.logsumexp.Call(this, new[] { dim }, keepdim);
        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.cumsum.Call(this, dim, type);
        public Tensor cumprod(long dim, ScalarType? type = null) => Aten.cumprod.Call(this, dim, type);
        public Tensor logcumsumexp(long dim) => Aten.logcumsumexp.Call(this, dim);
        public (Tensor values, Tensor indexes) cummax(long dim) => Aten.cummax.Call2(this, dim);
        public (Tensor values, Tensor indexes) cummin(long dim) => Aten.cummin.Call2(this, dim);

        public Tensor max() => Aten.max.Call(this);
        public Tensor max(Tensor other) => Aten.max_other.Call(this, other);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Aten.max_dim.Call2(this, dim, keepdim);
        public Tensor min() => Aten.min.Call(this);
        public Tensor min(Tensor other) => Aten.min_other.Call(this, other);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Aten.min_dim.Call2(this, dim, keepdim);
        public Tensor amax(params long[] dims) => Aten.amax.Call(this, dims);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => Into(Aten.amax.Call(this, dims.ToArray(), keepdim), @out);
        public Tensor amin(params long[] dims) => Aten.amin.Call(this, dims);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => Into(Aten.amin.Call(this, dims.ToArray(), keepdim), @out);
        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false) => Aten.aminmax.Call2(this, dim, keepdim);
        public Tensor argmax() => Aten.argmax.Call(this);
        public Tensor argmax(long dim, bool keepdim = false) => Aten.argmax.Call(this, dim, keepdim);
        public Tensor argmin() => Aten.argmin.Call(this);
        public Tensor argmin(long dim, bool keepdim = false) => Aten.argmin.Call(this, dim, keepdim);
        public Tensor all() => Aten.all.Call(this);
        public Tensor all(long dim, bool keepdim = false) => Aten.all_dim.Call(this, dim, keepdim);
        public Tensor any() => Aten.any.Call(this);
        public Tensor any(long dim, bool keepdim = false) => Aten.any_dim.Call(this, dim, keepdim);
        public Tensor count_nonzero(long[]? dims = null) => dims is null ? Aten.count_nonzero.Call(this) : Aten.count_nonzero_dim_IntList.Call(this, dims);
        public Tensor median() => Aten.median.Call(this);
        public Tensor nanmedian() => Aten.nanmedian.Call(this);
        public (Tensor values, Tensor indices) mode(long dim = -1L, bool keepdim = false) => Aten.mode.Call2(this, dim, keepdim);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.quantile.Call(this, q, dim, keepdim);

        public Tensor std(bool unbiased = true) => Aten.std.Call(this, unbiased);
        public Tensor std(
            long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            To(type, Aten.std_dim.Call(this, dimensions, unbiased, keepdim));
        public Tensor std(
            ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std(dimensions.ToArray(), unbiased, keepdim, type);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim], unbiased, keepdim, type);
        public Tensor var(bool unbiased = true) => Aten.var.Call(this, unbiased);
        public Tensor var(
            long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            To(type, Aten.var_dim.Call(this, dimensions, unbiased, keepdim));
        public Tensor var(
            ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var(dimensions.ToArray(), unbiased, keepdim, type);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim], unbiased, keepdim, type);
        public (Tensor std, Tensor mean) std_mean(bool unbiased = true) => Aten.std_mean.Call2(this, unbiased);
        public (Tensor @var, Tensor mean) var_mean(bool unbiased = true) => Aten.var_mean.Call2(this, unbiased);
        public (Tensor std, Tensor mean) std_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            var (deviation, average) = Aten.std_mean_dim.Call2(this, dimensions, unbiased, keepdim);
            return (To(type, deviation), To(type, average));
        }

        public Tensor norm(float p = 2.0f) => Aten.norm_Scalar.Call(this, p);
        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => Aten.norm_ScalarOpt_dim.Call(this, p, new long[] { dim }, keepdim);
        public Tensor dist(Tensor other, float p = 2.0f) => Aten.dist.Call(this, other, p);
        public Tensor bincount(Tensor? weights, long minlength = 0) => Aten.bincount.Call(this, weights, minlength);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Aten.histc.Call(this, bins, min, max);
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(
            bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (output, inverse, counts) = dim is { } d
                ? Aten.unique_dim.Call3(this, d, sorted, return_inverse, return_counts)
                : Aten._unique2.Call3(this, sorted, return_inverse, return_counts);
            return (output, Wanted(inverse, return_inverse), Wanted(counts, return_counts));
        }

        private static Tensor? Wanted(Tensor tensor, bool wanted)
        {
            if (wanted) return tensor;
            tensor.Dispose();
            return null;
        }

        private static Tensor Into(Tensor result, Tensor? target)
        {
            if (target is null) return result;
            using (result) return Aten.resize_as_.InPlace(target, target, result).copy_(result);
        }

        private static Tensor To(ScalarType? type, Tensor result) => type is { } wanted && wanted != result.dtype ? result.to_type(wanted, disposeAfter: true) : result;
    }
}
