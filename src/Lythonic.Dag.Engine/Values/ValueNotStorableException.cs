namespace Lythonic.Dag.Values;

/// <summary>A value cannot be kept in the database; the message says which part of it and why.</summary>
public sealed class ValueNotStorableException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">Which part of the value, and why.</param>
    /// <param name="inner">The cause, or <see langword="null"/>.</param>
    public ValueNotStorableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
