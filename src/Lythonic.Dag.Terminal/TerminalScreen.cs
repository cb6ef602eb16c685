using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lythonic.Dag.Watching;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Lythonic.Dag.Terminal;

/// <summary>
/// Shows a run on the alternate screen of this process's console, so that the main screen is as it was when this one is closed.
/// </summary>
internal sealed class TerminalScreen : IRunScreen
{
    private const string Enter = "\e[?1049h\e[?25l\e[?7l";
    private const string Exit = "\e[?7h\e[?25h\e[?1049l";

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly StringWriter _text = new(CultureInfo.InvariantCulture);
    private readonly IAnsiConsole _console;
    private readonly Glyphs _glyphs = new(Console.OutputEncoding.CodePage is 65001 or 1200 or 1201);
    private readonly ScreenKeys _keys = ScreenKeys.OfConsole();
    private ScreenState _state = new();
    private RunView? _view;
    private string? _notice;
    private (int Width, int Height) _size;
    private long _drawn;
    private int _offset;
    private bool _isOpen;

    /// <summary>Makes a screen; the console is not touched yet.</summary>
    /// <param name="hasColours">Whether it shows colours.</param>
    public TerminalScreen(bool hasColours) => _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(_text),
    });

    /// <inheritdoc/>
    public void Show(RunView view, string? notice)
    {
        (_view, _notice) = (view, notice);
        // A run that has already ended is shown once, on the main screen.
        if (!_isOpen && !view.IsLive)
            return;
        if (!_isOpen)
            Console.Out.Write(Enter);
        _isOpen = true;
        Draw();
    }

    /// <inheritdoc/>
    public WatchWish? Wait(TimeSpan most, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var left = most; left > TimeSpan.Zero; left = most - Stopwatch.GetElapsedTime(begun))
        {
            if (ReadKeys() is { } wish)
                return wish;
            if (Size() != _size || Stopwatch.GetElapsedTime(_drawn) >= Tick)
                Draw();
            if (cancellationToken.WaitHandle.WaitOne(left < Slice ? left : Slice))
                return null;
        }

        return ReadKeys();
    }

    /// <inheritdoc/>
    public void Leave(RunView view, string? advice)
    {
        Dispose();
        var width = Size().Width;
        var drawing = new RunDrawing(_glyphs, width - 1, int.MaxValue, DateTimeOffset.UtcNow);
        Write(drawing.Summary(view, advice, _state).Lines, "", "", "\n", "\n");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isOpen)
            return;
        _isOpen = false;
        _keys.Drop();
        Console.Out.Write(Exit);
    }

    private WatchWish? ReadKeys()
    {
        var before = _state;
        while (_keys.TryRead(ref _state, _offset, out var wish))
        {
            if (wish is not null)
                return wish;
            if (_state != before)
                Draw();
            before = _state;
        }

        return null;
    }

    private void Draw()
    {
        if (!_isOpen || _view is null)
            return;
        _size = Size();
        _drawn = Stopwatch.GetTimestamp();
        var frame = new RunDrawing(_glyphs, _size.Width, _size.Height, DateTimeOffset.UtcNow).Draw(_view, _notice, _state);
        _offset = frame.Offset;
        if (_state.ShowsErrors)
            _state = _state with { Error = Math.Clamp(_state.Error, 0, Math.Max(0, _view.Failures.Count - 1)), ErrorOffset = _offset };
        else if (_state.Offset is not null)
            _state = _state with { Offset = _offset };
        Write(frame.Lines.Take(_size.Height), "\e[H", "\e[K", "\r\n", "\e[J");
    }

    // Write it as one text, so that nobody sees a half-drawn screen.
    private void Write(IEnumerable<Line> lines, string begin, string endOfLine, string between = "", string end = "")
    {
        var text = new StringBuilder(begin);
        var isFirst = true;
        foreach (var line in lines)
        {
            // Do not erase the rest of a full line: there is none, and the last character would be erased.
            text.Append(isFirst ? "" : between).Append(Coloured(line)).Append(line.Room > 0 ? endOfLine : "");
            isFirst = false;
        }

        Console.Out.Write(text.Append(end).ToString());
    }

    private string Coloured(Line line)
    {
        _text.GetStringBuilder().Clear();
        _console.Profile.Width = int.MaxValue / 2;
        _console.Write(new Drawn(line.Parts));
        return _glyphs.Plain(_text.ToString());
    }

    private static (int Width, int Height) Size()
    {
        try
        {
            return (Math.Max(20, Console.WindowWidth), Math.Max(5, Console.WindowHeight));
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }

    private sealed class Drawn(IReadOnlyList<Segment> parts) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => parts;
    }
}
