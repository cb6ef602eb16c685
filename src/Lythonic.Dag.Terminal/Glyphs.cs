namespace Lythonic.Dag.Terminal;

/// <summary>The signs of the screen, each one column wide; plain ones for terminals without Unicode.</summary>
/// <param name="isUnicode">Whether the terminal shows Unicode.</param>
internal sealed class Glyphs(bool isUnicode)
{
    /// <summary>The part of a bar that is done.</summary>
    public string Full => isUnicode ? "━" : "=";

    /// <summary>The part of a bar that is not done.</summary>
    public string Empty => isUnicode ? "─" : "-";

    /// <summary>Between two things on one line.</summary>
    public string Dot => isUnicode ? "·" : "-";

    /// <summary>A line across.</summary>
    public string Rule => isUnicode ? "─" : "-";

    /// <summary>Shows that there is more above.</summary>
    public string Up => isUnicode ? "↑" : "^";

    /// <summary>Shows that there is more below.</summary>
    public string Down => isUnicode ? "↓" : "v";

    /// <summary>The keys that scroll.</summary>
    public string UpDown => isUnicode ? "↑↓" : "up/down";

    /// <summary>The keys that go from one to the next.</summary>
    public string LeftRight => isUnicode ? "←→" : "left/right";

    /// <summary>The mark before an element of a map.</summary>
    public string Branch => isUnicode ? "└" : "`";

    /// <summary>A line as the terminal can show it. The mark for text that is cut off is replaced by a plain one too.</summary>
    public string Plain(string line) => isUnicode ? line : line.Replace('…', '~');

    /// <summary>The sign of a status.</summary>
    public string For(NodeStatus status) => status switch
    {
        NodeStatus.Completed => isUnicode ? "✓" : "v",
        NodeStatus.Running => isUnicode ? "●" : "*",
        NodeStatus.Waiting => isUnicode ? "◌" : "o",
        NodeStatus.Failed => isUnicode ? "✗" : "x",
        NodeStatus.Skipped => isUnicode ? "↺" : "r",
        NodeStatus.Paused => isUnicode ? "‖" : "p",
        NodeStatus.Cancelled => isUnicode ? "■" : "c",
        NodeStatus.Pending => isUnicode ? "·" : ".",
        _ => "-",
    };
}
