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

    public Type? Find(string fullName)
    {
        // Brackets and commas could name types of other assemblies, which the runtime would then load.
        if (fullName.Length is 0 or > 200 || fullName.AsSpan().ContainsAnyExcept(NameCharacters))
            return null;
        foreach (var assembly in Trusted)
        {
            if (assembly.GetType(fullName, throwOnError: false) is { IsEnum: true } type)
                return type;
        }

        return adapter?.FindEnum(fullName) is { IsEnum: true } hosted ? hosted : null;
    }
}
