using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Asks the code of a node that names its hosts. It runs in this process. <see cref="HostChoice"/> chooses among the hosts that it names.
/// </summary>
internal static class HostNames
{
    /// <summary>Asks for a node that runs code. The code that names hosts gets the input of the node. The caller holds a slot.</summary>
    /// <returns>The hosts, or why there are none; neither if the run stops.</returns>
    public static async ValueTask<(IReadOnlyList<HostSpec>? Hosts, NodeFailure? Failure)> AskAsync(RunExecution run, CompiledNode node)
    {
        NodeOutcome outcome;
        try
        {
            var value = new InputReader(run, node, run.WarningsOf(node)).Whole();
            outcome = await Predicate.AskAsync(run, node, node.Settings.Hosts!.Chooser!, value, run.Tally.Attempts(node.Index) + 1)
                .ConfigureAwait(false);
        }
        catch (Exception error)
        {
            outcome = NodeOutcome.Failed(NodeFailure.From(error));
        }

        outcome = run.Judge(node, outcome);
        if (outcome.Kind == NodeOutcomeKind.Paused)
            run.Session.Pause(outcome.PauseReason);
        return Read(node, outcome);
    }

    /// <summary>Makes hosts of what that code returned.</summary>
    public static (IReadOnlyList<HostSpec>? Hosts, NodeFailure? Failure) Read(CompiledNode node, NodeOutcome outcome)
    {
        if (outcome.Kind == NodeOutcomeKind.Failed)
            return (null, Describe(node, outcome.Failure!));
        if (outcome.Kind != NodeOutcomeKind.Completed)
            return (null, null);
        try
        {
            // Turning a value into text may run code of the user.
            var hosts = node.Settings.Hosts!.Read!(outcome.Value);
            NodeHosts.Require(hosts);
            return (hosts, null);
        }
        catch (Exception error)
        {
            return (null, Describe(node, NodeFailure.From(error)));
        }
    }

    private static NodeFailure Describe(CompiledNode node, NodeFailure failure)
    {
        var where = $"The code that chooses the hosts of node '{node.Label}' names none: ";
        return failure with { Message = where + failure.Message, Detail = failure.Detail is null ? null : where + failure.Detail };
    }
}
