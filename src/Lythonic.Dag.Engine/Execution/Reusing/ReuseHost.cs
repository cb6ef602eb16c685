using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The host that an output depends on: the one that it is on, and none where any of several may make it, or this machine does.
/// </summary>
internal static class ReuseHost
{
    /// <summary>The name of the host of a place, where it is one alone.</summary>
    public static string? NameOf(HostPlace? place) => place?.Farm.Sole is { IsElsewhere: true } only ? only.Name : null;

    /// <summary>The name of the host of a composite node's elements, where that is one alone that needs no choice.</summary>
    public static string? NameOf(RunExecution run, CompiledNode node) => node.Settings.Hosts is not { } hosts ? NameOf(run.Place)
        : hosts is { Fixed: [{ IsElsewhere: true } only] } ? only.Name : null;
}
