using LznPipeline.GpuJob.Jobs;

NativeThreads.WaitAsleep();
return await CommandLine.Create().Parse(args).InvokeAsync();
