using LznPipeline.GpuJob.Jobs;

return await CommandLine.Create().Parse(args).InvokeAsync();
