using System.Management.Automation;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// A call that does nothing. The first worker of a process makes it before any other, on its own thread, so that everything that a call
/// loads and compiles is ready for the first call of a run.
/// </summary>
internal static class PracticeCall
{
    private const string Parameter = "__value";

    /// <summary>Makes the call.</summary>
    /// <param name="session">What is known of the caller's session.</param>
    public static WorkerJob For(SessionSnapshot session)
    {
        var code = new ScriptBlockCode(ScriptBlock.Create($"param(${Parameter}) ${Parameter}"));
        var context = new DagContext();
        context.Initialize("", "", "", "", 1, CancellationToken.None);
        var call = new NodeCall(
            code, code.Signatures[0], null, context, inline: false, static () => new NodeArguments([new(Parameter, 1)], null));
        return new(new ScriptCall(call, new PowerShellValueConverter()), session);
    }
}
