using System.Collections;
using System.Management.Automation;

namespace Lythonic.Dag.Remote;

/// <summary>Removes what a call left behind in the session, because the next call may be of another node or another run.</summary>
/// <param name="engine">The session's <c>$ExecutionContext</c>.</param>
internal sealed class Leftovers(EngineIntrinsics engine)
{
    private static readonly string[] Drives = ["variable:", "function:", "alias:"];

    private readonly string _place = engine.SessionState.Path.CurrentLocation.Path;
    private readonly IDictionary _environment = Environment.GetEnvironmentVariables();
    private HashSet<string>? _names;

    /// <summary>Removes what the last call left, and takes note of what the next one may leave.</summary>
    /// <param name="touchesGlobals">Whether the next call may create global variables, functions or aliases.</param>
    public void Clear(bool touchesGlobals)
    {
        for (var left = engine.SessionState.Path.LocationStack(null).Count; left > 0; left--)
            engine.SessionState.Path.PopLocation(null);
        RestoreLocation();
        RestoreEnvironment();
        if (engine.SessionState.PSVariable.Get("global:LASTEXITCODE") is not null)
            engine.SessionState.PSVariable.Remove("global:LASTEXITCODE");
        (engine.SessionState.PSVariable.GetValue("global:Error") as ArrayList)?.Clear();
        if (_names is not null)
            RemoveNew();
        _names = touchesGlobals ? [.. Names()] : null;
    }

    private void RestoreLocation()
    {
        if (engine.SessionState.Path.CurrentLocation.Path != _place)
            engine.SessionState.Path.SetLocation(WildcardPattern.Escape(_place));
    }

    private void RestoreEnvironment()
    {
        var now = Environment.GetEnvironmentVariables();
        foreach (DictionaryEntry entry in now)
        {
            if (!_environment.Contains(entry.Key))
                Environment.SetEnvironmentVariable((string)entry.Key, null);
        }

        foreach (DictionaryEntry entry in _environment)
        {
            if (!Equals(now[entry.Key], entry.Value))
                Environment.SetEnvironmentVariable((string)entry.Key, (string?)entry.Value);
        }
    }

    private void RemoveNew()
    {
        foreach (var name in Names().Where(name => !_names!.Contains(name)).ToList())
        {
            try
            {
                engine.InvokeProvider.Item.Remove([name], recurse: false, force: true, literalPath: true);
            }
            catch (RuntimeException)
            {
                // A constant cannot be removed from a session.
            }
        }
    }

    private IEnumerable<string> Names() => Drives.SelectMany(drive =>
        engine.InvokeProvider.ChildItem
            .GetNames([drive], ReturnContainers.ReturnMatchingContainers, recurse: false, depth: 0, force: true, literalPath: true)
            .Select(name => drive + name));
}
