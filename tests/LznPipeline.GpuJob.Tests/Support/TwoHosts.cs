using System.Diagnostics;

namespace LznPipeline.GpuJob.Tests.Support;

/// <summary>Two network namespaces of Linux joined by a cable: for the programs in them two machines that share a disk.</summary>
internal sealed class TwoHosts : IDisposable
{
    private readonly string _name = $"lzn{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}";

    private static int s_count;

    internal TwoHosts()
    {
        foreach (var host in new[] { 0, 1 })
        {
            Ip($"netns add {Namespace(host)}");
            Ip($"-n {Namespace(host)} link set lo up");
        }

        Ip($"link add {Cable(0)} netns {Namespace(0)} type veth peer name {Cable(1)} netns {Namespace(1)}");
        foreach (var host in new[] { 0, 1 })
        {
            Ip($"-n {Namespace(host)} address add {AddressOf(host)}/24 dev {Cable(host)}");
            Ip($"-n {Namespace(host)} link set {Cable(host)} up");
        }
    }

    /// <summary>Why there cannot be any here; null if there can.</summary>
    internal static string? Missing { get; } = Try();

    internal static string AddressOf(int host) => $"10.77.0.{host + 1}";

    /// <summary>The same program, started on a host.</summary>
    internal ProcessStartInfo On(int host, ProcessStartInfo program) =>
        new("ip", ["netns", "exec", Namespace(host), program.FileName, .. program.ArgumentList]) { UseShellExecute = false };

    /// <summary>Pulls the cable: nothing arrives any more, and nobody is told.</summary>
    internal void Cut()
    {
        foreach (var host in new[] { 0, 1 })
            Ip($"-n {Namespace(host)} link set {Cable(host)} down");
    }

    public void Dispose()
    {
        foreach (var host in new[] { 0, 1 })
            Ip($"netns delete {Namespace(host)}");
    }

    private static string? Try()
    {
        try
        {
            using var hosts = new TwoHosts();
            return null;
        }
        catch (Exception failed)
        {
            return $"no network namespaces here (root and iproute2 are needed): {failed.Message}";
        }
    }

    private string Namespace(int host) => $"{_name}h{host}";

    private string Cable(int host) => $"{_name}c{host}";

    private static void Ip(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments.Split(' ')) { RedirectStandardError = true, UseShellExecute = false })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"ip {arguments}: {error.Trim()}");
    }
}

/// <summary>Skipped, never passed, where there are no network namespaces.</summary>
internal sealed class TwoHostsFactAttribute : FactAttribute
{
    public TwoHostsFactAttribute() => Skip = TwoHosts.Missing;
}

/// <inheritdoc cref="TwoHostsFactAttribute"/>
internal sealed class TwoHostsTheoryAttribute : TheoryAttribute
{
    public TwoHostsTheoryAttribute() => Skip = TwoHosts.Missing;
}
