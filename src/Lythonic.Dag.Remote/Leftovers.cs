using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Remote;

/// <summary>Removes what a call left behind in the session, because the next call may be of another node or another run.</summary>
/// <param name="engine">The session's <c>$ExecutionContext</c>.</param>
internal sealed class Leftovers(EngineIntrinsics engine)
{
    private const string DefaultStack = "default";
    private const string GlobalVariables = "Microsoft.PowerShell.Utility\\Get-Variable -Scope Global";

    // The names of the variables that make the calls.
    private const string Own = "__";
    private const ScopedItemOptions Fixed = ScopedItemOptions.Constant | ScopedItemOptions.ReadOnly;

    private static readonly string[] Drives = ["variable:", "function:", "alias:"];

    private readonly string _place = engine.SessionState.Path.CurrentLocation.Path;
    private readonly string? _directory = CurrentDirectory();
    private readonly IDictionary _environment = Environment.GetEnvironmentVariables();
    private HashSet<string>? _names;
    private List<(string Name, object? Value, DictionaryEntry[]? Entries)> _values = [];

    /// <summary>Removes what the last call left.</summary>
    public void Clear()
    {
        RestoreStack();
        RestoreLocation();
        RestoreEnvironment();
        if (engine.SessionState.PSVariable.Get("global:LASTEXITCODE") is not null)
            engine.SessionState.PSVariable.Remove("global:LASTEXITCODE");
        (engine.SessionState.PSVariable.GetValue("global:Error") as ArrayList)?.Clear();
        if (_names is not null)
        {
            RemoveNew();
            RestoreValues();
        }

        _names = null;
        _values = [];
    }

    /// <summary>
    /// Takes note of what is there, if the next call may change it: after what came along with the call has been set.
    /// </summary>
    public void Note()
    {
        _names = [.. Names()];
        _values = [.. Values()];
    }

    // A table, as $PSDefaultParameterValues is, may be the same one with other entries.
    private IEnumerable<(string Name, object? Value, DictionaryEntry[]? Entries)> Values() => Globals()
        .Where(variable => (variable.Options & Fixed) == 0 && !variable.Name.StartsWith(Own, StringComparison.Ordinal))
        .Select(variable => (variable.Name, (object?)variable.Value, (variable.Value as Hashtable)?.Cast<DictionaryEntry>().ToArray()));

    private IEnumerable<PSVariable> Globals() => engine.InvokeCommand
        .InvokeScript(GlobalVariables, useNewScope: true, PipelineResultTypes.None, null)
        .Select(item => item.BaseObject)
        .OfType<PSVariable>();

    private void RestoreValues()
    {
        var now = Globals().ToDictionary(variable => variable.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value, entries) in _values)
        {
            if (!now.TryGetValue(name, out var variable))
                engine.SessionState.PSVariable.Set($"global:{name}", value);
            else if (!ReferenceEquals(variable.Value, value) && !Equals(variable.Value, value))
                Restore(variable, value);
            if (entries is not null && value is Hashtable table)
                Restore(table, entries);
        }
    }

    private static void Restore(PSVariable variable, object? value)
    {
        try
        {
            variable.Value = value;
        }
        catch (RuntimeException)
        {
            // The call has made a constant of it.
        }
    }

    private static void Restore(Hashtable table, DictionaryEntry[] entries)
    {
        if (table.Count == entries.Length && Array.TrueForAll(entries, entry => Equals(table[entry.Key], entry.Value)))
            return;
        table.Clear();
        foreach (var entry in entries)
            table[entry.Key] = entry.Value;
    }

    private void RestoreStack()
    {
        var path = engine.SessionState.Path;
        if (!IsOnDefaultStack(path))
        {
            // A stack that is empty cannot be made the current one.
            path.PushCurrentLocation(DefaultStack);
            path.SetDefaultLocationStack(DefaultStack);
        }

        for (var left = path.LocationStack(null).Count; left > 0; left--)
            path.PopLocation(null);
    }

    private static bool IsOnDefaultStack(PathIntrinsics path)
    {
        try
        {
            return path.LocationStack(null).Name == DefaultStack;
        }
        catch (PSArgumentException)
        {
            // The current stack is one that a call named, and is empty.
            return false;
        }
    }

    private void RestoreLocation()
    {
        if (engine.SessionState.Path.CurrentLocation.Path != _place)
            engine.SessionState.Path.SetLocation(WildcardPattern.Escape(_place));
        if (_directory is not null && CurrentDirectory() != _directory && Directory.Exists(_directory))
            Environment.CurrentDirectory = _directory;
    }

    // The directory may be gone.
    private static string? CurrentDirectory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return null;
        }
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
