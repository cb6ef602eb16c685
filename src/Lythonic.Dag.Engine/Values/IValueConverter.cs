using System.Diagnostics.CodeAnalysis;

namespace Lythonic.Dag.Values;

/// <summary>
/// Converts values of the host language to declared types, reads their members, and finds what they have lost.
/// </summary>
public interface IValueConverter : IHostObjects, ILossFinder
{
    /// <summary>Converts a value to a declared type, as the host language does.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">The type to convert to.</param>
    /// <param name="converted">The result.</param>
    /// <param name="problem">Why it cannot be converted.</param>
    /// <returns>Whether it was converted.</returns>
    bool TryConvert(object? value, Type type, out object? converted, [NotNullWhen(false)] out string? problem);
}
