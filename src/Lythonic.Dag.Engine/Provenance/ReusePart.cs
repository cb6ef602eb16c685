namespace Lythonic.Dag.Provenance;

/// <summary>One part of a node run's code or inputs. An output can be reused only if all parts are equal.</summary>
/// <param name="Name">A phrase that "has changed" can follow.</param>
/// <param name="Hash">A hash of the part, in hexadecimal.</param>
public readonly record struct ReusePart(string Name, string Hash);
