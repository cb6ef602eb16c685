using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>Values of completed nodes that a restart in a new session hands to the nodes that are left.</summary>
public sealed class RestoredValueTests : ModuleTest
{
    [Theory]
    [InlineData("'it is'", "\"$v $($v.GetType().Name)\"", "it is String")]
    [InlineData("''", "\"<$v> $($v.GetType().Name)\"", "<> String")]
    [InlineData("\"line`n'\"\"`0 é 😀\"", "$v -ceq \"line`n'\"\"`0 é 😀\"", "True")]
    [InlineData("5", "\"$v $($v.GetType().Name)\"", "5 Int32")]
    [InlineData("[long]::MaxValue", "\"$v $($v.GetType().Name)\"", "9223372036854775807 Int64")]
    [InlineData("[ulong]::MaxValue", "\"$v $($v.GetType().Name)\"", "18446744073709551615 UInt64")]
    [InlineData("[byte]5", "$v.GetType().Name", "Byte")]
    [InlineData("[sbyte]-5", "$v.GetType().Name", "SByte")]
    [InlineData("[int16]5", "$v.GetType().Name", "Int16")]
    [InlineData("[uint16]5", "$v.GetType().Name", "UInt16")]
    [InlineData("[uint32]5", "$v.GetType().Name", "UInt32")]
    [InlineData("[single]1.1", "\"$($v -eq [single]1.1) $($v.GetType().Name)\"", "True Single")]
    [InlineData("0.1", "\"$($v -eq 0.1) $($v.GetType().Name)\"", "True Double")]
    [InlineData("2.0", "$v.GetType().Name", "Double")]
    [InlineData("[double]::NaN", "$v", "NaN")]
    [InlineData("[double]::NegativeInfinity", "[double]::IsNegativeInfinity($v)", "True")]
    [InlineData("1.10d", "\"$v $($v.GetType().Name)\"", "1.10 Decimal")]
    [InlineData("[bigint]::Pow(10, 30)", "\"$v $($v.GetType().Name)\"", "1000000000000000000000000000000 BigInteger")]
    [InlineData("$true", "\"$v $($v.GetType().Name)\"", "True Boolean")]
    [InlineData("$false", "\"$v $($v.GetType().Name)\"", "False Boolean")]
    [InlineData("$null", "$null -eq $v", "True")]
    [InlineData("[char]'x'", "\"$v $($v.GetType().Name)\"", "x Char")]
    [InlineData("[datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc)", "\"$($v.ToString('o')) $($v.Kind)\"",
        "2026-01-02T03:04:05.0000000Z Utc")]
    [InlineData("[datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Local)", "\"$($v.ToString('s')) $($v.Kind)\"",
        "2026-01-02T03:04:05 Local")]
    [InlineData("[datetime]::new(2026, 1, 2)", "\"$($v.ToString('s')) $($v.Kind)\"", "2026-01-02T00:00:00 Unspecified")]
    [InlineData("[DateTimeOffset]::new(2026, 1, 2, 3, 4, 5, [timespan]::FromHours(2))", "\"$($v.ToString('o')) $($v.GetType().Name)\"",
        "2026-01-02T03:04:05.0000000+02:00 DateTimeOffset")]
    [InlineData("[timespan]::FromTicks(5400000000001)", "\"$($v.Ticks) $($v.GetType().Name)\"", "5400000000001 TimeSpan")]
    [InlineData("[guid]'11111111-2222-3333-4444-555555555555'", "\"$v $($v.GetType().Name)\"", "11111111-2222-3333-4444-555555555555 Guid")]
    [InlineData("[version]'1.2.3'", "\"$v $($v.GetType().Name)\"", "1.2.3 Version")]
    [InlineData("[uri]'https://example.com/a b'", "\"$($v.OriginalString) $($v.GetType().Name)\"", "https://example.com/a b Uri")]
    [InlineData("[uri]'a/b'", "\"$v $($v.IsAbsoluteUri)\"", "a/b False")]
    [InlineData("[DayOfWeek]::Monday", "\"$v $($v.GetType().Name)\"", "Monday DayOfWeek")]
    [InlineData("[IO.FileAttributes]'Hidden, System'", "\"$v $($v.GetType().Name)\"", "Hidden, System FileAttributes")]
    [InlineData("[System.Management.Automation.ActionPreference]::Stop", "\"$v $($v.GetType().Name)\"", "Stop ActionPreference")]
    [InlineData(", [byte[]](0, 255)", "\"$($v.GetType().Name) $($v -join ',')\"", "Byte[] 0,255")]
    [InlineData("1, 'a', 2.5, $null",
        "\"$($v.GetType().Name) $(@($v | ForEach-Object { if ($null -eq $_) { 'null' } else { $_.GetType().Name } }) -join ',')\"",
        "Object[] Int32,String,Double,null")]
    [InlineData(", [int[]](1, 2)", "\"$($v.GetType().Name) $($v -join ',')\"", "Int32[] 1,2")]
    [InlineData(", [string[]]@('a')", "\"$($v.GetType().Name) $($v.Count)\"", "String[] 1")]
    [InlineData(", @()", "\"$($v.GetType().Name) $($v.Count)\"", "Object[] 0")]
    [InlineData("1, (2, (3, 4))", "$v[1][1][1]", "4")]
    [InlineData(", [Collections.Generic.List[int]](1, 2)", "\"$($v.GetType() -eq [Collections.Generic.List[int]]) $($v -join ',')\"",
        "True 1,2")]
    [InlineData(", [Collections.ArrayList](1, 'a')", "\"$($v.GetType().Name) $($v -join ',')\"", "ArrayList 1,a")]
    [InlineData("@{ a = 1; B = 'x' }", "\"$($v.GetType().Name) $($v['A']) $($v['b'])\"", "Hashtable 1 x")]
    [InlineData("@{}", "\"$($v.GetType().Name) $($v.Count)\"", "Hashtable 0")]
    [InlineData("@{ 5 = 'x' }", "\"$($v[5]) $(@($v.Keys)[0].GetType().Name)\"", "x Int32")]
    [InlineData("[ordered]@{ z = 1; a = 2; m = 3 }", "\"$($v.GetType().Name) $(@($v.Keys) -join ',')\"", "OrderedDictionary z,a,m")]
    [InlineData("@{ '$type' = 'x'; n = 1 }", "\"$($v['$type']) $($v['n'])\"", "x 1")]
    [InlineData("[pscustomobject]@{ z = 1; a = [datetime]::new(2026, 1, 2) }",
        "\"$($v.GetType().Name) $($v.PSObject.Properties.Name -join ',') $($v.a.GetType().Name)\"", "PSCustomObject z,a DateTime")]
    [InlineData("[pscustomobject]@{ inner = [pscustomobject]@{ x = 1, 2 } }", "$v.inner.x[1]", "2")]
    [InlineData("[pscustomobject]@{ PSTypeName = 'My.Type'; n = 1 }", "$v.PSObject.TypeNames[0]", "My.Type")]
    [InlineData("[IO.FileInfo]'/tmp/x.txt'", "\"$($v.FullName) $($v.GetType().Name)\"", "/tmp/x.txt FileInfo")]
    [InlineData("[IO.DirectoryInfo]'/tmp/x'", "\"$($v.FullName) $($v.GetType().Name)\"", "/tmp/x DirectoryInfo")]
    [InlineData("[xml]'<a b=\"1\"><c/></a>'", "\"$($v.OuterXml) $($v.GetType().Name)\"", "<a b=\"1\"><c /></a> XmlDocument")]
    [InlineData("[regex]::new('a+', 'IgnoreCase')", "\"$v $($v.Options) $($v.GetType().Name)\"", "a+ IgnoreCase Regex")]
    [InlineData("$d = [Collections.Generic.SortedDictionary[string,int]]::new(); $d['b'] = 1; $d['a'] = 2; , $d",
        "\"$($v.GetType().Name) $($v.Keys -join ',')\"", "SortedDictionary`2 a,b")]
    [InlineData("$l = [Collections.SortedList]::new(); $l['b'] = 1; $l['a'] = 2; , $l", "\"$($v.GetType().Name) $($v.Keys -join ',')\"",
        "SortedList a,b")]
    [InlineData("$g = [int[,]]::new(2, 3); $g[1, 2] = 7; , $g", "\"$($v.GetType().Name) $($v[1, 2])\"", "Int32[,] 7")]
    [InlineData("[DateOnly]::new(2026, 1, 2), [TimeOnly]::new(3, 4), [Half]1.5, [Int128]::MaxValue",
        "$v.ForEach{ $_.GetType().Name } -join ','", "DateOnly,TimeOnly,Half,Int128")]
    [InlineData("$h = [psobject]@{ a = 1 }; $h.PSObject.Properties.Add([psnoteproperty]::new('Note', 5)); $h",
        "\"$($v.GetType().Name) $($v['a']) $($v.PSObject.Properties['Note'].Value)\"", "Hashtable 1 5")]
    [InlineData("$s = [psobject]'text'; $s.PSObject.Properties.Add([psnoteproperty]::new('Note', 5)); $s",
        "\"$v $($v.GetType().Name) <$($v.Note)>\"", "text String <5>")]
    [InlineData("[CmdletBinding()] param() $s = [psobject]'text'; $s.PSObject.Properties.Add([psnoteproperty]::new('Note', 5)); $s",
        "\"$v $($v.GetType().Name) <$($v.Note)>\"", "text String <5>")]
    [InlineData("$s = [psobject]'text'; $s.PSObject.Properties.Add([psnoteproperty]::new('Note', 5)); $s, 'b'",
        "\"$v <$($v[0].Note)>\"", "text b <5>")]
    [InlineData("[CmdletBinding()] param() $s = [psobject]'text'; $s.PSObject.Properties.Add([psnoteproperty]::new('Note', 5)); $s, 'b'",
        "\"$v <$($v[0].Note)>\"", "text b <5>")]
    [InlineData("7001 | Add-Member Note 7 -PassThru", "\"$v $($v.GetType().Name) <$($v.Note)>\"", "7001 Int32 <>")]
    [InlineData("[datetime]::new(2026, 1, 2) | Add-Member Note 7 -PassThru", "\"$($v.Year) $($v.GetType().Name) <$($v.Note)>\"",
        "2026 DateTime <7>")]
    [InlineData("Get-Date -Date 2026-01-02 -DisplayHint Date", "\"$($v.Year) <$($v.DisplayHint)>\"", "2026 <>")]
    [InlineData("$h = [psobject]@{ a = 1 }; $h | Add-Member DisplayHint 5 -PassThru", "$v.PSObject.Properties['DisplayHint'].Value", "5")]
    [InlineData("[DayOfWeek]::Monday | Add-Member Note 7 -PassThru", "\"$v $($v.GetType().Name) <$($v.Note)>\"", "Monday DayOfWeek <7>")]
    [InlineData("$a = 1, 2; Add-Member -InputObject $a Note 7; , $a", "\"$v $($v.GetType().Name) <$($v.Note)>\"", "1 2 Object[] <7>")]
    [InlineData("-0.0d", "[decimal]::GetBits($v)[3] -lt 0", "True")]
    [InlineData("'{\"z\":1,\"B\":{\"y\":1,\"x\":2},\"b\":3}' | ConvertFrom-Json -AsHashtable",
        "\"$($v.GetType().Name) $($v.Keys) $($v.B.GetType().Name) $($v.B.Keys)\"", "OrderedHashtable z B b OrderedHashtable y x")]
    [InlineData("$t = [Data.DataTable]::new('t'); $null = $t.Columns.Add('n'), $t.Rows.Add('1'), $t.Rows.Add('2'); , $t",
        "\"$($v.TableName) $($v.Rows.Count) $($v | ForEach-Object n) $(foreach ($r in $v) { $r.n })\"", "t 2 1 2 1 2")]
    [InlineData("Get-Item $PSHOME",
        "$now = Get-Item $PSHOME; "
            + "@(foreach ($m in ($now | Get-Member PS* -MemberType NoteProperty).Name) { if ($v.$m -ne $now.$m) { $m } }).Count",
        "0")]
    [InlineData("(Get-ChildItem $PSHOME -File)[0]",
        "\"$(($v | Get-Item).FullName -eq $v.FullName) $($v.UnixMode -eq ($v | Get-Item).UnixMode)\"", "True True")]
    public void A_value_comes_back_as_it_was(string value, string question, string expected)
    {
        Session.Run(
            $"$d = New-Dag d {{ Add-DagNode a {{ {value} }}; Add-DagNode b {{ throw 'no' }} -After a }}; "
            + $"$null = Invoke-Dag $d -ErrorAction SilentlyContinue").Sound();

        GivesInNewSession(
            $"{expected}",
            $"$d = New-Dag d {{ Add-DagNode a {{ {value} }}; Add-DagNode b {{ param($v) {question} }} -After a }}; "
            + $"(Restart-DagRun (Get-DagRun).RunId -Dag $d).Outputs['b']");
    }

