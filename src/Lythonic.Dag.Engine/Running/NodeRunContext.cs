namespace Lythonic.Dag;

/// <summary>The node run that the current thread or async flow belongs to. Loggers read it.</summary>
/// <param name="RunId">The id of the run, or of the sub-run that the node is in.</param>
/// <param name="NodeLabel">The label of the node.</param>
/// <param name="Path">The DAG's name, or the path of the sub-run.</param>
public sealed record NodeRunContext(string RunId, string NodeLabel, string Path)
{
    private static readonly AsyncLocal<NodeRunContext?> Ambient = new();

    /// <summary>The current node run, or <see langword="null"/> outside of one.</summary>
    public static NodeRunContext? Current
    {
        get => Ambient.Value;
        internal set => Ambient.Value = value;
    }
}
