namespace Lythonic.Dag.Values;

/// <summary>Stands where a secret was, which is never stored.</summary>
public sealed class SecretPlaceholder
{
    /// <summary>Makes a placeholder.</summary>
    /// <param name="typeName">The type of the secret.</param>
    public SecretPlaceholder(string typeName)
    {
        ArgumentNullException.ThrowIfNull(typeName);
        TypeName = typeName;
    }

    /// <summary>The type of the secret, such as <c>SecureString</c>.</summary>
    public string TypeName { get; }

    /// <summary>Says that the secret was not stored.</summary>
    public override string ToString() => $"({TypeName}: a secret, which was not stored)";
}
