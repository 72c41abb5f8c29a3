using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => _children.Select(child => (child.Key, child.Value));

            /// <summary>All modules below this one, by dotted name: first the children, then what is below each of them.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children()) yield return child;
                foreach (var (childName, child) in named_children())
                {
                    foreach (var (moduleName, module) in child.named_modules()) yield return ($"{childName}.{moduleName}", module);
                }
            }

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) => Distinct(
                _parameters.Select(own => (own.Key, own.Value)),
                recurse ? named_children().SelectMany(child => child.module.named_parameters().Select(p => ($"{child.name}.{p.name}", p.parameter))) : []);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) => Distinct(
                _buffers.Where(own => include_nonpersistent || own.Value.Persistent).Select(own => (own.Key, own.Value.Tensor)),
                recurse
                    ? named_children().SelectMany(child => child.module.named_buffers(true, include_nonpersistent).Select(b => ($"{child.name}.{b.name}", b.buffer)))
                    : []);

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual IEnumerable<Module> children() => named_children().Select(c => c.module);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(p => p.name == target).parameter;

            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(b => b.name == target).buffer;

            /// <summary>A tensor that two modules share is listed once, under the name met first.</summary>
            private static IEnumerable<(string, T)> Distinct<T>(IEnumerable<(string Name, T Tensor)> own, IEnumerable<(string Name, T Tensor)> below) where T : Tensor
            {
                var seen = new HashSet<nint> { 0 };
                return own.Concat(below).Where(entry => seen.Add(entry.Tensor.handle)).Select(entry => (entry.Name, entry.Tensor));
            }
        }
    }
}
