using System.Management.Automation;

namespace Lythonic.Dag;

/// <summary>
/// A node failed. <see cref="RuntimeException.ErrorRecord"/> is the node's own record, with its position in the script. The inner exception
/// is the node's own exception, so that <c>catch [Type]</c> finds it.
/// </summary>
public sealed class DagNodeException : RuntimeException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What failed, and why.</param>
    /// <param name="inner">The node's own exception, or <see langword="null"/>.</param>
    /// <param name="record">The node's own record, or <see langword="null"/> if there is none.</param>
    public DagNodeException(string message, Exception? inner, ErrorRecord? record)
        : base(message, inner, record)
    {
    }

    /// <summary>The id of the run. Under <c>-ErrorAction Stop</c> the cmdlet does not return the run, so the id is here.</summary>
    public string? RunId { get; init; }
}
