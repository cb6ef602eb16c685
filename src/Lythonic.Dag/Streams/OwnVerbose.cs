namespace Lythonic.Dag.Hosting;

/// <summary>A line of the engine's own that is shown where the cmdlet was called with <c>-Verbose</c>.</summary>
/// <param name="Text">The line, which names its node.</param>
internal sealed record OwnVerbose(string Text);
