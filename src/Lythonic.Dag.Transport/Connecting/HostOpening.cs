namespace Lythonic.Dag.Transport;

/// <summary>How making a connection ended: with one of the two, or, cancelled, with none.</summary>
/// <param name="Connection">The connection, where it was made.</param>
/// <param name="Loss">Why the host cannot be reached, where it cannot.</param>
public sealed record HostOpening(HostConnection? Connection, HostLoss? Loss);
