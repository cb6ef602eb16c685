using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosts;

/// <summary>What values and errors are like after they went to a host and came back.</summary>
public sealed class TravelTests : HostTest
{
    [Theory]
    [InlineData("\"$_ $using:five\"")]
    [InlineData("\"$_ $($args.Count + $using:five)\"")]
    public void An_element_has_its_value_again_after_a_statement_that_sets_it(string last) => Gives(
        "1 5",
        $$"""
        $five = 5
        $dag = New-Dag d {
            Add-DagNode l { , 1 }
            Add-DagNode a -After l -On $Process -Map { try { throw 'x' } catch { }; switch (5) { 5 { } }; {{last}} }
        }
        (Invoke-Dag $dag).Outputs['a']
        """);

    [Theory]
    [InlineData("'text'", "String text")]
    [InlineData("''", "String ")]
    [InlineData("\"ü`u{1F600}`n\"", "String ü\U0001F600\n")]
    [InlineData("$true", "Boolean True")]
    [InlineData("[byte]7", "Byte 7")]
    [InlineData("[sbyte]-7", "SByte -7")]
    [InlineData("[int16]7", "Int16 7")]
    [InlineData("[uint16]7", "UInt16 7")]
    [InlineData("7", "Int32 7")]
    [InlineData("[uint32]7", "UInt32 7")]
    [InlineData("7l", "Int64 7")]
    [InlineData("[uint64]::MaxValue", "UInt64 18446744073709551615")]
    [InlineData("[single]1.5", "Single 1.5")]
    [InlineData("[double]::NaN", "Double NaN")]
    [InlineData("1.10d", "Decimal 1.10")]
    [InlineData("[bigint]::Pow(10, 30)", "BigInteger 1000000000000000000000000000000")]
    [InlineData("[char]'x'", "Char x")]
    [InlineData("[datetime]::SpecifyKind('2026-01-02T03:04:05', 'Utc')", "DateTime 01/02/2026 03:04:05")]
    [InlineData("[datetimeoffset]'2026-01-02T03:04:05+02:00'", "DateTimeOffset 01/02/2026 03:04:05 +02:00")]
    [InlineData("[timespan]'1.02:03:04.5'", "TimeSpan 1.02:03:04.5000000")]
    [InlineData("[guid]'f3a7b0c2-0000-0000-0000-000000000001'", "Guid f3a7b0c2-0000-0000-0000-000000000001")]
    [InlineData("[version]'1.2.3'", "Version 1.2.3")]
    [InlineData("[uri]'https://a/b?c'", "Uri https://a/b?c")]
    [InlineData("[DayOfWeek]::Friday", "DayOfWeek Friday")]
    [InlineData("[IO.FileAttributes]'Hidden, System'", "FileAttributes Hidden, System")]
    [InlineData("[System.Management.Automation.ActionPreference]::Stop", "ActionPreference Stop")]
    [InlineData("[regex]::new('a.b', 'IgnoreCase')", "Regex a.b")]
    [InlineData("[IO.FileInfo]'/a/b'", "FileInfo /a/b")]
    [InlineData("[IO.DirectoryInfo]'/a'", "DirectoryInfo /a")]
    [InlineData(", [byte[]](1, 2)", "Byte[] 1 2")]
    [InlineData(", [int[]](1, 2)", "Int32[] 1 2")]
    [InlineData(", @(1, 'a')", "Object[] 1 a")]
    [InlineData(", [Collections.Generic.List[string]]('a', 'b')", "List`1 a b")]
    [InlineData(", [Collections.ArrayList](1, 2)", "ArrayList 1 2")]
    public void A_value_of_a_listed_type_is_what_it_was_there_and_here(string value, string expected) => Gives(
        $"{expected}|{expected}",
        $$"""
        $dag = New-Dag d {
            Add-DagNode here { {{value}} }
            Add-DagNode there -After here -On $Process { param($v) "$($v.GetType().Name) $v"; , $v }
            Add-DagNode back -After there { param($p) $p[0]; "$($p[1].GetType().Name) $($p[1])" }
        }
        ($dag | Invoke-Dag).Outputs['back'] -join '|'
        """);