    [Theory]
    [InlineData("[Tests.Point]::new(3, 'x')", "[Tests.Point]", "\"$($v.GetType().Name) $($v.X) $($v.Name)\"", "Point 3 x")]
    [InlineData("[Tests.Point]::new(3, 'x'), [Tests.Point]::new(4, 'y')", "[Tests.Point[]]", "\"$($v.GetType().Name) $($v[1].X)\"",
        "Point[] 4")]
    [InlineData("$s = [Tests.Settings]::new(); $s.Depth = 4; $s.Names.Add('n'); $s", "[Tests.Settings]",
        "\"$($v.GetType().Name) $($v.Depth) $($v.Names[0])\"", "Settings 4 n")]
    public void A_record_or_plain_object_comes_back_where_its_type_is_declared(string value, string type, string question, string expected)
    {
        string Nodes(string body) =>
            $"$d = New-Dag d {{ Add-DagNode a {{ {value} }} -OutputType ({type}); Add-DagNode b {{ param({type}$v) {body} }} -After a }}; ";
        Session.Run(Nodes("throw 'no'") + "$null = Invoke-Dag $d -ErrorAction SilentlyContinue").Sound();

        GivesInNewSession(expected, Nodes(question) + "(Restart-DagRun (Get-DagRun).RunId -Dag $d).Outputs['b']");
    }

