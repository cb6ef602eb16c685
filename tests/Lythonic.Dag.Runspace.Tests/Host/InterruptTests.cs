using System.Diagnostics;
using System.Globalization;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Host;

public sealed class InterruptTests : IDisposable
{
    private const string Forever = "while ($true) { [Threading.Thread]::Sleep(10) }";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [UnixFact("signals are for Unix")]
    public void Ctrl_C_stops_the_script_and_exits_with_130() =>
        Assert.Equal(130, Interrupt("[IO.File]::WriteAllText(\"$PSScriptRoot/ready\", '')\n" + Forever));

    [UnixFact("signals are for Unix")]
    public void Ctrl_C_cancels_the_run_of_a_DAG()
    {
        Interrupt($$"""
            $ready = "$PSScriptRoot/ready"
            $d = New-Dag d { Add-DagNode a { [IO.File]::WriteAllText($using:ready, ''); {{Forever}} } }
            Invoke-Dag $d -DatabasePath "$PSScriptRoot/runs.db"
            """);

        using var session = new ModuleSession();
        Assert.Equal("cancelled", session.Run($"(Get-DagRun -DatabasePath '{_folder.File("runs.db")}').Status").Sound().Text);
    }

    private int Interrupt(string script)
    {
        using var host = new HostProcess(_folder.Path, null, _folder.Write("script.ps1", script));
        host.WaitForFile(_folder.File("ready"));
        using var kill = Process.Start("kill", ["-INT", host.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        return host.WaitForExit();
    }
}
