using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class SecretTests : ModuleTest
{
    private const string Secret =
        "$s = [securestring]::new(); foreach ($c in 'hunter2'.ToCharArray()) { $s.AppendChar($c) }; "
        + "$cred = [pscredential]::new('someone', $s); ";

    [Theory]
    [InlineData("$s")]
    [InlineData("$cred")]
    [InlineData("@{ deep = @($s, $cred) }")]
    [InlineData("[pscustomobject]@{ password = $cred }")]
    public void No_file_of_the_database_has_a_secret(string value)
    {
        Session.Run(
            $"{Secret} $v = {value}; $null = New-Dag d {{ Add-DagNode a {{ param($x) $x }}; "
            + $"Add-DagNode b {{ $_ }} -After a }} | Invoke-Dag -SourceInput @{{ x = $v }}").Sound();

        foreach (var file in Directory.GetFiles(Session.Folder.Path, "runs.db*"))
            Assert.Equal(-1, Contents(file).AsSpan().IndexOf("hunter2"u8));
    }

    [Fact]
    public void Its_place_says_so()
    {
        Session.Run($"{Secret} $null = New-Dag d {{ Add-DagNode a {{ param($x) 1 }} }} | Invoke-Dag -SourceInput @{{ x = $s }}").Sound();

        Assert.Contains("SecureString", StoreReader.Query(Session.Database, "SELECT source_inputs_json FROM dag_runs"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_of_the_same_run_has_the_live_secret() => Gives(
        "someone",
        $"{Secret} (New-Dag d {{ Add-DagNode a {{ param($x) $x }}; Add-DagNode b {{ param($x) $x.UserName }} -After a }} | "
        + $"Invoke-Dag -SourceInput @{{ x = $cred }}).Outputs['b']");

    [Fact]
    public void A_restart_without_the_secret_says_how_to_give_it()
    {
        const string Nodes =
            "$d = New-Dag d { Add-DagNode gate { if (-not [IO.File]::Exists(\"$using:Folder/go\")) { throw 'no' } }; "
            + "Add-DagNode login { param([securestring]$Password) $Password.Length } }; ";
        Session.Run(
            $"{Secret} {Nodes} $r = Invoke-Dag $d -SourceInput @{{ login = @{{ Password = $s }} }} "
            + $"-ThrottleLimit 1 -ErrorAction SilentlyContinue; [IO.File]::WriteAllText(\"$Folder/go\", '')").Sound();

        FailsWith("Dag", "Restart-DagRun $r.RunId", "Password", "SourceInput");
    }

    [Fact]
    public void A_restart_with_the_secret_goes_on() => Gives(
        "7",
        Secret + """
        $d = New-Dag d { Add-DagNode gate { if (-not [IO.File]::Exists("$using:Folder/go")) { throw 'no' } };
            Add-DagNode login { param([securestring]$Password) $Password.Length } }
        $r = Invoke-Dag $d -SourceInput @{ login = @{ Password = $s } } -ThrottleLimit 1 -ErrorAction SilentlyContinue;
            [IO.File]::WriteAllText("$Folder/go", '')
        (Restart-DagRun $r.RunId -SourceInput @{ login = @{ Password = $s } }).Outputs['login']
        """);

    [Fact]
    public void A_secret_that_a_restart_gives_is_a_placeholder_too_and_the_next_one_asks_for_it()
    {
        const string Nodes =
            "$d = New-Dag d { Add-DagNode gate { param($n) if ($n -lt 3) { throw 'no' } }; "
            + "Add-DagNode login { param([securestring]$Password) $Password.Length } -After gate }; ";
        Session.Run(
            $"{Secret} {Nodes} $r = Invoke-Dag $d -SourceInput @{{ n = 1; login = @{{ Password = $s }} }} -ErrorAction SilentlyContinue; "
            + $"$null = Restart-DagRun $r.RunId -SourceInput @{{ n = 2; login = @{{ Password = $s }} }} -ErrorAction SilentlyContinue")
            .Sound();

        Assert.Contains("\"n\":2", StoreReader.Query(Session.Database, "SELECT source_inputs_json FROM dag_runs"),
            StringComparison.Ordinal);
        Assert.Contains("SecureString", StoreReader.Query(Session.Database, "SELECT source_inputs_json FROM dag_runs"),
            StringComparison.Ordinal);
        GivesInNewSession("7",
            $"{Secret} {Nodes} (Restart-DagRun (Get-DagRun).RunId -SourceInput @{{ n = 3; "
            + $"login = @{{ Password = $s }} }}).Outputs['login']");
    }

    private static byte[] Contents(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
