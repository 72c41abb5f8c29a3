using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A parameter or buffer of a built-in layer: outside of dispose scopes, registered under its name, freed when another one takes its place.</summary>
internal sealed class Slot<T> where T : Tensor
{
    private readonly Action<T?> _register;
    private readonly string _name;
    private T? _value;

    internal Slot(string name, T? value, Action<T?> register)
    {
        _name = name;
        _register = register;
        Value = value;
    }

    internal T? Value
    {
        get => _value;
        set
        {
            if (ReferenceEquals(value, _value)) return;
            value?.DetachFromDisposeScope();
            _register(value);
            _value?.Dispose();
            _value = value;
        }
    }

    internal T Required => _value ?? throw new InvalidOperationException($"The layer was made without {_name}.");
}
