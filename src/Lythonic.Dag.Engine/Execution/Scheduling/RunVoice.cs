using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>What a run itself says to who watches, of a node that has no call of its own, or none any more, or of the whole.</summary>
internal static class RunVoice
{
    /// <summary>Says what becomes of values.</summary>
    public static ValueWarnings WarningsOf(this RunExecution run, CompiledNode node) => new(text => run.Warn(node, text));

    /// <summary>Says a warning of a node.</summary>
    public static void Warn(this RunExecution run, CompiledNode node, string text) => run.Say(node, "warning", text);

    /// <summary>Says something of a node.</summary>
    public static void Say(this RunExecution run, CompiledNode node, string stream, string text)
    {
        var context = new DagContext();
        context.Initialize(
            run.Dag.Name, run.Path, node.Label, run.Handle.RunId, run.Tally.Attempts(node.Index), run.Limits.TokenOf(node));
        context.IsClosing = node.IsClosing || run.Limits.IsInClosing;
        run.Session.Observer?.NodeSaid(context, new NodeMessage(stream, text, run.Session.Now()), null);
    }

    /// <summary>Says a warning of the run as a whole.</summary>
    public static void Warn(this RunExecution run, string text)
    {
        var context = new DagContext();
        context.Initialize(run.Dag.Name, run.Path, run.Dag.Name, run.Handle.RunId, 1, CancellationToken.None);
        run.Session.Observer?.NodeSaid(context, new NodeMessage("warning", text, run.Session.Now()), null);
    }
}
