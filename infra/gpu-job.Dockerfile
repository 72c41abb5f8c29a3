# lzn-gpu with the published packages: docker build -f infra/gpu-job.Dockerfile -t lzn-gpu .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/GpuJob/LznPipeline.GpuJob.csproj -c Release -p:Packages=nuget -o /app

FROM mcr.microsoft.com/dotnet/runtime:10.0
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libturbojpeg libpng16-16t64 libgomp1 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app .
# libtorch with CUDA comes with the package; the driver comes from the machine.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER $APP_UID
ENTRYPOINT ["./lzn-gpu"]
