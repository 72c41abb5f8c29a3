using System.Net;
using System.Net.Sockets;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Shared.Tests.Storage;

public sealed class StoreAddressTests
{
    private const string Key = "c2VjcmV0LXRoYXQtbXVzdC1ub3QtYmUtc2hvd24=";

    [Fact]
    public async Task Open_NobodyListens_SaysWhereAndWhatToDoAndNoSecret()
    {
        var port = FreePort();
        var address = $"AccountName=account;AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/account";

        var failed = await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreAddress.OpenAsync(address, CancellationToken.None));

        Assert.Contains($"http://127.0.0.1:{port}/account/lzn", failed.Message, StringComparison.Ordinal);
        Assert.Contains("./lzn up", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoAddress_NamesTheSettingButNotItsValue()
    {
        var wrong = Assert.Throws<ArgumentException>(() => StoreAddress.Open($"nonsense {Key}"));

        Assert.Contains(StoreAddress.Setting, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, wrong.Message, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
