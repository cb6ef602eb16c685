using System.Management.Automation;
using Lythonic.Dag.Errors;

namespace Lythonic.Dag.Hosting;

/// <summary>Turns an error of a scriptblock into the outcome of its node.</summary>
internal static class ScriptFailure
{
    /// <summary>The outcome that an error stands for: a pause, a cancellation, or a failure that keeps the node's own record.</summary>
    /// <param name="error">The error.</param>
    /// <param name="refusedBy">The parameter of the node that refused its argument, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">The token of the node.</param>
    public static NodeOutcome Outcome(ErrorRecord error, string? refusedBy, CancellationToken cancellationToken)
    {
        var outcome = NodeOutcome.From(error.Exception, cancellationToken);
        return outcome.Kind == NodeOutcomeKind.Failed ? NodeOutcome.Failed(Describe(error) with { RefusedBy = refusedBy }) : outcome;
    }

    private static NodeFailure Describe(ErrorRecord error)
    {
        var message = ErrorMessage.Compose(error);
        var position = error.InvocationInfo?.PositionMessage;
        var detail = string.Join('\n', new[] { message, position, ScriptTrace.Read(error) }.Where(part => !string.IsNullOrEmpty(part)));
        return new(message, detail, error.Exception, error);
    }
}
