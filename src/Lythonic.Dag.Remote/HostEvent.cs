namespace Lythonic.Dag.Remote;

/// <summary>The events by which the far end of a connection tells the caller something while calls are under way.</summary>
internal static class HostEvent
{
    /// <summary>
    /// No more of several calls begin, although one is still under way. It carries the number of the group, and how many have begun.
    /// </summary>
    public const string Over = "Lythonic.Dag.Over";
}
