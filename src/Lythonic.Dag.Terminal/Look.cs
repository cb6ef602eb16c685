using Spectre.Console;

namespace Lythonic.Dag.Terminal;

/// <summary>The colours that every terminal has in its theme.</summary>
internal static class Look
{
    /// <summary>Plain text.</summary>
    public static Style Plain { get; } = Style.Plain;

    /// <summary>What matters most.</summary>
    public static Style Strong { get; } = new(decoration: Decoration.Bold);

    /// <summary>What matters least.</summary>
    public static Style Dim { get; } = new(decoration: Decoration.Dim);

    /// <summary>An error.</summary>
    public static Style Bad { get; } = new(Color.Red);

    /// <summary>A warning.</summary>
    public static Style Warned { get; } = new(Color.Olive);

    /// <summary>What is held until somebody goes on with it.</summary>
    public static Style Held { get; } = new(Color.Blue);

    /// <summary>What is in progress.</summary>
    public static Style Active { get; } = new(Color.Teal);

    /// <summary>What is done.</summary>
    public static Style Good { get; } = new(Color.Green);

    /// <summary>A status of a node. A completion with errors looks like a warning.</summary>
    public static Style StyleOf(NodeStatus status, ErrorCounts errors) => status switch
    {
        NodeStatus.Completed when errors.All > 0 => Warned,
        NodeStatus.Completed => Good,
        NodeStatus.Running => Active,
        NodeStatus.Waiting => Warned,
        NodeStatus.Paused => Held,
        NodeStatus.Failed or NodeStatus.Cancelled => Bad,
        _ => Dim,
    };

    /// <summary>A status of a run, as of a node.</summary>
    public static Style StyleOf(DagRunStatus status, ErrorCounts errors) => status switch
    {
        DagRunStatus.Completed when errors.All > 0 => Warned,
        DagRunStatus.Completed => Good,
        DagRunStatus.Running => Active,
        DagRunStatus.Paused => Held,
        _ => Bad,
    };
}
