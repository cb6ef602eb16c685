using System.Buffers;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Host;

/// <summary>Turns the arguments of the command line into those of the script, as <c>pwsh -File</c> reads them.</summary>
/// <remarks>
/// <c>-Name value</c>, <c>-Name:value</c>, <c>-Switch</c> and <c>-Switch:$true</c> are parameters, everything else is a string.
/// Whether a name takes the value after it is for PowerShell's own binder to say.
/// </remarks>
internal static class ArgumentParser
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">What followed the script on the command line.</param>
    public static IEnumerable<CommandParameter> Parse(IEnumerable<string> arguments)
    {
        string? waiting = null;
        foreach (var argument in arguments)
        {
            var colon = argument.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? argument : argument[..colon];
            if (waiting is not null)
            {
                yield return new CommandParameter(waiting, argument);
                waiting = null;
            }
            else if (!IsParameterName(name))
            {
                yield return new CommandParameter(null, argument);
            }
            else if (colon < 0)
            {
                yield return new CommandParameter(name);
            }
            else if (colon == argument.Length - 1)
            {
                waiting = name;
            }
            else
            {
                yield return new CommandParameter(name, ToValue(argument[(colon + 1)..]));
            }
        }

        if (waiting is not null)
            yield return new CommandParameter(waiting);
    }

    private static object ToValue(string value) => value.ToUpperInvariant() switch
    {
        "$TRUE" => true,
        "$FALSE" => false,
        _ => value,
    };

    private static bool IsParameterName(string text) =>
        text.Length > 1
        && text[0] == '-'
        && (char.IsAsciiLetter(text[1]) || text[1] == '_')
        && text.AsSpan(1).IndexOfAnyExcept(NameCharacters) < 0;
}
