using LznPipeline.GpuJob.Jobs;

NativeThreads.WaitAsleep();
return await CommandLine.InvokeAsync(args);
