using System.Collections;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Lythonic.Dag.Values;

/// <summary>Conversions between single values, in the invariant culture.</summary>
internal static class ScalarConversion
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly Dictionary<Type, Func<string, object>> Parsers = new()
    {
        [typeof(Guid)] = text => Guid.Parse(text),
        [typeof(Uri)] = text => new Uri(text, UriKind.RelativeOrAbsolute),
        [typeof(Version)] = Version.Parse,
        [typeof(TimeSpan)] = text => TimeSpan.Parse(text, Invariant),
        [typeof(DateTime)] = text => DateTime.Parse(text, Invariant, DateTimeStyles.RoundtripKind),
        [typeof(DateTimeOffset)] = text => DateTimeOffset.Parse(text, Invariant, DateTimeStyles.AssumeLocal),
        [typeof(DateOnly)] = text => DateOnly.Parse(text, Invariant),
        [typeof(TimeOnly)] = text => TimeOnly.Parse(text, Invariant),
        [typeof(BigInteger)] = text => BigInteger.Parse(text, Invariant),
        [typeof(Int128)] = text => Int128.Parse(text, Invariant),
        [typeof(UInt128)] = text => UInt128.Parse(text, Invariant),
        [typeof(Half)] = text => Half.Parse(text, Invariant),
        [typeof(Regex)] = text => new Regex(text),
        [typeof(FileInfo)] = text => new FileInfo(text),
        [typeof(DirectoryInfo)] = text => new DirectoryInfo(text),
        [typeof(IPAddress)] = IPAddress.Parse,
    };

    /// <summary>Converts a value, unless the types have no such conversion.</summary>
    /// <exception cref="FormatException">The text is not such a value.</exception>
    /// <exception cref="OverflowException">The number does not fit.</exception>
    public static bool TryConvert(object value, Type type, out object? converted)
    {
        converted = null;
        if (type.IsEnum)
            return TryEnum(value, type, out converted);
        if (value is string text && Parsers.TryGetValue(type, out var parse))
        {
            converted = parse(text.Trim());
            return true;
        }

        if (type == typeof(string))
            return TryFormat(value, out converted);
        if (value is DateTime moment && type == typeof(DateTimeOffset))
        {
            converted = new DateTimeOffset(moment);
            return true;
        }

        if (type == typeof(BigInteger) && value is sbyte or byte or short or ushort or int or uint or long or ulong)
        {
            converted = BigInteger.Parse(Convert.ToString(value, Invariant)!, Invariant);
            return true;
        }

        if (value is not IConvertible || !typeof(IConvertible).IsAssignableFrom(type))
            return false;
        converted = Convert.ChangeType(value, type, Invariant);
        return true;
    }

    private static bool TryFormat(object value, out object? converted)
    {
        converted = value switch
        {
            IFormattable formattable => formattable.ToString(null, Invariant),
            IConvertible convertible => convertible.ToString(Invariant),
            IEnumerable => null,
            Uri or Version or Regex or FileSystemInfo => value.ToString(),
            _ => null,
        };
        return converted is not null;
    }

    private static bool TryEnum(object value, Type type, out object? converted)
    {
        converted = null;
        if (value is string text)
        {
            converted = Enum.Parse(type, text, ignoreCase: true);
            return true;
        }

        if (value is not IConvertible or bool or char or DateTime)
            return false;
        converted = Enum.ToObject(type, Convert.ChangeType(value, Enum.GetUnderlyingType(type), Invariant));
        // A combination of flags becomes names. A number that is no such combination stays a number.
        if (!Enum.IsDefined(type, converted) && char.IsDigit(converted.ToString()![^1]) && !type.IsDefined(typeof(FlagsAttribute), false))
            throw new FormatException($"{value} is none of its values.");
        return true;
    }
}
