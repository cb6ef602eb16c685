using System.Diagnostics.CodeAnalysis;

namespace Lythonic.Dag.Values;

/// <summary>
/// What the engine needs to know of values that the host language made: it converts them to declared types, reads their members, and finds
/// what they have lost.
/// </summary>
public interface IValueConverter : IHostObjects, ILossFinder
{
    /// <summary>Converts a value to a declared type, as the host language does.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">The type to convert to.</param>
    /// <param name="converted">The result.</param>
    /// <param name="problem">Why it does not convert.</param>
    /// <returns>Whether it converts.</returns>
    bool TryConvert(object? value, Type type, out object? converted, [NotNullWhen(false)] out string? problem);
}
