using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Decides whether another attempt follows one that failed: of a node that runs code, of a condition, of the choice of a branch, and of the
/// sub-run of an element. <see cref="RetryDelay"/> says when it follows.
/// </summary>
internal static class RetryDecision
{
    /// <summary>
    /// Whether the node has retries left and may start again. A pause leaves the remaining ones to the restart; any other halt drops them.
    /// </summary>
    /// <param name="run">The run of the node.</param>
    /// <param name="node">The node.</param>
    /// <param name="retries">How many retries there were.</param>
    public static bool IsLeft(RunExecution run, CompiledNode node, int retries) =>
        retries < node.Settings.Retry.Count && run.Limits.MayTryAgain(node);

    /// <summary>Decides about an attempt.</summary>
    /// <param name="run">The run of the node.</param>
    /// <param name="node">The node.</param>
    /// <param name="retries">How many retries there were.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <returns>Whether another one follows, and the outcome, which also says if <c>-RetryOn</c> itself failed.</returns>
    public static async ValueTask<(bool Again, NodeOutcome Outcome)> DecideAsync(
        RunExecution run, CompiledNode node, int retries, NodeOutcome outcome)
    {
        if (outcome.Kind != NodeOutcomeKind.Failed || !IsLeft(run, node, retries))
            return (false, outcome);
        var (allows, failure) = await AskAsync(run, node, outcome.Failure!).ConfigureAwait(false);
        return (allows, allows ? outcome : NodeOutcome.Failed(failure));
    }

    /// <summary>Asks a node's <c>-RetryOn</c>, if there is one, whether to go on after a failure.</summary>
    /// <param name="run">The run of the node.</param>
    /// <param name="node">The node.</param>
    /// <param name="failure">The failure.</param>
    /// <returns>Whether to go on, and the failure, which also says if <c>-RetryOn</c> itself failed.</returns>
    public static async ValueTask<(bool Allows, NodeFailure Failure)> AskAsync(RunExecution run, CompiledNode node, NodeFailure failure)
    {
        if (node.Settings.Retry.On is not { } predicate)
            return (true, failure);
        var (allows, own) = await VerdictAsync(run, node, predicate, failure).ConfigureAwait(false);
        if (own is null)
            return (allows, failure);
        var note = $" It was not tried again, because the code that decides on retries failed: {own.Message}";
        return (false, failure with { Message = failure.Message + note, Detail = (failure.Detail ?? failure.Message) + note });
    }

    // Making the value that it sees and reading its answer may run code of the host and of users.
    private static async ValueTask<(bool Allows, NodeFailure? Failure)> VerdictAsync(
        RunExecution run, CompiledNode node, NodePredicate predicate, NodeFailure failure)
    {
        try
        {
            var seen = run.Session.Invoker.ErrorOf(failure, node.Label);
            var verdict = await Predicate.AskAsync(run, node, predicate, seen).ConfigureAwait(false);
            return (
                verdict.Kind == NodeOutcomeKind.Completed && Predicate.IsTrue(verdict.Value, run.Session.Converter), verdict.Failure);
        }
        catch (Exception error)
        {
            return (false, NodeFailure.From(error));
        }
    }
}