    [Theory]
    [InlineData("[ordered]@{ b = 1; a = @{ 2 = 'x' } }", "$v.GetType().Name; $v.Keys -join ','; $v['a'][2]", "OrderedDictionary b,a x")]
    [InlineData("@{ a = 1 }", "$v.GetType().Name; $v['A']", "Hashtable 1")]
    [InlineData("[pscustomobject]@{ b = 1; a = 2 }", "$v.GetType().Name; $v.psobject.Properties.Name -join ','", "PSCustomObject b,a")]
    [InlineData("[xml]'<a><b/></a>'", "$v.GetType().Name; $v.OuterXml", "XmlDocument <a><b /></a>")]
    [InlineData("$null", "$null -eq $v", "True")]
    [InlineData("Get-Process -Id $PID", "$v.psobject.TypeNames[0]; $v.Id -eq $using:PID", "Deserialized.System.Diagnostics.Process True")]
    public void A_value_that_has_parts_is_whole_there(string value, string question, string expected) => Gives(
        expected,
        $$"""
        $dag = New-Dag d { Add-DagNode here { {{value}} }; Add-DagNode there -After here -On $Process { param($v) {{question}} } }
        ($dag | Invoke-Dag).Outputs['there'] -join ' '
        """);

    [Fact]
    public void A_declared_parameter_converts_there() => Gives(
        "Int32 5 DateTime",
        """
        $dag = New-Dag d { Add-DagNode a -On $Process { param([int]$n, [datetime]$d) "$($n.GetType().Name) $n $($d.GetType().Name)" } }
        ($dag | Invoke-Dag -SourceInput @{ n = '5'; d = '2026-01-02' }).Outputs['a']
        """);

    [Fact]
    public void A_secret_can_be_read_there_and_is_not_stored()
    {
        Gives(
            "word 3",
            """
            $dag = New-Dag d { Add-DagNode a -On $Process { param([pscredential]$c, [securestring]$s)
                "$($c.GetNetworkCredential().Password) $($s.Length)" } }
            $word = ConvertTo-SecureString word -AsPlainText -Force
            $three = ConvertTo-SecureString abc -AsPlainText -Force
            ($dag | Invoke-Dag -SourceInput @{ c = [pscredential]::new('ada', $word); s = $three }).Outputs['a']
            """);
        Assert.DoesNotContain(
            "word\"", StoreReader.Query(Session.Database, "SELECT input_json FROM node_executions"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_a_function_is_at_the_line_of_the_function()
    {
        Session.Run("Set-Content $Folder/nodes.ps1 'function Deep {', '    throw \"deep\"', '}', "
            + "'New-Dag d { Add-DagNode a -On $Process { Deep } } | Invoke-Dag'");

        var error = FailsWith("DagNodeFailed", ". $Folder/nodes.ps1", "deep");

        Assert.EndsWith("nodes.ps1", error.InvocationInfo.ScriptName, StringComparison.Ordinal);
        Assert.Equal(2, error.InvocationInfo.ScriptLineNumber);
    }

    [Fact]
    public void A_closing_node_there_knows_how_its_upstreams_ended() => Gives(
        "failed no|completed 2",
        """
        $dag = New-Dag d {
            Add-DagNode bad { throw 'no' }
            Add-DagNode good { 2 }
            Add-DagNode last -After bad, good -When Always -On $Process {
                $u = $DagContext.Upstreams
                $told = "$($u['bad'].Status) $($u['bad'].Error)|$($u['good'].Status) $($u['good'].Output)"
                Set-Content (Join-Path $using:Folder told) $told
            }
        }
        $null = $dag | Invoke-Dag -ContinueOnFailure -ErrorAction SilentlyContinue
        Get-Content $Folder/told
        """);

    [Fact]
    public void A_list_becomes_there_what_the_parameter_declares() => Gives(
        "2 True",
        """
        $dag = New-Dag d {
            Add-DagNode a { 1, '2' }
            Add-DagNode b -After a -On $Process { param([Collections.Generic.IReadOnlyList[int]]$x) "$($x.Count) $($x[1] -is [int])" }
        }
        ($dag | Invoke-Dag).Outputs['b']
        """);
}
