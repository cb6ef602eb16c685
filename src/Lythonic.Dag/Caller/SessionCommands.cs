using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The commands that a session knows: its functions, aliases and cmdlets, programs, and the commands of modules that PowerShell would load
/// by itself. Looking loads no module. Use it on the pipeline's thread.
/// </summary>
/// <param name="session">The session's commands.</param>
internal sealed class SessionCommands(CommandInvocationIntrinsics session)
{
    // With a wildcard, Get-Command reads what modules have and loads none. If the session loads no modules by itself, or code of the user
    // finds commands, all names count as found.
    private const string FindInModules = """
        param($names)
        $command = $ExecutionContext.InvokeCommand
        if (($PSModuleAutoLoadingPreference -and "$PSModuleAutoLoadingPreference" -ne 'All') -or $command.CommandNotFoundAction -or
            $command.PreCommandLookupAction) { return $names }
        $patterns = foreach ($name in $names) { '[' + $name[0] + ']' + $name.Substring(1) }
        foreach ($found in Microsoft.PowerShell.Core\Get-Command $patterns -CommandType Alias, Cmdlet, Function -ErrorAction Ignore) {
            $found.Name
        }
        """;

    private const string ListAll = """
        foreach ($found in Microsoft.PowerShell.Core\Get-Command -CommandType Alias, Cmdlet, Function -ErrorAction Ignore) { $found.Name }
        """;

    private const string FindInModule = """
        param($names)
        foreach ($name in $names) { if (@($ExecutionContext.InvokeCommand.GetCommands($name, 'All', $false))) { $name } }
        """;

    private const string FindModule = """
        param($name)
        Microsoft.PowerShell.Core\Get-Module | & { process { if ($_.Name -eq $name -or $_.Path -eq $name) { $_ } } }
        """;

    private readonly Lazy<HashSet<string>> _all = new(() => Strings(session.InvokeScript(true, ScriptBlock.Create(ListAll), null)));

    /// <summary>The names that the session finds no command for.</summary>
    /// <param name="names">Names of letters, digits, hyphens and underscores.</param>
    /// <param name="home">The module whose code calls them and that may have commands of its own; or <see langword="null"/>.</param>
    public HashSet<string> Missing(IEnumerable<string> names, PSModuleInfo? home)
    {
        var missing = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase);
        missing.RemoveWhere(IsLoaded);
        if (missing.Count == 0)
            return missing;
        // PowerShell tries a name without a verb with Get- before it gives up.
        var asked = missing.Concat(missing.Where(name => !name.Contains('-', StringComparison.Ordinal)).Select(WithGet)).ToArray();
        var found = Strings(session.InvokeScript(true, ScriptBlock.Create(FindInModules), null, (object)asked));
        missing.RemoveWhere(name => found.Contains(name) || found.Contains(WithGet(name)));
        if (missing.Count > 0 && home is not null)
            missing.ExceptWith(Strings(home.Invoke(ScriptBlock.Create(FindInModule), (object)missing.ToArray())));
        missing.RemoveWhere(DefaultCommands.HasName);
        return missing;
    }

    /// <summary>The name of a command that is much like a name; or <see langword="null"/>.</summary>
    public string? Near(string name) => NearName.Of(name, _all.Value);

    /// <summary>The names of the commands of a loaded module; <see langword="null"/> if no module of that name or path is loaded.</summary>
    public IEnumerable<string>? ExportsOf(string module) => session
        .InvokeScript(true, ScriptBlock.Create(FindModule), null, module)
        .Select(found => (found?.BaseObject as PSModuleInfo)?.ExportedCommands.Keys).OfType<IEnumerable<string>>().FirstOrDefault();

    private bool IsLoaded(string name) =>
        session.GetCommands(name, CommandTypes.All, nameIsPattern: false).Any()
            || (!name.Contains('-', StringComparison.Ordinal)
                && session.GetCommands(WithGet(name), CommandTypes.All, nameIsPattern: false).Any());

    private static string WithGet(string name) => $"Get-{name}";

    private static HashSet<string> Strings(object? found) => new(
        (PSWrapper.Unwrap(found) is IEnumerable many and not string ? many.Cast<object?>() : [found])
            .Select(PSWrapper.Unwrap).OfType<string>(),
        StringComparer.OrdinalIgnoreCase);
}
