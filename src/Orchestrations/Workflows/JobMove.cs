namespace LznPipeline.Orchestrations.Workflows;

/// <summary>What to do after a look at a job.</summary>
public enum JobMove
{
    Wait,
    Submit,
    Finish,
    GiveUp,
}
