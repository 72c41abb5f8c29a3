using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Parameters and persistent buffers by dotted name. The tensors are the module's own, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach (var (key, parameter) in named_parameters()) destination.TryAdd(Join(prefix, key), parameter);
                foreach (var (key, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(Join(prefix, key), buffer);
                foreach (var (childName, child) in named_children()) child.state_dict(destination, Join(prefix, childName));
                return destination;
            }

            /// <summary>
            /// Copies a state dictionary into this module; element types are converted. With <paramref name="strict"/>, keys must be the same on both sides.
            /// </summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var destination = state_dict();
                bool Wanted(string key) => skip?.Contains(key) != true;
                List<string> unexpected = [.. source.Keys.Where(key => Wanted(key) && !destination.ContainsKey(key))];
                List<string> missing = [.. destination.Keys.Where(key => Wanted(key) && !source.ContainsKey(key))];
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException(
                        $"The loaded state_dict is not identical to the target dictionary. Missing: {List(missing)}. Unexpected: {List(unexpected)}.");
                }

                using var guard = no_grad();
                foreach (var (key, target) in destination)
                {
                    if (!Wanted(key) || !source.TryGetValue(key, out var value)) continue;
                    if (!value.shape.AsSpan().SequenceEqual(target.shape))
                    {
                        throw new ArgumentException(
                            $"'{key}' has shape [{string.Join(", ", value.shape)}] in the source, [{string.Join(", ", target.shape)}] here.", nameof(source));
                    }

                    target.copy_(value);
                }

                return (missing, unexpected);
            }

            /// <summary>Writes the state dictionary in the package's own format: the number of entries, then name and tensor of each.</summary>
            public Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var kept = sd.Where(entry => skip?.Contains(entry.Key) != true).ToList();
                writer.Encode(kept.Count);
                foreach (var (key, tensor) in kept)
                {
                    writer.Write(key);
                    tensor.Save(writer);
                }
            }

            public virtual Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return load(reader, strict, skip, loadedParameters);
            }

            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                var state = state_dict();
                var entries = reader.Decode();
                if (strict && entries != state.Count)
                    throw new ArgumentException($"Mismatched state_dict sizes: expected {state.Count}, but found {entries} entries.", nameof(reader));
                for (var i = 0L; i < entries; i++)
                {
                    var key = reader.ReadString();
                    var found = state.TryGetValue(key, out var target);
                    if (!found && strict) throw new ArgumentException($"Mismatched module state names: this module has no parameter or buffer '{key}'.", nameof(reader));
                    if (target is not null && skip?.Contains(key) != true) target.Load(reader);
                    else TensorExtensionMethods.Load(reader, skip: true);
                    loadedParameters?.Add(key, found);
                }

                return this;
            }

            private static string Join(string? prefix, string key) => string.IsNullOrEmpty(prefix) ? key : $"{prefix}.{key}";

            private static string List(List<string> keys) =>
                keys.Count == 0 ? "none" : string.Join(", ", keys.Take(10)) + (keys.Count > 10 ? $" and {keys.Count - 10} more" : "");
        }
    }
}
