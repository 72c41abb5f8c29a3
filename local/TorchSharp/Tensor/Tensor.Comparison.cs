using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Aten.eq_Tensor.Call(this, target);
        public Tensor eq(Scalar target) => Aten.eq_Scalar.Call(this, target);
        public Tensor eq_(Tensor target) => Aten.eq__Tensor.InPlace(this, this, target);
        public Tensor eq_(Scalar target) => Aten.eq__Scalar.InPlace(this, this, target);
        public Tensor equal(Tensor target) => eq(target);

        public Tensor ne(Tensor target) => Aten.ne_Tensor.Call(this, target);
        public Tensor ne(Scalar target) => Aten.ne_Scalar.Call(this, target);
        public Tensor ne_(Tensor target) => Aten.ne__Tensor.InPlace(this, this, target);
        public Tensor ne_(Scalar target) => Aten.ne__Scalar.InPlace(this, this, target);
        public Tensor not_equal(Tensor target) => ne(target);

        public Tensor ge(Tensor target) => Aten.ge_Tensor.Call(this, target);
        public Tensor ge(Scalar target) => Aten.ge_Scalar.Call(this, target);
        public Tensor ge_(Tensor target) => Aten.ge__Tensor.InPlace(this, this, target);
        public Tensor ge_(Scalar target) => Aten.ge__Scalar.InPlace(this, this, target);
        public Tensor greater_equal(Tensor target) => ge(target);

        public Tensor gt(Tensor target) => Aten.gt_Tensor.Call(this, target);
        public Tensor gt(Scalar target) => Aten.gt_Scalar.Call(this, target);
        public Tensor gt_(Tensor target) => Aten.gt__Tensor.InPlace(this, this, target);
        public Tensor gt_(Scalar target) => Aten.gt__Scalar.InPlace(this, this, target);
        public Tensor greater(Tensor target) => gt(target);

        public Tensor le(Tensor target) => Aten.le_Tensor.Call(this, target);
        public Tensor le(Scalar target) => Aten.le_Scalar.Call(this, target);
        public Tensor le_(Tensor target) => Aten.le__Tensor.InPlace(this, this, target);
        public Tensor le_(Scalar target) => Aten.le__Scalar.InPlace(this, this, target);
        public Tensor less_equal(Tensor target) => le(target);

        public Tensor lt(Tensor target) => Aten.lt_Tensor.Call(this, target);
        public Tensor lt(Scalar target) => Aten.lt_Scalar.Call(this, target);
        public Tensor lt_(Tensor target) => Aten.lt__Tensor.InPlace(this, this, target);
        public Tensor lt_(Scalar target) => Aten.lt__Scalar.InPlace(this, this, target);
        public Tensor less(Tensor target) => lt(target);

        public Tensor bitwise_and(Tensor other) => Aten.bitwise_and_Tensor.Call(this, other);
        public Tensor bitwise_and_(Tensor other) => Aten.bitwise_and__Tensor.InPlace(this, this, other);
        public Tensor bitwise_or(Tensor other) => Aten.bitwise_or_Tensor.Call(this, other);
        public Tensor bitwise_or_(Tensor other) => Aten.bitwise_or__Tensor.InPlace(this, this, other);
        public Tensor bitwise_xor(Tensor other) => Aten.bitwise_xor_Tensor.Call(this, other);
        public Tensor bitwise_xor_(Tensor other) => Aten.bitwise_xor__Tensor.InPlace(this, this, other);
        public Tensor bitwise_left_shift(Tensor other) => Aten.bitwise_left_shift_Tensor.Call(this, other);
        public Tensor bitwise_left_shift_(Tensor other) => Aten.bitwise_left_shift__Tensor.InPlace(this, this, other);
        public Tensor bitwise_right_shift(Tensor other) => Aten.bitwise_right_shift_Tensor.Call(this, other);
        public Tensor bitwise_right_shift_(Tensor other) => Aten.bitwise_right_shift__Tensor.InPlace(this, this, other);
        public Tensor logical_and(Tensor other) => Aten.logical_and.Call(this, other);
        public Tensor logical_and_(Tensor other) => Aten.logical_and_.InPlace(this, this, other);
        public Tensor logical_or(Tensor other) => Aten.logical_or.Call(this, other);
        public Tensor logical_or_(Tensor other) => Aten.logical_or_.InPlace(this, this, other);
        public Tensor logical_xor(Tensor other) => Aten.logical_xor.Call(this, other);
        public Tensor logical_xor_(Tensor other) => Aten.logical_xor_.InPlace(this, this, other);

        public Tensor maximum(Tensor other) => Aten.maximum.Call(this, other);
        public Tensor minimum(Tensor other) => Aten.minimum.Call(this, other);
        public Tensor fmax(Tensor other) => Aten.fmax.Call(this, other);
        public Tensor fmin(Tensor other) => Aten.fmin.Call(this, other);
        public Tensor isclose(
            Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) => Aten.isclose.Call(this, other, rtol, atol, nanEqual);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Aten.allclose.CallInteger(this, target, rtol, atol, equal_nan) != 0;
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Aten.isin_Tensor_Tensor.Call(this, test_elements, assumeUnique, invert);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.clamp.Call(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Aten.clamp_Tensor.Call(this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Aten.clamp_.InPlace(this, this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Aten.clamp__Tensor.InPlace(this, this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        public Tensor clamp_max(Scalar max) => Aten.clamp_max.Call(this, max);
        public Tensor clamp_max_(Scalar max) => Aten.clamp_max_.InPlace(this, this, max);
        public Tensor clamp_min(Scalar min) => Aten.clamp_min.Call(this, min);
        public Tensor clamp_min_(Scalar min) => Aten.clamp_min_.InPlace(this, this, min);

        public Tensor where(Tensor condition, Tensor y) => Aten.where_self.Call(condition, this, y);
        public Tensor argsort(long dim = -1, bool descending = false) => Aten.argsort.Call(this, dim, descending);
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Aten.sort_stable.Call2(this, stable, dim, descending);
        public Tensor msort() => Aten.msort.Call(this);
        public (Tensor values, Tensor indexes) topk(
            int k, int dim = -1, bool largest = true, bool sorted = true) => Aten.topk.Call2(this, k, dim, largest, sorted);
        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) => Aten.kthvalue.Call2(this, k, dim ?? -1, keepdim);
    }
}
