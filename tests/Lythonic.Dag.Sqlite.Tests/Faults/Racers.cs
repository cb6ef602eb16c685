using System.Diagnostics;
using System.Threading.Channels;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>Processes that run one DAG on command and report the result. Some of them are killed.</summary>
internal sealed class Racers : IDisposable
{
    private readonly string _database;
    private readonly string _mode;
    private readonly Channel<(Process From, string Line)> _said = Channel.CreateUnbounded<(Process, string)>();

    public Racers(string database, string mode, int count)
    {
        _database = database;
        _mode = mode;
        for (var index = 0; index < count; index++)
            Add();
    }

    public List<Process> All { get; } = [];

    public void Add()
    {
        var process = ChildProcess.Start("race", _database, _mode);
        All.Add(process);
        _ = ListenAsync(process);
    }

    public void Tell(string line) => All.ForEach(racer => racer.StandardInput.WriteLine(line));

    /// <summary>The next line that one of the living processes writes.</summary>
    public async Task<(Process From, string Line)> NextAsync()
    {
        while (true)
        {
            var said = await _said.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(5));
            if (All.Contains(said.From))
                return said;
        }
    }

    public async Task KillAsync(Process racer)
    {
        All.Remove(racer);
        racer.Kill();
        await racer.WaitForExitAsync();
        racer.Dispose();
    }

    public void Dispose()
    {
        foreach (var racer in All)
        {
            racer.Kill();
            racer.WaitForExit();
            racer.Dispose();
        }
    }

    private async Task ListenAsync(Process process)
    {
        var output = process.StandardOutput;
        while (await output.ReadLineAsync() is { } line)
            _said.Writer.TryWrite((process, line));
    }
}
