using System.Reflection;
using LznPipeline.Activities.Edge;
using LznPipeline.Orchestrations.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace LznPipeline.Orchestrations.Tests.Hosting;

/// <summary>What the worker tells a host that it has, as the SDK generated it.</summary>
public sealed class FunctionMetadataTests
{
    [Fact]
    public async Task Worker_TellsTheHostOfEveryFunction_ThoseOfTheLibraryOfActivitiesToo()
    {
        var written = new[] { typeof(PipelineApp).Assembly, typeof(ActivityEdge).Assembly }
            .SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>().Order(StringComparer.Ordinal).ToArray();

        var told = await new GeneratedFunctionMetadataProvider().GetFunctionMetadataAsync(string.Empty);

        Assert.NotEmpty(written);
        Assert.Equal(written, told.Select(function => function.Name).Order(StringComparer.Ordinal));
    }
}