    [Fact]
    public void A_live_object_comes_back_as_a_deserialized_one_with_its_properties()
    {
        Session.Run(
            "$d = New-Dag d { Add-DagNode a { [Text.StringBuilder]::new('x', 77) }; Add-DagNode b { throw 'no' } -After a }; "
            + "$null = Invoke-Dag $d -ErrorAction SilentlyContinue").Sound();

        GivesInNewSession(
            "Deserialized.System.Text.StringBuilder 77",
            "$d = New-Dag d { Add-DagNode a { [Text.StringBuilder]::new('x', 77) }; "
            + "Add-DagNode b { param($v) \"$($v.PSObject.TypeNames[0]) $($v.Capacity)\" } -After a }; "
            + "(Restart-DagRun (Get-DagRun).RunId -Dag $d).Outputs['b']");
    }

    [Fact]
    public void A_consumer_that_cannot_take_a_deserialized_object_fails_with_what_to_run_again()
    {
        static string Nodes(string body) =>
            $"$d = New-Dag d {{ Add-DagNode maker {{ [Text.StringBuilder]::new('x') }}; "
            + $"Add-DagNode b {{ param([Text.StringBuilder]$v) {body} }} -After maker }}; ";
        Session.Run(Nodes("throw 'no'") + "$null = Invoke-Dag $d -ErrorAction SilentlyContinue").Sound();

        var error = FailsWith("DagNodeFailed", Nodes("1") + "Restart-DagRun (Get-DagRun).RunId -Dag $d", "maker", "again");

        Assert.Contains("DagValueNotRestorable",
            ((System.Management.Automation.RuntimeException)error.Exception).ErrorRecord.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_ends_and_is_marked()
    {
        Session.Run("$null = New-Dag d { Add-DagNode a { $h = @{ n = 1 }; $h.self = $h; $h } } | Invoke-Dag").Sound();

        GivesInNewSession("1", "(Get-DagRun).Outputs['a']['n']");
    }
}
