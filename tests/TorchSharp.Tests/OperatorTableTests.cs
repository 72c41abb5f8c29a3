using System.Reflection;
using Lzn.Torch.Interop;

namespace TorchSharp.Tests;

public sealed class OperatorTableTests
{
    /// <summary>Attention has two names over libtorch's versions, of which each has one.</summary>
    private static readonly string[] s_oneOfThem = [nameof(Aten.scaled_dot_product_attention), nameof(Aten._scaled_dot_product_attention)];

    [Fact]
    public void EveryOperator_OfTheTable_IsKnownToThisLibtorch()
    {
        var table = typeof(Aten).GetFields(BindingFlags.Static | BindingFlags.NonPublic).ToDictionary(field => field.Name, field => (Op)field.GetValue(null)!);

        var missing = table.Where(entry => !s_oneOfThem.Contains(entry.Key) && !entry.Value.Exists).Select(entry => entry.Value.Name);

        Assert.Empty(missing);
        Assert.Contains(s_oneOfThem, name => table[name].Exists);
    }

    [Fact]
    public void UnknownOperator_Called_NamesItself()
    {
        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => new Op("no_such_operator").Call());

        Assert.Contains("aten::no_such_operator", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongNumberOfArguments_IsAnErrorAndNoCrash()
    {
        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => new Op("relu").Call());

        Assert.Contains("takes 1 to 1 arguments", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongKindOfArgument_IsAnErrorAndNoCrash() =>
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => new Op("relu").Call("text"));
}
