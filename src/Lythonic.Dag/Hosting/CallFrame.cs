using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// One call of a scriptblock, as the script that makes it sees it. Public members are for that script, which runs the same way in a worker and
/// in the caller's session.
/// </summary>
public sealed class CallFrame
{
    /// <summary>How the node's script is called.</summary>
    internal const string CallText = "& $__frame.Script @__arguments";

    /// <summary>
    /// Calls a scriptblock. The loop around it stops a stray <c>break</c> or <c>continue</c> of the node; inside <c>try</c>, any terminating error ends the node.
    /// </summary>
    internal const string CallScript = $$"""
        do {
            try {
                $DagContext = $__frame.Context
                $_ = $__frame.PipelineValue
                $__arguments = $__frame.Arguments
                if ($__frame.IsPiped) { $__frame.Output = , $_ | {{CallText}} } else { $__frame.Output = {{CallText}} }
            } catch { $__frame.Fail($_) }
        } while ($false)
        """;

    private readonly NodeCall _call;
    private readonly IValueConverter _converter;
    private NodeOutcome? _ended;

    internal CallFrame(NodeCall call, IValueConverter converter)
    {
        _call = call;
        _converter = converter;
        Code = (ScriptBlockCode)call.Code;
    }

    /// <summary>What runs.</summary>
    public ScriptBlock? Script { get; private set; }

    /// <summary>Named arguments, for splatting.</summary>
    public IDictionary Arguments { get; private set; } = new Hashtable();

    /// <summary>What <c>$_</c> is.</summary>
    public object? PipelineValue { get; private set; }

    /// <summary>Whether the value comes through the pipeline, whole: a <c>process</c> block sees no other <c>$_</c>.</summary>
    public bool IsPiped => Code.Body is { ParamBlock: null, ProcessBlock: not null };

    /// <summary>What <c>$DagContext</c> is.</summary>
    public DagContext Context => _call.Context;

    /// <summary>What the scriptblock gave: nothing, one object, or an array.</summary>
    public object? Output { get; set; }

    internal ScriptBlockCode Code { get; }

    internal NodeCall Call => _call;

    /// <summary>The node failed.</summary>
    /// <param name="error">Its error.</param>
    public void Fail(ErrorRecord error)
    {
        ArgumentNullException.ThrowIfNull(error);
        ScriptTrace.LeaveOutCaller(error);
        _ended = ScriptFailure.Outcome(ErrorPlace.Mend(error, Code.Body.ParamBlock?.Extent ?? Code.Body.Extent), _call.CancellationToken);
    }

    /// <summary>Binds the arguments.</summary>
    /// <param name="script">The scriptblock, for the runspace that runs it.</param>
    /// <returns>Whether it can be called; else it has failed.</returns>
    internal bool Begin(ScriptBlock script)
    {
        Script = script;
        try
        {
            var arguments = _call.Begin();
            var named = new Hashtable(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in arguments.Named)
                named[name] = value;
            foreach (var (name, type) in Code.ContextParameters)
                named[name] = _call.ContextOf(type);
            if (Code.Using is { } values)
                named[UsingValues.Parameter] = values;
            (Arguments, PipelineValue) = (named, arguments.PipelineValue);
            return true;
        }
        catch (Exception error) when (error is not (OutOfMemoryException or PipelineStoppedException))
        {
            _ended = NodeOutcome.From(error, _call.CancellationToken);
            return false;
        }
    }

    /// <summary>How the call ended, its output converted to the declared type.</summary>
    internal NodeOutcome End()
    {
        if (_ended is { } ended)
            return ended;
        if (_call.OutputType is not { } type)
            return NodeOutcome.Completed(_converter.Unwrap(Output));
        // Nothing emitted is an empty list, where a list is declared.
        var output = Output is null && TypeShape.ElementOf(type) is not null ? Array.Empty<object>() : Output;
        return _converter.TryConvert(output, type, out var converted, out var problem)
            ? NodeOutcome.Completed(converted)
            : NodeOutcome.Failed(new NodeFailure($"The output of node '{Context.NodeLabel}' does not become {type}: {problem}") { ErrorId = DagErrorId.DagTypeMismatch });
    }
}
