using Microsoft.AspNetCore.Routing;

namespace Lzn.Functions.Web;

internal static class ManagementEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
    }
}
