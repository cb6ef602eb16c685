using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Lythonic.Dag.Transport;

/// <summary>
/// The client program of one connection. Its output goes to a reader, its end is noticed at once, and it is killed without waiting.
/// </summary>
#pragma warning disable CA1001 // It disposes of the process by itself, when that has ended; nobody else knows when.
internal sealed class HostProcess
#pragma warning restore CA1001
{
    private const int KeptWords = 7_500;

    /// <summary>How long the pipes of a program are read after it has ended.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a program may take to end after its output has ended.</summary>
    private static readonly TimeSpan Fading = TimeSpan.FromSeconds(1);

    private readonly string _host;
    private readonly Process _process = new();
    private readonly KeptText _words = new(KeptWords);
    private readonly TaskCompletionSource _outputEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _wordsEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<HostLoss> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _gate = new();
    private bool _started;
    private bool _refused;
    private string? _killedBecause;

    /// <summary>Makes a program that has not begun.</summary>
    /// <param name="host">The name of the host, for the loss.</param>
    /// <param name="command">The command line.</param>
    public HostProcess(string host, HostCommand command)
    {
        _host = host;
        var start = _process.StartInfo;
        start.FileName = command.Program;
        foreach (var argument in command.Arguments)
            start.ArgumentList.Add(argument);
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        // Nobody is there to answer a question.
        start.Environment.Remove("SSH_ASKPASS");
        start.Environment.Remove("SSH_ASKPASS_REQUIRE");
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _exit.TrySetResult();
    }

    /// <summary>Writes to the program's standard input.</summary>
    public QueuedWriter Input { get; } = new();

    /// <summary>Completes when the program has ended, or could not begin.</summary>
    public Task<HostLoss> Lost => _lost.Task;

    /// <summary>What the program has written to its standard error so far.</summary>
    public string Words => _words.ToString();

    /// <summary>The program's id; 0 before it began.</summary>
    public int Id { get; private set; }

    /// <summary>Starts the program. If that fails, the host is lost.</summary>
    /// <param name="onLine">Gets each line that it writes, on one thread.</param>
    public void Start(Action<string> onLine)
    {
        lock (_gate)
        {
            if (_refused)
                return;
            try
            {
                _process.Start();
                _started = true;
                Id = _process.Id;
            }
            catch (Exception error) when (
                error is Win32Exception or InvalidOperationException or IOException or PlatformNotSupportedException)
            {
                Refuse($"'{_process.StartInfo.FileName}' cannot be started ({error.Message})");
                return;
            }
        }

        Input.Begin(_process.StandardInput.BaseStream);
        OwnThread.Start("Lythonic.Dag host reader", () => ReadOutput(onLine));
        OwnThread.Start("Lythonic.Dag host words", ReadWords);
        _ = WatchAsync();
    }

    /// <summary>Kills the program and all that it started, without waiting. If it has not begun, it will not begin.</summary>
    /// <param name="because">The reason, for the loss.</param>
    public void Kill(string because)
    {
        lock (_gate)
        {
            // A program that ended by itself has its own reason.
            if (_exit.Task.IsCompleted)
                return;
            _killedBecause ??= because;
            if (!_started)
            {
                Refuse(because);
                return;
            }
        }

        Input.End();
        PendingKills.Begin();
        OwnThread.Start("Lythonic.Dag host kill", () =>
        {
            try
            {
                KillTree();
            }
            finally
            {
                PendingKills.End();
            }

            // A program that waits for a device ends only when the device answers.
            _process.WaitForExit(Drain);
            _lost.TrySetResult(Describe(ended: false));
        });
    }

    private void KillTree()
    {
        try
        {
            ProcessTree.Kill(_process);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or AggregateException or NotSupportedException)
        {
            // It has ended by itself, or a program below it belongs to somebody else.
            if (!_process.HasExited)
                _process.Kill();
        }
    }

    private void Refuse(string why)
    {
        _refused = true;
        Input.End();
        _lost.TrySetResult(new HostLoss(_host, why));
    }

    // Greetings, and the rest of a message whose sender was killed, are no messages: PowerShell would break the connection for them.
    private static bool IsMessage(string line) =>
        line.StartsWith('<') && (line.EndsWith("/>", StringComparison.Ordinal) || line.EndsWith("</Data>", StringComparison.Ordinal));

    private void ReadOutput(Action<string> onLine)
    {
        try
        {
            while (_process.StandardOutput.ReadLine() is { } line)
            {
                if (IsMessage(line))
                    onLine(line);
                else if (!line.StartsWith('<'))
                    _words.Add(line + "\n");
            }
        }
        finally
        {
            _outputEnd.TrySetResult();
        }
    }

    private void ReadWords()
    {
        try
        {
            var buffer = new char[1_024];
            while (_process.StandardError.Read(buffer) is > 0 and var read)
                _words.Add(buffer.AsSpan(0, read));
        }
        finally
        {
            _wordsEnd.TrySetResult();
        }
    }

    // A child of the program may hold its pipes open after it has ended. Or the program may close its output and stay.
    private async Task WatchAsync()
    {
        await Task.WhenAny(_exit.Task, _outputEnd.Task).ConfigureAwait(false);
        var ended = await EndsWithinAsync(_exit.Task, Fading).ConfigureAwait(false);
        if (!ended)
            Kill("it closed its output and did not end");
        else
            await EndsWithinAsync(Task.WhenAll(_outputEnd.Task, _wordsEnd.Task), Drain).ConfigureAwait(false);
        Input.End();
        _lost.TrySetResult(Describe(ended));
        if (ended)
            _process.Dispose();
    }

    private HostLoss Describe(bool ended)
    {
        var words = Words;
        if (_killedBecause is { } why)
            return new HostLoss(_host, why, words);
        var start = _process.StartInfo;
        var program = PowerShellProgram.Is(start.FileName, start.ArgumentList)
            ? "its PowerShell"
            : Path.GetFileNameWithoutExtension(start.FileName);
        return new HostLoss(_host, $"{program} ended", words, ended ? _process.ExitCode : null);
    }

    private static async Task<bool> EndsWithinAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
