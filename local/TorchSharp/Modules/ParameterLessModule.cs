namespace TorchSharp.Modules;

/// <summary>A module without parameters: nothing to move, nothing to register.</summary>
public interface IParameterLessModule;

/// <inheritdoc cref="IParameterLessModule"/>
public abstract class ParameterLessModule<T1, TResult> : torch.nn.Module<T1, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name) { }

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) => throw ParameterLess.Cannot(this, "a buffer", name);

    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Cannot(this, "a parameter", name);

    public override void register_module(string name, torch.nn.Module submodule) => throw ParameterLess.Cannot(this, "a module", name);
}

/// <inheritdoc cref="IParameterLessModule"/>
public abstract class ParameterLessModule<T1, T2, TResult> : torch.nn.Module<T1, T2, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name) { }

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) => throw ParameterLess.Cannot(this, "a buffer", name);

    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Cannot(this, "a parameter", name);

    public override void register_module(string name, torch.nn.Module submodule) => throw ParameterLess.Cannot(this, "a module", name);
}

/// <inheritdoc cref="IParameterLessModule"/>
public abstract class ParameterLessModule<T1, T2, T3, TResult> : torch.nn.Module<T1, T2, T3, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name) { }

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) => throw ParameterLess.Cannot(this, "a buffer", name);

    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Cannot(this, "a parameter", name);

    public override void register_module(string name, torch.nn.Module submodule) => throw ParameterLess.Cannot(this, "a module", name);
}

internal static class ParameterLess
{
    internal static InvalidOperationException Cannot(torch.nn.Module module, string what, string name) =>
        new($"Cannot register {what} ('{name}') on the parameter-less module {module.GetName()}.");
}
