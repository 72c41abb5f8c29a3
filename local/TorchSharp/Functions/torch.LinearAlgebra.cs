using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);
    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);
    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);
    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);
    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);
    public static Tensor kron(Tensor input, Tensor other) => input.kron(other);
    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);
    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.baddbmm(batch1, batch2, beta, alpha);
    public static Tensor det(Tensor input) => input.det();
    public static Tensor inverse(Tensor input) => input.inverse();
    public static Tensor matrix_exp(Tensor input) => input.matrix_exp();
    public static Tensor matrix_power(Tensor input, int n) => input.matrix_power(n);
    public static Tensor einsum(string equation, params Tensor[] tensors) => Aten.einsum.Call(equation, tensors);
    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);
    public static Tensor cov(Tensor input, long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => input.cov(correction, fweights, aweights);
    public static Tensor corrcoef(Tensor input) => input.corrcoef();
    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2.0) => Aten.cdist.Call(x1, x2, p);

    /// <summary>Decompositions, solvers and norms.</summary>
    public static class linalg
    {
        public static Tensor cholesky(Tensor input) => Aten.linalg_cholesky.Call(input);
        public static Tensor det(Tensor input) => Aten.linalg_det.Call(input);
        public static (Tensor, Tensor) slogdet(Tensor input) => Aten.linalg_slogdet.Call2(input);
        public static (Tensor, Tensor) eig(Tensor input) => Aten.linalg_eig.Call2(input);
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Aten.linalg_eigh.Call2(input, UPLO.ToString());
        public static Tensor eigvals(Tensor input) => Aten.linalg_eigvals.Call(input);
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Aten.linalg_eigvalsh.Call(input, UPLO.ToString());
        public static Tensor inv(Tensor input) => Aten.linalg_inv.Call(input);
        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Aten.linalg_pinv_atol_rtol_float.Call(input, atol, rtol, hermitian);
        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced) =>
            Aten.linalg_qr.Call2(input, mode switch { QRMode.Complete => "complete", QRMode.R => "r", _ => "reduced" });
        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) => Aten.linalg_svd.Call3(input, fullMatrices);
        public static Tensor svdvals(Tensor input) => Aten.linalg_svdvals.Call(input);
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Aten.linalg_solve.Call(A, B, left);
        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(
            Tensor input, Tensor other) => Aten.linalg_lstsq.Call4(input, other);
        public static Tensor matrix_rank(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Aten.linalg_matrix_rank_atol_rtol_float.Call(input, atol, rtol, hermitian);
        public static Tensor multi_dot(IList<Tensor> tensors) => Aten.linalg_multi_dot.Call(tensors.ToArray());
        public static Tensor norm(
            Tensor input, string ord, long[]? dims = null, bool keepdim = false) => Aten.linalg_norm_ord_str.Call(input, ord, dims, keepdim);
        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) => Aten.linalg_norm.Call(input, ord, dims, keepdim);
        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) => Aten.linalg_norm.Call(input, ord, dims, keepdim);
        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => Aten.linalg_norm.Call(input, Argument.None, dims, keepdim);
        public static Tensor vector_norm(
            Tensor input, double ord = 2d, long[]? dims = null, bool keepdim = false) => Aten.linalg_vector_norm.Call(input, ord, dims, keepdim);

        public enum QRMode
        {
            Reduced = 0,
            Complete = 1,
            R = 2,
        }
    }
}
