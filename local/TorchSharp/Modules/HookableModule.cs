namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module that others may watch and steer: hooks run before and after forward, in the order of their registration.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private protected readonly OrderedDictionary<object, TPreHook> PreHooks = [];
            private protected readonly OrderedDictionary<object, TPostHook> PostHooks = [];
            private readonly OrderedDictionary<object, Action<Module>> _before = [];
            private readonly OrderedDictionary<object, Action<Module>> _after = [];

            protected HookableModule(string name) : base(name) { }

            public HookRemover register_forward_pre_hook(TPreHook hook) => Add(PreHooks, hook);
            public HookRemover register_forward_hook(TPostHook hook) => Add(PostHooks, hook);
            public HookRemover register_forward_pre_hook(Action<Module> hook) => Add(_before, hook);
            public HookRemover register_forward_hook(Action<Module> hook) => Add(_after, hook);

            private protected void Before()
            {
                foreach (var (_, hook) in _before) hook(this);
            }

            private protected TResult After<TResult>(TResult result)
            {
                foreach (var (_, hook) in _after) hook(this);
                return result;
            }

            private static HookRemover Add<THook>(OrderedDictionary<object, THook> hooks, THook hook)
            {
                var key = new object();
                hooks.Add(key, hook);
                return new HookRemover(() => hooks.Remove(key));
            }

            /// <summary>Takes a hook away again.</summary>
            public class HookRemover
            {
                private readonly Action _remove;

                internal HookRemover(Action remove) => _remove = remove;

                public void remove() => _remove();
            }
        }
    }
}
