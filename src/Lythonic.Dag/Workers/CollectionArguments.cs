using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Makes the lists, sets and dictionaries that parameters of a scriptblock declare. PowerShell itself makes no value of an interface such
/// as <see cref="IReadOnlyList{T}"/>, and no typed dictionary of a hashtable; a method's parameter of the same type takes both.
/// </summary>
internal static class CollectionArguments
{
    private static readonly PowerShellValueConverter Converter = new();

    /// <summary>The parameters of a signature whose values are made here.</summary>
    /// <param name="signature">A scriptblock's signature.</param>
    public static IReadOnlyList<NodeParameter> Of(NodeSignature signature) =>
    [
        .. signature.Parameters.Where(parameter => parameter is { HasOwnConversion: false, Type: { IsConstructedGenericType: true } type }
            && (CollectionTarget.CreatableElementType(type) is not null || CollectionTarget.IsKeyed(type))),
    ];

    /// <summary>The arguments of a call; a value that cannot be converted stays, so that PowerShell's own error says why.</summary>
    /// <param name="code">The code that is called.</param>
    /// <param name="named">What wiring found for its parameters.</param>
    public static IReadOnlyList<KeyValuePair<string, object?>> Convert(
        ScriptBlockCode code, IReadOnlyList<KeyValuePair<string, object?>> named) =>
        code.CollectionParameters.Count == 0 ? named : [.. named.Select(argument => Convert(code, argument))];

    private static KeyValuePair<string, object?> Convert(ScriptBlockCode code, KeyValuePair<string, object?> argument) =>
        argument.Value is not null
            && code.CollectionParameters.FirstOrDefault(
                parameter => parameter.Name.Equals(argument.Key, StringComparison.OrdinalIgnoreCase)) is { Type: { } type }
            && Converter.TryConvert(argument.Value, type, out var converted, out _)
            ? new(argument.Key, converted)
            : argument;
}
