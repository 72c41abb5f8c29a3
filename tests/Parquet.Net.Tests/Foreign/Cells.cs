using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace Parquet.Tests.Foreign;

/// <summary>Compares a value of ours with what another implementation printed (readers/json.js says how).</summary>
internal static class Cells
{
    internal static void Equal(object? expected, JsonElement actual, string where)
    {
        var agree = expected switch
        {
            null => actual.ValueKind == JsonValueKind.Null,
            bool value => actual.ValueKind == (value ? JsonValueKind.True : JsonValueKind.False),
            string value => actual.ValueKind == JsonValueKind.String && actual.GetString() == value,
            byte[] value => actual.GetString() == Convert.ToHexString(value),
            Guid value => actual.GetString() == value.ToString(),
            float value => Number(actual).Equals(value),
            double value => Number(actual).Equals(value),
            decimal value => Math.Abs(Number(actual) - (double)value) <= 1e-15 * Math.Abs((double)value),   // both show decimals as doubles
            DateTime value => Number(actual).Equals((value - DateTime.UnixEpoch).TotalMilliseconds),
            IList items => actual.ValueKind == JsonValueKind.Array && actual.GetArrayLength() == items.Count,
            IConvertible value => decimal.Parse(actual.ToString(), CultureInfo.InvariantCulture) == value.ToDecimal(CultureInfo.InvariantCulture),
            _ => throw new ArgumentException($"No comparison for {expected.GetType()}.", nameof(expected)),
        };
        Assert.True(agree, $"{where}: expected {expected ?? "null"}, read {actual}");
        if (expected is IList list and not byte[])
            for (var i = 0; i < list.Count; i++) Equal(list[i], actual[i], $"{where}[{i}]");
    }

    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.Parse(value.ToString(), CultureInfo.InvariantCulture);
}
