using LznPipeline.Orchestrations.Tests.FakeJobs;

return await FakeGpuJob.RunAsync(args);
