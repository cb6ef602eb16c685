namespace Lythonic.Dag.Hosting;

/// <summary>The scripts that make one call of a scriptblock. They see the call as a <see cref="Internal.ScriptCall"/>.</summary>
internal static class CallScripts
{
    /// <summary>The variable that holds the call in scripts of this module. A script line that contains it is never the user's.</summary>
    public const string Name = "$__call";

    private const string CallText = $"& {Name}.Script @__arguments";

    // The do-while loop keeps what the node emitted before a break or continue outside a loop.
    private const string CallAsCommand = $$"""
        $__arguments = $__call.Arguments
        $__call.Output = do { if ($__call.IsPiped) { , $_ | {{CallText}} } else { {{CallText}} } } while ($false)
        """;

    private const string Prepare = $$"""
        if ($__call.StrictMode) { Microsoft.PowerShell.Core\Set-StrictMode -Version $__call.StrictMode }
        $DagContext = $__call.Context
        $_ = $__call.PipelineValue
        if ($__call.HasVariables) { $__call.Enter($ExecutionContext) }
        """;

    /// <summary>
    /// Calls a scriptblock in a worker. Inside <c>try</c>, any terminating error ends the node. The loop around it catches any other way to
    /// leave the script.
    /// </summary>
    public const string Worker = $$"""
        if ($__call.Around) { & $__call.Around $__call } else {
        {{PlainCall}}
        }
        """;

    /// <summary>
    /// The same in the scope of a module: the node's code sees variables that are set around it only if they are set in that scope.
    /// </summary>
    public const string Module = $$"""
        param($__call)
        {{PlainCall}}
        """;

    private const string PlainCall = $$"""
        do {
            try {
                {{Prepare}}
                $__values = $__call.Values
                $__isDone = if ($__values) { & { $__call.CallPlain() } @__values } else { $__call.CallPlain() }
                if (-not $__isDone) { {{CallAsCommand}} }
            } catch { $__call.Fail($_) }
        } while ($false)
        if ($__call.HasVariables) { $__call.Leave($ExecutionContext) }
        """;

    /// <summary>
    /// Calls a scriptblock in the caller's session, whose streams are the caller's own: what the node writes goes to the call first, as in
    /// a worker. The output is assigned before the streams are merged, because a record that the node itself redirected is output.
    /// </summary>
    public const string Inline = $$"""
        param($__call)
        do {
            try {
                {{Prepare}}
                & { {{CallAsCommand}} } *>&1 | & { process { $__call.Receive($_) } }
            } catch { $__call.Fail($_) }
        } while ($false)
        """;
}
