using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Security;
using System.Text.RegularExpressions;
using System.Xml;
using Lythonic.Dag.Transport.Tests.Harness;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Transport.Tests.Calls;

/// <summary>What arrives of each listed type, there and back.</summary>
public sealed class ValueTests(SharedProcess shared) : IClassFixture<SharedProcess>
{
    private static readonly JsonValueCodec Codec = new(new PowerShellValueAdapter());

    public static TheoryData<string> Names => [.. Listed().Keys];

    [Fact]
    public void An_output_that_cannot_be_read_here_is_a_failure_of_its_call_and_the_next_one_goes_on()
    {
        var answer = RemoteAnswer.Read(new PSObject($"{RemoteAnswer.Mark} 1 5 {{no value"))!.Value;

        var result = answer.ReadOutput(new ValueParcels(new PowerShellValueAdapter()));

        Assert.Equal((RemoteOutcomeKind.Failed, true), (result.Kind, result.IsFollowed));
        Assert.Contains("cannot be read here", result.Error!.Message, StringComparison.Ordinal);
    }

    [PwshTheory]
    [MemberData(nameof(Names))]
    public async Task A_value_of_a_listed_type_is_there_and_back_what_it_was(string name)
    {
        var value = Listed()[name];

        var back = (Hashtable)(await shared.Connection.OutputAsync(
            Hosted.Call("param($v) @{ Type = if ($null -ne $v) { $v.GetType().FullName }; Value = $v }", ("v", value))))!;

        var type = value is PSObject ? typeof(PSCustomObject) : value?.GetType();
        Assert.Equal(type?.FullName, back["Type"]);
        Assert.Equal(value?.GetType(), back["Value"]?.GetType());
        Assert.Equal(Codec.Encode(value).Json, Codec.Encode(back["Value"]).Json);
    }

    [PwshFact]
    public async Task A_value_that_a_host_makes_of_each_listed_type_arrives_as_that_type()
    {
        var made = (object[])(await shared.Connection.OutputAsync(Hosted.Call(
            "[DayOfWeek]::Friday; [bigint]12; [DateTimeOffset]'2024-02-29T12:00:00+03:30'; [ordered]@{ b = 1; a = 2L }; , [int[]](1, 2); "
            + "[IO.FileInfo]'/tmp/x'; [char]'x'; 1.5d; [version]'1.2.3'")))!;

        Assert.Equal(
            ["DayOfWeek", "BigInteger", "DateTimeOffset", "OrderedDictionary", "Int32[]", "FileInfo", "Char", "Decimal", "Version"],
            made.Select(item => item.GetType().Name));
    }

    [PwshFact]
    public async Task A_secure_string_and_a_credential_can_be_read_there_and_come_back_as_secrets()
    {
        using var secret = Secret("geheim");
        var call = Hosted.Call(
            "param($s, $c) [pscredential]::new('x', $s.inner).GetNetworkCredential().Password; $c.GetNetworkCredential().Password; "
            + "$s.inner; $c",
            ("s", new Hashtable { ["inner"] = secret }),
            ("c", new PSCredential("ops", secret)));

        var result = await shared.Connection.InvokeAsync(call, CancellationToken.None);

        var output = (object[])result.Value!;
        Assert.Equal(["geheim", "geheim"], output[..2]);
        Assert.Equal("geheim", new PSCredential("x", (SecureString)output[2]).GetNetworkCredential().Password);
        Assert.Equal(("ops", "geheim"), (((PSCredential)output[3]).UserName, ((PSCredential)output[3]).GetNetworkCredential().Password));
        Assert.Null(result.Json);
    }

    [PwshFact]
    public async Task A_live_object_arrives_as_what_a_restart_would_bring_back()
    {
        var output = (PSObject)(await shared.Connection.OutputAsync(Hosted.Call("Get-Process -Id $PID")))!;

        Assert.Equal("Deserialized.System.Diagnostics.Process", output.TypeNames[0]);
        Assert.IsType<int>(output.Properties["Id"].Value);
    }

