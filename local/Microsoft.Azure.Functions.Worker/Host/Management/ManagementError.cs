using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Lzn.Functions.Management;

/// <summary>Body of a refused or failed management request; the exception's fields are there only when there was one.</summary>
internal sealed record ManagementError(string Message, string? ExceptionMessage, string? ExceptionType, string? StackTrace)
{
    private static readonly JsonSerializerOptions AsDeclared = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static IResult Of(int status, string message, Exception? exception = null) =>
        Results.Json(new ManagementError(message, exception?.Message, exception?.GetType().FullName, exception?.StackTrace), AsDeclared, statusCode: status);
}
