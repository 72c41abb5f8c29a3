namespace LznPipeline.GpuJob.Pickle;

/// <summary>What the names in a pickle stand for. A pickle can make nothing but what is known here.</summary>
internal interface IPickleObjects
{
    /// <summary>Says in a message what such a pickle is made of.</summary>
    string Needs { get; }

    /// <summary>Whether such a pickle has Python's bytes, which are Python 2's texts.</summary>
    bool HasBytes { get; }

    /// <summary>The names that are known, for messages.</summary>
    string AllowedNames { get; }

    /// <summary>Null for a name that is not known; then the pickle is refused.</summary>
    PickleGlobal? Find(string module, string name);

    /// <summary>What calling a name gives.</summary>
    /// <exception cref="InvalidDataException">It cannot be called, or not with such arguments.</exception>
    object? Make(PickleGlobal callee, object?[] arguments);

    /// <summary>What a persistent id refers to outside of the pickle.</summary>
    /// <exception cref="InvalidDataException">It refers to something that is not known.</exception>
    object? Find(object? id);

    /// <summary>Gives an object its state.</summary>
    /// <returns>False for an object that takes none, or not this; then the pickle is refused.</returns>
    bool TrySetState(object? target, object? state);
}
