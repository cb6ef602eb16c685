using System.Collections;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Runs the small pieces of code that see one value as <c>$_</c>: those of <c>-By</c>, <c>-RetryOn</c> and <c>-If</c>.</summary>
internal static class Predicate
{
    /// <summary>Asks a predicate.</summary>
    /// <param name="run">The run that it is asked in.</param>
    /// <param name="node">The node that it belongs to.</param>
    /// <param name="predicate">The predicate.</param>
    /// <param name="value">The value that it sees.</param>
    /// <param name="attempt">The number of the attempt that it is told.</param>
    /// <param name="cancellationToken">Stops it; the token of the run by default.</param>
    public static async ValueTask<NodeOutcome> AskAsync(
        RunExecution run,
        CompiledNode node,
        NodePredicate predicate,
        object? value,
        int attempt = 1,
        CancellationToken? cancellationToken = null)
    {
        var session = run.Session;
        var token = cancellationToken ?? run.Limits.TokenOf(node);
        var context = new DagContext();
        context.Initialize(run.Dag.Name, run.Path, node.Label, run.Handle.RunId, attempt, token);
        context.IsClosing = node.IsClosing || run.Limits.IsInClosing;
        if (node.IsClosing)
            context.ReadUpstreams(() => run.UpstreamsOf(node));
        var signature = predicate.Code.Signatures[0];
        var named = signature.Parameters.Take(1).Select(parameter => KeyValuePair.Create(parameter.Name, value)).ToList();
        var call = new NodeCall(
            predicate.Code,
            signature,
            null,
            context,
            session.Options.Inline || node.Settings.Inline,
            () => new NodeArguments(named, value),
            (said, message, native) => session.Observer?.NodeSaid(said.Context, message, native)) { IsStrict = run.Dag.IsStrict };
        try
        {
            return await session.Invoker.InvokeAsync(call).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            return NodeOutcome.From(error, token);
        }
    }

    /// <summary>
    /// Whether an answer means yes, as PowerShell reads truth: nothing, false, zero, an empty text and an empty list mean no.
    /// </summary>
    public static bool IsTrue(object? verdict, IHostObjects objects) => objects.Unwrap(verdict) switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        IList list => list.Count > 1 || (list.Count == 1 && IsTrue(list[0], objects)),
        IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal => Convert.ToDouble(number, null) != 0,
        _ => true,
    };
}
