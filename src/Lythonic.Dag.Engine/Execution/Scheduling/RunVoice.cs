using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Sends the messages of a run to its observers: about the whole run, or about a node that has no call.</summary>
internal static class RunVoice
{
    /// <summary>Makes the receiver of warnings about the values of a node.</summary>
    public static ValueWarnings WarningsOf(this RunExecution run, CompiledNode node) => new(text => run.Warn(node, text));

    /// <summary>Sends a warning about a node.</summary>
    public static void Warn(this RunExecution run, CompiledNode node, string text) => run.Say(node, "warning", text);

    /// <summary>Sends a message about a node.</summary>
    public static void Say(this RunExecution run, CompiledNode node, string stream, string text)
    {
        var context = new DagContext();
        context.Initialize(
            run.Dag.Name, run.Path, node.Label, run.Handle.RunId, run.Tally.Attempts(node.Index), run.Limits.TokenOf(node));
        context.IsClosing = node.IsClosing || run.Limits.IsInClosing;
        run.Session.Observer?.NodeSaid(context, new NodeMessage(stream, text, run.Session.Now()), null);
    }

    /// <summary>Sends a warning about the run as a whole.</summary>
    public static void Warn(this RunExecution run, string text) => run.Say("warning", text);

    /// <summary>Sends a message about the run as a whole that people should see, though nothing is wrong.</summary>
    public static void Inform(this RunExecution run, string text) => run.Say("information", text);

    private static void Say(this RunExecution run, string stream, string text)
    {
        var context = new DagContext();
        context.Initialize(run.Dag.Name, run.Path, run.Dag.Name, run.Handle.RunId, 1, CancellationToken.None);
        run.Session.Observer?.NodeSaid(context, new NodeMessage(stream, text, run.Session.Now()), null);
    }
}
