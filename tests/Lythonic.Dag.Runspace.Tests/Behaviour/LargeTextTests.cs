using System.Globalization;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>
/// The memory of a process that stores a long text, and of one that reads it back, beside the text itself: two bytes for each of its
/// characters.
/// </summary>
public sealed class LargeTextTests : IDisposable
{
    private const int Megabytes = 128;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxTheory("The peak memory of a process is read from /proc.")]
    [InlineData("an output", "Add-DagNode a { $text }", "$run.Nodes['a'].Output.Length")]
    [InlineData("an input", "Add-DagNode a { $text }; Add-DagNode b -After a { param($a) $a.Length }", "$run.Nodes['b'].Input['a'].Length")]
    [InlineData("an element", "Add-DagNode a { , @(1, $text) }; Add-DagNode m -After a -Map { $_.Length }",
        "$run.Nodes['m'].ChildRuns['1'].SourceInput[0][0].Length")]
    [InlineData("a property", "Add-DagNode a { @{ n = @{ text = $text } } }; Add-DagNode b -After a { $_.n.text.Length }",
        "$run.Nodes['a'].Output.n.text.Length")]
    public void It_stays_below_five_times_the_text(string what, string nodes, string read)
    {
        var script = nodes.Replace("$text", $"[string]::new('x', {Megabytes}MB)", StringComparison.Ordinal);

        var (stored, storing) = PeakOf($$"""(Invoke-Dag (New-Dag d { {{script}} }) -DatabasePath runs.db).Status""");
        var (length, reading) = PeakOf($$"""$run = Get-DagRun -DatabasePath runs.db; {{read}}""");

        Assert.Equal((what, "completed", $"{Megabytes << 20}"), (what, stored, length));
        Assert.InRange(storing, 0, 5 * Megabytes);
        Assert.InRange(reading, 0, 5 * Megabytes);
    }

    // What a script writes, and the most memory in megabytes that its process had.
    private (string Said, int Peak) PeakOf(string script)
    {
        var path = Path.Combine(_folder.Path, "script.ps1");
        File.WriteAllText(
            path, $$"""{{script}}; (Get-Content /proc/self/status | Where-Object { $_.StartsWith('VmHWM') }) -replace '\D'""");
        using var process = PwshProcess.Run(_folder.Path, path);
        var lines = process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.True(lines.Length == 2, process.Output + process.Error);
        return (lines[0], int.Parse(lines[1], CultureInfo.InvariantCulture) / 1024);
    }
}
