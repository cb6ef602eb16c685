using System.ComponentModel;
using System.Management.Automation;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Internal;

/// <summary>
/// Work on the caller's thread, with preferences and a strict mode set around it. An inline method can be a delegate of a scriptblock,
/// which sees the preferences of the scope that calls it. The public members are for the script that sets them.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RuledWork
{
    internal const string Script = """
        param($__work)
        if ($__work.StrictMode) { Microsoft.PowerShell.Core\Set-StrictMode -Version $__work.StrictMode }
        $__work.Run($ExecutionContext)
        """;

    private readonly Action _work;
    private readonly IReadOnlyDictionary<string, object?> _preferences;

    internal RuledWork(Action work, IReadOnlyDictionary<string, object?> preferences, string strictMode) =>
        (_work, _preferences, StrictMode) = (work, preferences, strictMode);

    /// <summary>The strict mode to set; empty to keep that of the caller.</summary>
    public string StrictMode { get; }

    /// <summary>Sets the preferences in the scope of the script, and runs the work.</summary>
    /// <param name="engine">The session's <c>$ExecutionContext</c>.</param>
    public void Run(EngineIntrinsics engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        foreach (var (name, value) in _preferences)
            engine.SessionState.PSVariable.Set(name, value);
        _work();
    }
}
