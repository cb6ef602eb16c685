namespace Lythonic.Dag.Provenance;

/// <summary>One of the things that are the same where a node run is reused.</summary>
/// <param name="Name">What it is, so that "has changed" can follow.</param>
/// <param name="Hash">A text that is the same for the same thing, in hexadecimal.</param>
public readonly record struct ReusePart(string Name, string Hash);
