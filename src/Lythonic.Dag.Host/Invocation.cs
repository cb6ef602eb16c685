using System.Text;

namespace Lythonic.Dag.Host;

/// <summary>The script that imports the module and calls the user's script, so that arguments bind as they do with <c>pwsh -File</c>.</summary>
internal static class Invocation
{
    /// <summary>The script; the arguments themselves are passed as values, never as text of it.</summary>
    /// <param name="args">The arguments: <c>-Name</c> is a parameter's name, and anything else a value.</param>
    public static string Of(IReadOnlyList<string> args)
    {
        var call = new StringBuilder("& $__script");
        for (var index = 0; index < args.Count; index++)
            call.Append(' ').Append(Argument(args[index], index));
        return $"param($__manifest, $__script, $__values) Import-Module $__manifest; {call}; if ($LASTEXITCODE) {{ exit $LASTEXITCODE }}";
    }

    private static string Argument(string argument, int index)
    {
        if (IsName(argument))
            return argument;
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !IsName(argument[..colon]))
            return $"$__values[{index}]";
        var value = argument[(colon + 1)..];
        return value.ToUpperInvariant() is "$TRUE" or "$FALSE" ? $"{argument[..colon]}:{value}" : $"{argument[..colon]}:($__values[{index}].Substring({colon + 1}))";
    }

    // Names are letters, digits and underscores, so nothing of an argument's text can become code.
    private static bool IsName(string argument) =>
        argument.Length > 1 && argument[0] == '-' && char.IsLetter(argument[1]) && argument[1..].All(letter => char.IsLetterOrDigit(letter) || letter == '_');
}
