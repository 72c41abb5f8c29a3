namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module of one input: <see cref="forward"/> computes, <see cref="call"/> also runs the hooks.</summary>
        public abstract class Module<T, TResult>
            : HookableModule<
                Func<Module<T, TResult>, T, T>,
                Func<Module<T, TResult>, T, TResult, TResult>>,
            IModule<T, TResult>
        {
            protected Module(string name) : base(name) { }

            public abstract TResult forward(T input);

            public TResult call(T input)
            {
                Before();
                foreach (var (_, hook) in PreHooks)
                {
                    if (hook(this, input) is { } changed) input = changed;
                }

                var result = forward(input);
                foreach (var (_, hook) in PostHooks)
                {
                    if (hook(this, input, result) is { } changed) result = changed;
                }

                return After(result);
            }
        }
    }
}
