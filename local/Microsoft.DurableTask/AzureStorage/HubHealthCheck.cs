using Lzn.Durable.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lzn.Durable;

/// <summary>The health of the task hubs that this process works on, for health endpoints. It asks nobody: the watchdogs have looked.</summary>
internal sealed class HubHealthCheck(TaskHubs hubs) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var findings = hubs.All.SelectMany(hub => hub.Health.Findings).ToList();
        var text = string.Join(' ', findings.Select(finding => finding.What));
        return Task.FromResult(findings.Exists(finding => finding.IsRed) ? HealthCheckResult.Unhealthy(text)
            : findings.Count > 0 ? HealthCheckResult.Degraded(text)
            : HealthCheckResult.Healthy());
    }
}
