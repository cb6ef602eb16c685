using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using EngineRunspace = System.Management.Automation.Runspaces.Runspace;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>
/// Sessions that have the module, which tests use one after the other: to open one costs more than what most tests do in it.
/// </summary>
/// <remarks>
/// The engine takes back variables, the location, events and the debugger. What it does not take back is compared: a session whose
/// functions, aliases, drives or cmdlets of the module are not those that it began with is closed. What the module remembers of it is
/// taken from its tables, as when the session ends.
/// </remarks>
internal static class SessionPool
{
    private static readonly ConcurrentBag<EngineRunspace> Free = [];
    private static readonly ConcurrentDictionary<EngineRunspace, string> Begins = [];

    private static FieldInfo[]? _tables;

    public static EngineRunspace Take() => Free.TryTake(out var free) ? free : Open();

    /// <param name="runspace">The session.</param>
    /// <param name="isChanged">Whether a test may have changed in it what is not compared.</param>
    public static void Return(EngineRunspace runspace, bool isChanged)
    {
        if (!isChanged && runspace.RunspaceAvailability == RunspaceAvailability.Available && Begins[runspace] == Describe(runspace))
        {
            runspace.ResetRunspaceState();
            foreach (var table in _tables ??= FindTables(runspace))
                table.FieldType.GetMethod("Remove", [typeof(EngineRunspace)])!.Invoke(table.GetValue(null), [runspace]);
            Free.Add(runspace);
            return;
        }

        Begins.TryRemove(runspace, out _);
        runspace.Dispose();
    }

    // They are private: the module that is tested is the staged one, to which tests have no reference.
    private static FieldInfo[] FindTables(EngineRunspace runspace)
    {
        var module = runspace.SessionStateProxy.InvokeCommand.GetCmdlet("Invoke-Dag").ImplementingType.Assembly;
        var tables = module.GetTypes()
            .Select(type => type.GetField("Sessions", BindingFlags.Static | BindingFlags.NonPublic))
            .OfType<FieldInfo>().ToArray();
        Assert.NotEmpty(tables);
        return tables;
    }

    private static EngineRunspace Open()
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using (var shell = PowerShell.Create(runspace))
        {
            shell.AddScript($"Import-Module '{Repository.Manifest}' -ErrorAction Stop").Invoke();
            Assert.Empty(shell.Streams.Error);
        }

        Begins[runspace] = Describe(runspace);
        return runspace;
    }

    private static string Describe(EngineRunspace runspace)
    {
        var session = runspace.SessionStateProxy;
        var items = session.InvokeProvider.ChildItem;
        var functions = items.Get("Function:", false).Select(item => (FunctionInfo)item.BaseObject);
        return string.Join(
            '\n',
            [
                .. functions.Select(function => $"{function.Name} {function.ScriptBlock.GetHashCode()}"),
                .. items.GetNames("Alias:", ReturnContainers.ReturnMatchingContainers, false),
                .. session.Drive.GetAll().Select(drive => drive.Name),
                $"{session.InvokeCommand.GetCmdlet("Invoke-Dag")?.GetHashCode()}",
            ]);
    }
}
