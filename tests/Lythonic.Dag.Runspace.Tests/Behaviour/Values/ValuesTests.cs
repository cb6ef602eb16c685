using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class ValuesTests : ModuleTest
{
    private const string Store =
        """
        $d = New-Dag d {
            Add-DagNode a { VALUE }
            Add-DagNode b { throw 'no' } -After a
            Add-DagNode c { 1 } -After b
        }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $v = ((Get-DagRun $r.RunId).Nodes | Where-Object Label -eq a).Output

        """;

    [Theory]
    [InlineData("A string", "\"it is\"", "\"$v $($v.GetType().Name)\"", "it is String")]
    [InlineData("An int", "5", "$v.GetType().Name", "Int32")]
    [InlineData("A long", "5L", "$v.GetType().Name", "Int64")]
    [InlineData("A byte", "[byte]5", "$v.GetType().Name", "Byte")]
    [InlineData("A double", "1.5", "\"$v $($v.GetType().Name)\"", "1.5 Double")]
    [InlineData("A whole double", "2.0", "$v.GetType().Name", "Double")]
    [InlineData("A decimal", "1.10d", "\"$v $($v.GetType().Name)\"", "1.10 Decimal")]
    [InlineData("A big integer", "[bigint]::Pow(10, 30)", "$v.GetType().Name", "BigInteger")]
    [InlineData("A boolean", "$true", "$v.GetType().Name", "Boolean")]
    [InlineData("Null", "", "$null -eq $v", "True")]
    [InlineData("A date and time", "[datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc)", "\"$($v.ToString(\"o\"))\"",
        "2026-01-02T03:04:05.0000000Z")]
    [InlineData("A date and time with an offset", "[DateTimeOffset]::new(2026, 1, 2, 3, 4, 5, [timespan]::FromHours(2))",
        "$v.ToString(\"o\")", "2026-01-02T03:04:05.0000000+02:00")]
    [InlineData("A time span", "[timespan]::FromMinutes(90)", "\"$v $($v.GetType().Name)\"", "01:30:00 TimeSpan")]
    [InlineData("A GUID", "[guid]\"11111111-2222-3333-4444-555555555555\"", "$v.GetType().Name", "Guid")]
    [InlineData("A version", "[version]\"1.2\"", "$v.GetType().Name", "Version")]
    [InlineData("A URI", "[uri]\"https://example.com/\"", "$v.GetType().Name", "Uri")]
    [InlineData("An enum", "[DayOfWeek]::Monday", "\"$v $($v.GetType().Name)\"", "Monday DayOfWeek")]
    [InlineData("A char", "[char]\"x\"", "$v.GetType().Name", "Char")]
    [InlineData("Bytes", ", [byte[]](1, 2)", "\"$($v.GetType().Name) $($v -join \",\")\"", "Byte[] 1,2")]
    [InlineData("An array", "1, \"a\", 2.5", "@($v | ForEach-Object { $_.GetType().Name }) -join \",\"", "Int32,String,Double")]
    [InlineData("A hashtable", "@{ a = 1 }", "\"$($v.GetType().Name) $($v[\"a\"])\"", "Hashtable 1")]
    [InlineData("The order of keys", "[ordered]@{ z = 1; a = 2 }", "$v.Keys -join \",\"", "z,a")]
    [InlineData("The type of keys", "@{ 5 = \"x\" }", "@($v.Keys)[0].GetType().Name", "Int32")]
    [InlineData("The order of properties", "[pscustomobject]@{ z = 1; a = 2 }", "$v.psobject.Properties.Name -join \",\"", "z,a")]
    [InlineData("A file", "[IO.FileInfo]\"/tmp/x.txt\"", "$v.GetType().Name", "FileInfo")]
    [InlineData("A regular expression", "[regex]\"a+\"", "\"$($v.GetType().Name) $v\"", "Regex a+")]
    [InlineData("An XML document", "[xml]\"<a/>\"", "$v.GetType().Name", "XmlDocument")]
    public void A_stored_value_comes_back_as_it_was(string what, string value, string question, string expected)
    {
        var script = Store.Replace("VALUE", value, StringComparison.Ordinal) + question;

        Assert.Equal((what, expected), (what, Session.Run(script).Sound().Text));
    }

    [Fact]
    public void A_live_object_comes_back_as_a_deserialized_one() => Gives(
        "True",
        """
        $d = New-Dag d {
            Add-DagNode a { [Text.StringBuilder]::new('x') }
            Add-DagNode b { throw 'no' } -After a
            Add-DagNode c { 1 } -After b
        }
        $r = Invoke-Dag $d -ErrorAction SilentlyContinue
        $v = ((Get-DagRun $r.RunId).Nodes | Where-Object Label -eq a).Output
        $v.psobject.TypeNames[0].StartsWith('Deserialized.')
        """);

    [Fact]
    public void Cycles_end() => Gives(
        "completed",
        "(Invoke-Dag (New-Dag d { Add-DagNode a { $h = @{}; $h.self = $h; $h } })).Status");

    [Theory]
    [InlineData("[IO.MemoryStream]::new([byte[]](1, 2))", "System.IO.MemoryStream", "\"$($v.Length) $($v.CanRead)\"", "2 True",
        "System.IO.MemoryStream")]
    [InlineData("[int]", "System.RuntimeType", "\"$($v.FullName) $($v.IsValueType)\"", "System.Int32 True", "int")]
    [InlineData("{ 1 + 1 }", "System.Management.Automation.ScriptBlock", "\"$($v.StartLine)\"", "2", " 1 + 1 ")]
    [InlineData("try { throw 'zz' } catch { $_ }", "System.Management.Automation.ErrorRecord",
        "\"$($v.FullyQualifiedErrorId) $($v.Exception.Message)\"", "zz zz", "zz")]
    [InlineData("Get-Command Get-Command", "System.Management.Automation.CmdletInfo", "\"$($v.Name) $($v.CommandType)\"",
        "Get-Command Cmdlet", "Get-Command")]
    public void A_live_object_whose_text_says_most_comes_back_with_its_properties(
        string value, string type, string show, string properties, string text)
    {
        var script = Store.Replace("VALUE", value, StringComparison.Ordinal);
        Gives($"Deserialized.{type} PSCustomObject\n{properties}\n{text}\n{text}",
            script + $"\"$($v.psobject.TypeNames[0]) $($v.psobject.BaseObject.GetType().Name)\"; {show}; $v.ToString(); \"$v\"");
    }

    [Fact]
    public void Such_an_object_is_stored_again_as_what_it_was() => Gives(
        "Deserialized.System.IO.MemoryStream 2 System.IO.MemoryStream",
        Store.Replace("VALUE", "[IO.MemoryStream]::new([byte[]](1, 2))", StringComparison.Ordinal)
            +
                "$r = New-Dag e { Add-DagNode a { $_ } } | Invoke-Dag -SourceInput @{ a = $v }; $w = (Get-DagRun $r.RunId).Outputs['a']; "
                + "\"$($w.psobject.TypeNames[0]) $($w.Length) $w\"");

    [Fact]
    public void An_enum_of_the_session_comes_back_as_what_it_was() => Gives(
        "Colour Green True\nLight Red, Green",
        """
        enum Colour { Red; Green }
        [Flags()] enum Light { Red = 1; Green = 2 }
        $green = [Colour]::Green; $both = [Light]'Red, Green'
        $r = New-Dag e { Add-DagNode a { $using:green }; Add-DagNode b { $using:both } } | Invoke-Dag
        $o = (Get-DagRun $r.RunId).Outputs
        "$($o['a'].GetType().Name) $($o['a']) $($o['a'] -is [Colour])"
        "$($o['b'].GetType().Name) $($o['b'])"
        """);
}
