using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Hosting;

/// <summary>A module that the sessions of nodes import.</summary>
/// <param name="Name">Its name or path.</param>
/// <param name="State">Its version and the times of its files. A session that has another state of it imports it again.</param>
internal sealed record SessionModule(string Name, string State)
{
    // The files of a module may be many. They are looked at once for each import in the caller's session, except for those that are named.
    private static readonly ConditionalWeakTable<PSModuleInfo, string> States = [];

    /// <summary>A module that the caller's session has loaded.</summary>
    /// <param name="name">The file to import.</param>
    /// <param name="loaded">The module.</param>
    public static SessionModule Of(string name, PSModuleInfo loaded) => new(
        name,
        $"{States.GetValue(loaded, static module => ModuleState.Capture(module).State)}/{WrittenAt(name)}/{WrittenAt(loaded.Path)}");

    /// <summary>A module that the caller's session has not loaded.</summary>
    /// <param name="name">Its name or path.</param>
    public static SessionModule Of(string name) => new(name, ModuleState.Unknown(name).State);

    private static string WrittenAt(string path) => File.GetLastWriteTimeUtc(path).Ticks.ToString(CultureInfo.InvariantCulture);
}
