namespace Lythonic.Dag.Transport;

/// <summary>How an attempt to connect ended: with one of the two, or with none if it was cancelled.</summary>
/// <param name="Connection">The connection, if it was made.</param>
/// <param name="Loss">Why the host cannot be reached, if it cannot.</param>
public sealed record HostOpening(HostConnection? Connection, HostLoss? Loss);
