using System.Security.Cryptography;
using System.Text;

namespace Lzn.Durable.Replay;

/// <summary>Version-5 UUIDs (RFC 9562, section 5.5) in the namespace that Durable Task uses, so that ids are those of the package.</summary>
internal static class DeterministicGuid
{
    private static readonly byte[] Namespace = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    public static Guid Of(string name)
    {
#pragma warning disable CA5350 // the RFC says SHA-1; nothing is kept secret by it
        var hash = SHA1.HashData([.. Namespace, .. Encoding.UTF8.GetBytes(name)]).AsSpan(0, 16);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
