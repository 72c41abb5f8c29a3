using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask.Tests.Faults;

/// <summary>
/// Stands between a host and a storage service. By a seeded dice it delays requests, drops them or their answers, does them twice, refuses them with 429, 500 or
/// 503, and cuts answers in the middle; and it stops as a whole when told to.
/// </summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private static readonly int[] Refusals = [429, 500, 503];

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _service = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly Uri _target;
    private readonly Random _random;
    private volatile TaskCompletionSource? _stopped;

    private FaultyProxy(WebApplication app, Uri target, int seed) => (_app, _target, _random) = (app, target, new Random(seed));

    private enum Happening
    {
        Delay,
        LostRequest,
        LostAnswer,
        Doubled,
        Refused,
        Cut,
        Nothing,
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The part of requests that something happens to.</summary>
    public double Trouble { get; set; }

    public static async Task<FaultyProxy> StartAsync(Uri target, int seed)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var app = builder.Build();
        var proxy = new FaultyProxy(app, target, seed);
        app.Run(proxy.AnswerAsync);
        await app.StartAsync();
        return proxy;
    }

    /// <summary>From here on nothing is answered.</summary>
    public void Stop() => _stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn()
    {
        var stopped = _stopped;
        _stopped = null;
        stopped?.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (_stopped is { } stopped)
        {
            await stopped.Task.WaitAsync(context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Abort();
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var happening = Roll();
        if (happening == Happening.Delay)
            await Task.Delay(200, context.RequestAborted);
        if (happening == Happening.Refused)
        {
            lock (_random)
                context.Response.StatusCode = Refusals[_random.Next(Refusals.Length)];
            return;
        }

        if (happening != Happening.LostRequest)
        {
            if (happening == Happening.Doubled)
                (await ForwardAsync(context.Request, body.ToArray())).Dispose();
            using var answer = await ForwardAsync(context.Request, body.ToArray());
            if (happening != Happening.LostAnswer)
            {
                await CopyAsync(answer, context.Response, happening == Happening.Cut);
                if (happening != Happening.Cut)
                    return;
            }
        }

        context.Abort();
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpRequest request, byte[] body)
    {
        var path = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(_target, path)) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in request.Headers.Where(header => header.Key is not ("Host" or "Transfer-Encoding" or "Connection")))
        {
            if (!forwarded.Headers.TryAddWithoutValidation(name, value.AsEnumerable()))
                forwarded.Content.Headers.TryAddWithoutValidation(name, value.AsEnumerable());
        }

        return await _service.SendAsync(forwarded, CancellationToken.None);
    }

    private static async Task CopyAsync(HttpResponseMessage answer, HttpResponse response, bool cut)
    {
        var body = await answer.Content.ReadAsByteArrayAsync();
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
            response.Headers[name] = values.ToArray();
        if (response.HttpContext.Request.Method == "HEAD" || response.StatusCode is 204 or 304)
            return;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(cut ? body.AsMemory(0, body.Length / 2) : body);
        await response.Body.FlushAsync();
    }

    private Happening Roll()
    {
        lock (_random)
            return _random.NextDouble() < Trouble ? (Happening)_random.Next((int)Happening.Nothing) : Happening.Nothing;
    }
}
