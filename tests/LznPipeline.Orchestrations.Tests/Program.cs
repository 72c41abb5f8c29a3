using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Orchestrations.Tests.Replay;

return args is [Recorder.Verb, var folder] ? Recorder.Record(folder) : await FakeGpuJob.RunAsync(args);
