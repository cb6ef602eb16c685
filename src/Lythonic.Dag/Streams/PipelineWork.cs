namespace Lythonic.Dag.Hosting;

/// <summary>A piece of work for the pipeline's thread.</summary>
/// <param name="Action">What to do.</param>
/// <param name="WhenStopping">What to do instead if the pipeline has stopped; <see langword="null"/> for nothing.</param>
internal sealed record PipelineWork(Action Action, Action? WhenStopping);
