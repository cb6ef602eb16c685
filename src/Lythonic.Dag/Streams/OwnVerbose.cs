namespace Lythonic.Dag.Hosting;

/// <summary>A line that the engine itself writes if the cmdlet was called with <c>-Verbose</c>.</summary>
/// <param name="Text">The line, which names its node.</param>
internal sealed record OwnVerbose(string Text);
