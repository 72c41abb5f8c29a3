namespace Microsoft.Azure.Functions.Worker;

/// <summary>Typed values that parts of the host attach to an invocation.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    void Set<T>(T instance);

    T? Get<T>();
}
