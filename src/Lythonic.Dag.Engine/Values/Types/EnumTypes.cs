using System.Buffers;
using System.Net;
using System.Text.RegularExpressions;

namespace Lythonic.Dag.Values;

/// <summary>
/// Finds enum types by name in assemblies that are part of the platform and already loaded. Nothing is loaded to find one.
/// </summary>
internal sealed class EnumTypes(IValueAdapter? adapter)
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+");

    private static readonly System.Reflection.Assembly[] Trusted =
    [
        typeof(DayOfWeek).Assembly,
        typeof(ConsoleColor).Assembly,
        typeof(HttpStatusCode).Assembly,
        typeof(RegexOptions).Assembly,
    ];

    /// <summary>
    /// Whether a text can be the name of one type. Brackets and commas could name types of other assemblies, which the runtime would then
    /// load.
    /// </summary>
    public static bool IsName(string fullName) => fullName.Length is > 0 and <= 200 && !fullName.AsSpan().ContainsAnyExcept(NameCharacters);

    public Type? Find(string fullName)
    {
        if (!IsName(fullName))
            return null;
        foreach (var assembly in Trusted)
        {
            if (assembly.GetType(fullName, throwOnError: false) is { IsEnum: true } type)
                return type;
        }

        return adapter?.FindEnum(fullName) is { IsEnum: true } hosted ? hosted : null;
    }
}
