using System.Management.Automation.Host;

namespace Lythonic.Dag.Hosting;

/// <summary>The screen that a node in a worker sees: as large as the caller's, and nothing can be done to it.</summary>
internal sealed class WorkerRawUI(Func<CallerHost> caller) : PSHostRawUserInterface
{
    /// <inheritdoc/>
    public override Size BufferSize { get => caller().Buffer; set => _ = value; }

    /// <inheritdoc/>
    public override Size WindowSize { get => caller().Window; set => _ = value; }

    /// <inheritdoc/>
    public override Size MaxWindowSize => caller().Window;

    /// <inheritdoc/>
    public override Size MaxPhysicalWindowSize => caller().Window;

    /// <inheritdoc/>
    public override Coordinates WindowPosition { get; set; }

    /// <inheritdoc/>
    public override Coordinates CursorPosition { get; set; }

    /// <inheritdoc/>
    public override int CursorSize { get; set; } = 25;

    /// <inheritdoc/>
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    /// <inheritdoc/>
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    /// <inheritdoc/>
    public override string WindowTitle { get; set; } = "";

    /// <inheritdoc/>
    public override bool KeyAvailable => false;

    /// <inheritdoc/>
    public override void FlushInputBuffer()
    {
    }

    /// <inheritdoc/>
    public override KeyInfo ReadKey(ReadKeyOptions options) =>
        throw new HostException("A node that runs in a worker has no keyboard. Run it with -Inline.");

    /// <inheritdoc/>
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => new BufferCell[0, 0];

    /// <inheritdoc/>
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents)
    {
    }

    /// <inheritdoc/>
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
    }

    /// <inheritdoc/>
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
    {
    }
}
