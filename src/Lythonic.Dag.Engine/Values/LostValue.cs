namespace Lythonic.Dag.Values;

/// <summary>Explains values of which the store keeps only a trace.</summary>
internal static class LostValue
{
    private const string Action = "Run the node that makes it again, or give the value as source input.";

    /// <summary>
    /// Why a value cannot be converted to a type, if it is only the trace of another value; otherwise <see langword="null"/>.
    /// </summary>
    public static string? Explain(object? value, Type type) =>
        value switch
        {
            SecretPlaceholder secret =>
                $"The {secret.TypeName} was a secret and was not stored, so it cannot come back as {type}. {Action}",
            ValueSnapshot { IsTruncated: true } snapshot =>
                $"The {snapshot.TypeName} lay on a cycle or too deep in others and was not stored, "
                + $"so it cannot come back as {type}. {Action}",
            ValueSnapshot snapshot =>
                $"The {snapshot.TypeName} was a live object of which only a snapshot is stored, "
                + $"so it cannot come back as {type}. {Action}",
            _ => null,
        };
}
