using System.Management.Automation;

namespace Lythonic.Dag.Errors;

/// <summary>
/// The error of a property whose stored value cannot be read. PowerShell returns <see langword="null"/> for a property that throws
/// anything else, as if the value were that.
/// </summary>
/// <param name="cause">Why it cannot be read.</param>
internal sealed class UnreadableValueException(DagException cause) : MethodException(cause.Message, cause)
{
    /// <inheritdoc/>
    public override ErrorRecord ErrorRecord { get; } = ErrorRecords.From(cause);

    /// <summary>Reads a value, and tells PowerShell if that is not possible.</summary>
    /// <param name="what">What the value is, for people.</param>
    /// <param name="read">Reads it.</param>
    public static T Or<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DagException error)
        {
            throw new UnreadableValueException(
                new DagException(error.Id, $"The {what} cannot be read. {error.Message}", error.Target, error.RecommendedAction, error));
        }
    }
}
