using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Lzn.Functions;

/// <summary>The assemblies of an app that can hold functions: those that reference this one.</summary>
internal static class FunctionAssemblies
{
    private static readonly string Worker = typeof(FunctionAttribute).Assembly.GetName().Name ?? string.Empty;

    public static IEnumerable<Type> TypesOf(Assembly app) => Closure(app).SelectMany(assembly => assembly.GetTypes());

    private static IEnumerable<Assembly> Closure(Assembly app)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { app.FullName ?? string.Empty };
        var open = new Queue<Assembly>([app]);
        while (open.TryDequeue(out var assembly))
        {
            var references = assembly.GetReferencedAssemblies();
            if (references.Any(reference => reference.Name == Worker))
                yield return assembly;
            foreach (var reference in references.Where(reference => !IsFramework(reference) && seen.Add(reference.FullName)))
                open.Enqueue(Assembly.Load(reference));
        }
    }

    // Frameworks hold no functions, and walking them would load hundreds of assemblies.
    private static bool IsFramework(AssemblyName name) =>
        name.Name is null or "netstandard" or "mscorlib" or "System" || name.Name == Worker
        || name.Name.StartsWith("System.", StringComparison.Ordinal)
        || name.Name.StartsWith("Microsoft.", StringComparison.Ordinal)
        || name.Name.StartsWith("Azure.", StringComparison.Ordinal);
}
