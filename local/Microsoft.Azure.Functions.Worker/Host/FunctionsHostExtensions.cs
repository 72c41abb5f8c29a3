using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;

namespace Lzn.Functions;

/// <summary>What this host can do beyond the public packages.</summary>
public static class FunctionsHostExtensions
{
    /// <summary>Takes the functions of this assembly and of those it references, instead of the entry assembly's: for hosting an app inside another program, such as a test.</summary>
    public static void UseFunctionsOf(this IFunctionsWorkerApplicationBuilder builder, Assembly app) =>
        builder.UseFunctionsOf([.. FunctionAssemblies.TypesOf(app)]);

    /// <summary>Takes the functions of these types only.</summary>
    public static void UseFunctionsOf(this IFunctionsWorkerApplicationBuilder builder, params Type[] types)
    {
        var worker = builder switch
        {
            FunctionsApplicationBuilder application => application.Worker,
            FunctionsWorkerApplicationBuilder plain => plain,
            _ => throw new ArgumentException($"A builder of type {builder.GetType()} is not this host's.", nameof(builder)),
        };
        worker.FunctionTypes = types;
    }
}