    [PwshFact]
    public async Task The_stored_form_of_an_output_comes_with_it()
    {
        var result = await shared.Connection.InvokeAsync(Hosted.Call("[ordered]@{ day = [DayOfWeek]::Friday }"), CancellationToken.None);

        Assert.Equal(Codec.Encode(result.Value).Json, result.Json);
    }

    [PwshFact]
    public async Task A_hundred_kilobytes_arrive_whole_both_ways()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => (i % 977).ToString(CultureInfo.InvariantCulture) + "é<&\u0001"));

        Assert.Equal(text, await shared.Connection.OutputAsync(Hosted.Call("param($v) $v", ("v", text))));
    }

    private static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var letter in text)
            secret.AppendChar(letter);
        return secret;
    }

    private static Dictionary<string, object?> Listed() =>
        new(((Dictionary<string, object?>[])[Scalars(), Collections(), Objects()]).SelectMany(values => values));

    private static Dictionary<string, object?> Scalars() => new()
    {
        ["null"] = null,
        ["text"] = "a<b>&\u0001\r\n\ud83d\ude00",
        ["empty text"] = "",
        ["true"] = true,
        ["sbyte"] = (sbyte)-1,
        ["byte"] = (byte)255,
        ["short"] = short.MinValue,
        ["ushort"] = ushort.MaxValue,
        ["int"] = 42,
        ["uint"] = uint.MaxValue,
        ["long"] = 1L,
        ["ulong"] = ulong.MaxValue,
        ["float"] = 0.1f,
        ["double"] = 0.1,
        ["not a number"] = double.NaN,
        ["decimal"] = 1.50m,
        ["big integer"] = BigInteger.Pow(2, 200),
        ["char"] = 'x',
        ["date"] = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc).AddTicks(7),
        ["local date"] = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Unspecified),
        ["date with offset"] = new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromMinutes(-210)),
        ["span"] = TimeSpan.FromTicks(-7),
        ["guid"] = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
        ["version"] = new Version(1, 2, 3),
        ["uri"] = new Uri("https://example.org/a%20b?c=d"),
        ["relative uri"] = new Uri("a/b", UriKind.Relative),
        ["enum"] = DayOfWeek.Friday,
        ["flags"] = FileAttributes.Hidden | FileAttributes.System,
        ["enum of PowerShell"] = ActionPreference.Inquire,
    };

    private static Dictionary<string, object?> Collections() => new()
    {
        ["bytes"] = new byte[] { 0, 1, 255 },
        ["int array"] = new[] { 1, 2, 3 },
        ["text array"] = new[] { "a", "b" },
        ["empty array"] = Array.Empty<object>(),
        ["array of one"] = new object?[] { null },
        ["mixed array"] = new object?[] { 1, "a", null, 2L, new object?[] { DayOfWeek.Sunday } },
        ["enum array"] = new[] { DayOfWeek.Monday, DayOfWeek.Tuesday },
        ["list"] = new List<int> { 1, 2 },
        ["list of objects"] = new List<object?> { 1, "a", null },
        ["array list"] = new ArrayList { 1, "a" },
        ["hashtable"] = new Hashtable { ["a"] = 1 },
        ["hashtable of an enum by a number"] = new Hashtable { [2] = DayOfWeek.Friday },
        ["deep hashtable"] = new Hashtable { ["a"] = new Hashtable { ["b"] = new Hashtable { ["c"] = new Hashtable { ["d"] = 1m } } } },
        ["ordered"] = new OrderedDictionary { ["z"] = 1, ["a"] = 2L, [new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc)] = "x" },
        ["dictionary"] = new Dictionary<string, long> { ["z"] = 1 },
    };

    private static Dictionary<string, object?> Objects()
    {
        var xml = new XmlDocument();
        xml.LoadXml("<a b='1'>x</a>");
        var custom = new PSObject();
        custom.Properties.Add(new PSNoteProperty("zulu", 1L));
        custom.Properties.Add(new PSNoteProperty("alpha", new[] { DayOfWeek.Monday }));
        return new()
        {
            ["custom object"] = custom,
            ["file"] = new FileInfo("/tmp/some file"),
            ["folder"] = new DirectoryInfo("/tmp"),
            ["xml"] = xml,
            ["regex"] = new Regex("^a+$", RegexOptions.IgnoreCase),
        };
    }
}
