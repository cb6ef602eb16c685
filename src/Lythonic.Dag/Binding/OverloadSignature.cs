using System.Linq.Expressions;
using System.Management.Automation;

namespace Lythonic.Dag.Binding;

/// <summary>Reads an overload as PowerShell prints it, such as <c>static string[] ReadAllLines(string path)</c>.</summary>
internal static class OverloadSignature
{
    /// <summary>
    /// A delegate type with the overload's parameters and result; <see langword="null"/> if there is none, for example because of
    /// by-reference parameters.
    /// </summary>
    /// <param name="definition">The overload.</param>
    /// <param name="name">The method's name.</param>
    public static Type? ParseDelegateType(string definition, string name)
    {
        var open = definition.IndexOf($" {name}(", StringComparison.Ordinal);
        if (open < 0 || !definition.EndsWith(')'))
            return null;
        var result = definition[..open].Split(' ')[^1];
        var types = new List<Type>();
        foreach (var parameter in Split(definition[(open + name.Length + 2)..^1]))
        {
            if (TypeOf(parameter) is not { } type)
                return null;
            types.Add(type);
        }

        if (Named(result) is not { } returned)
            return null;
        types.Add(returned);
        return Expression.GetDelegateType([.. types]);
    }

    private static Type? TypeOf(string parameter)
    {
        var words = parameter.Split('=')[0].Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || words[0] is "ref" or "out" or "in" or "[ref]")
            return null;
        return Named(words[^2]);
    }

    private static Type? Named(string name) =>
        name == "void"
            ? typeof(void)
            : LanguagePrimitives.TryConvertTo<Type>(name, out var type) && type is { IsByRefLike: false } ? type : null;

    // A comma inside the brackets of a generic type separates its type arguments, not parameters.
    private static IEnumerable<string> Split(string parameters)
    {
        var (depth, start) = (0, 0);
        for (var index = 0; index < parameters.Length; index++)
        {
            depth += parameters[index] switch { '[' => 1, ']' => -1, _ => 0 };
            if (parameters[index] != ',' || depth > 0)
                continue;
            yield return parameters[start..index];
            start = index + 1;
        }

        if (parameters.Trim().Length > 0)
            yield return parameters[start..];
    }
}
