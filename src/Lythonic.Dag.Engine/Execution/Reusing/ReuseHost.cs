using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The host on which an output depends: its own if only one can make it; none if any of several, or this machine, makes it.
/// </summary>
internal static class ReuseHost
{
    /// <summary>The name of the host of a place, if the place has only one.</summary>
    public static string? NameOf(HostPlace? place) => place?.Farm.Sole is { IsElsewhere: true } only ? only.Name : null;

    /// <summary>The name of the host of a composite node's elements, if there is only one and no choice.</summary>
    public static string? NameOf(RunExecution run, CompiledNode node) => node.Settings.Hosts is not { } hosts ? NameOf(run.Place)
        : hosts is { Fixed: [{ IsElsewhere: true } only] } ? only.Name : null;
}
