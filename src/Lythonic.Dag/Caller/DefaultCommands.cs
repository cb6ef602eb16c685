using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Hosting;

/// <summary>The aliases and functions that every session of PowerShell begins with: they need not be made known to others.</summary>
internal static class DefaultCommands
{
    private static readonly Lazy<Dictionary<(CommandTypes, string), string>> All = new(Read);

    /// <summary>Whether a session begins with this alias or function, and it is still the same.</summary>
    public static bool Has(CommandInfo command) =>
        All.Value.TryGetValue((command.CommandType, command.Name.ToUpperInvariant()), out var definition)
            && definition.Equals(command.Definition, StringComparison.Ordinal);

    /// <summary>Whether a session begins with an alias or a function of this name.</summary>
    public static bool HasName(string name) =>
        All.Value.ContainsKey((CommandTypes.Alias, name.ToUpperInvariant()))
            || All.Value.ContainsKey((CommandTypes.Function, name.ToUpperInvariant()));

    /// <summary>The command that an alias stands for with which every session begins; otherwise <see langword="null"/>.</summary>
    public static string? AliasOf(string name) => All.Value.GetValueOrDefault((CommandTypes.Alias, name.ToUpperInvariant()));

    private static Dictionary<(CommandTypes, string), string> Read()
    {
        var all = new Dictionary<(CommandTypes, string), string>();
        foreach (var entry in InitialSessionState.CreateDefault2().Commands)
        {
            var definition = (entry as SessionStateAliasEntry)?.Definition ?? (entry as SessionStateFunctionEntry)?.Definition;
            if (definition is not null)
                all.TryAdd((entry.CommandType, entry.Name.ToUpperInvariant()), definition);
        }

        return all;
    }
}
