using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Client;

namespace Microsoft.Azure.Functions.Worker.Tests.Catalog;

/// <summary>Everything that a function can get wrong.</summary>
internal static class BrokenFunctions
{
    [Function("Twin")]
    public static void TwinA([TimerTrigger("0 0 * * * *")] TimerInfo timer)
    {
    }

    [Function("twin")]
    public static void TwinB([TimerTrigger("0 0 * * * *")] TimerInfo timer)
    {
    }

    [Function("NoTrigger")]
    public static void NoTrigger(int number)
    {
    }

    [Function("TwoTriggers")]
    public static void TwoTriggers([TimerTrigger("0 0 * * * *")] TimerInfo timer, [ActivityTrigger] int number)
    {
    }

    [Function("UnknownTrigger")]
    public static void UnknownTrigger([KafkaTrigger] string message)
    {
    }

    [Function("WrongClient")]
    public static void WrongClient([TimerTrigger("0 0 * * * *")] TimerInfo timer, [DurableClient] object client)
    {
    }

    [Function("WrongRequest")]
    public static void WrongRequest([HttpTrigger(AuthorizationLevel.Anonymous)] string request)
    {
    }

    [Function("BadSchedule")]
    public static void BadSchedule([TimerTrigger("0 0 25 * * *")] TimerInfo timer)
    {
    }

    [Function("FourFields")]
    public static void FourFields([TimerTrigger("2 * * *")] TimerInfo timer)
    {
    }

    [Function("MissingSetting")]
    public static void MissingSetting([TimerTrigger("%NightlySchedule%")] TimerInfo timer)
    {
    }

    [Function("BadRoute")]
    public static IResult BadRoute([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b")] HttpRequest request) => Results.Ok();

    [Function("RouteA")]
    public static IResult RouteA([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "same/{x}")] HttpRequest request) => Results.Ok();

    [Function("RouteB")]
    public static IResult RouteB([HttpTrigger(AuthorizationLevel.Anonymous, "POST", Route = "same/{y}")] HttpRequest request) => Results.Ok();

    [Function("Users")]
    public static IResult Users([HttpTrigger(AuthorizationLevel.User)] HttpRequest request) => Results.Ok();

    [Function("Bad name")]
    public static void BadName([ActivityTrigger] DurableTaskClient input)
    {
    }

    [Function("Lost")]
#pragma warning disable MA0155 // async void is what is tested
    public static async void LostAsync([ActivityTrigger] string input) => await Task.Yield();
#pragma warning restore MA0155

    private sealed class KafkaTriggerAttribute : TriggerBindingAttribute;
}
