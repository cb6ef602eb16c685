using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Lythonic.Dag.Transport.Tests.Harness;

namespace Lythonic.Dag.Transport.Tests.Calls;

/// <summary>What a scriptblock sees at the far end.</summary>
public sealed class ScriptTests(SharedProcess shared) : IClassFixture<SharedProcess>
{
    [PwshFact]
    public async Task The_folder_of_the_file_is_its_script_root()
    {
        var file = Path.Combine(Path.GetTempPath(), "folder", "pipeline.ps1");

        var output = await shared.Connection.OutputAsync(
            Hosted.Call("") with { Script = new RemoteScript("$PSScriptRoot; $PSCommandPath", file, 3, 4) });

        Assert.Equal(new object[] { Path.GetDirectoryName(file)!, file }, output);
    }

    [PwshTheory]
    [InlineData(1, 1)]
    [InlineData(5, 9)]
    public async Task Namespaces_of_the_file_hold(int line, int column) =>
        Assert.Equal("StringBuilder", await shared.Connection.OutputAsync(
            Hosted.Call("") with { Script = new RemoteScript(
                "param($x) [StringBuilder].Name", null, line, column, "using namespace System.Text; using namespace System.IO;") }));

    [PwshFact]
    public async Task Without_parameters_the_value_is_the_pipeline_variable() =>
        Assert.Equal("[1 2]", await shared.Connection.OutputAsync(Hosted.Call("\"[$_]\"") with { Value = new[] { 1, 2 } }));

    [PwshFact]
    public async Task A_process_block_gets_the_value_whole() =>
        Assert.Equal("[1 2]",
            await shared.Connection.OutputAsync(Hosted.Call("process { \"[$_]\" }") with { Value = new[] { 1, 2 }, IsPiped = true }));

    [PwshFact]
    public async Task Values_taken_with_using_are_there()
    {
        var key = Convert.ToBase64String(System.Text.Encoding.Unicode.GetBytes("$using:far"));

        Assert.Equal(DayOfWeek.Friday, await shared.Connection.OutputAsync(
            Hosted.Call("$using:far") with { Using = new Dictionary<string, object?> { [key] = DayOfWeek.Friday } }));
    }

    [PwshFact]
    public async Task An_image_brings_functions_variables_and_modules_and_the_next_image_takes_functions_away()
    {
        var image = new RemoteImage
        {
            Functions = new Dictionary<string, RemoteScript> { ["Get-Twice"] = new("param($n) 2 * $n") },
            Variables = new Dictionary<string, object?> { ["table"] = new Hashtable { ["a"] = 1 } },
            Modules = [("Microsoft.PowerShell.Archive", "")],
        };

        var output = await shared.Connection.OutputAsync(
            Hosted.Call("Get-Twice 4; $table.a; $table.a = 5; [bool](Get-Module Microsoft.PowerShell.Archive)") with { Image = image });
        var second = await shared.Connection.OutputAsync(Hosted.Call("$table.a") with { Image = image });
        var third = await shared.Connection.OutputAsync(Hosted.Call("[bool](Get-Command Get-Twice -ErrorAction Ignore); $table"));

        Assert.Equal(new object[] { 8, 1, true }, output);
        Assert.Equal(1, second);
        Assert.Equal(new object?[] { false, null }, third);
    }

    [PwshFact]
    public async Task The_context_says_what_is_known_of_the_run_and_the_host()
    {
        var context = new DagContext();
        context.Initialize("dag", "dag/map[1]", "label", "run", 3, CancellationToken.None);

        var output = await shared.Connection.OutputAsync(
            Hosted.Call(
                "param([Lythonic.Dag.DagContext]$c) $DagContext, $c | ForEach-Object { \"$($_.DagName) $($_.Path) $($_.NodeLabel) "
                + "$($_.RunId) $($_.Attempt) $($_.HostName)\" }") with
            {
                Context = context,
                ContextParameters = ["c"],
            });

        Assert.Equal(Enumerable.Repeat("dag dag/map[1] label run 3 process", 2), (object[])output!);
    }

    [PwshFact]
    public async Task Culture_and_strictness_are_those_of_the_call()
    {
        var call = Hosted.Call("[cultureinfo]::CurrentCulture.Name; try { $undefined } catch { 'strict' }") with { Culture =
            CultureInfo.InvariantCulture, StrictMode = "Latest" };

        Assert.Equal(new object[] { "", "strict" }, await shared.Connection.OutputAsync(call));
        Assert.Null(await shared.Connection.OutputAsync(Hosted.Call("$undefined")));
    }

    [PwshFact]
    public async Task A_call_leaves_no_variables_to_the_next()
    {
        await shared.Connection.OutputAsync(Hosted.Call("$left = 1"));

        Assert.Null(await shared.Connection.OutputAsync(Hosted.Call("$left")));
    }

    [PwshFact]
    public async Task A_call_leaves_nothing_that_it_changed_to_the_next()
    {
        foreach (var (change, seen, before) in new[]
        {
            ("$global:ErrorView = 'DetailedView'", "\"$global:ErrorView\"", "ConciseView"),
            ("Remove-Variable ErrorView -Scope Global", "\"$global:ErrorView\"", "ConciseView"),
            ("$PSDefaultParameterValues['Left:over'] = 1", "\"$($PSDefaultParameterValues.Count)\"", "0"),
            ("[Environment]::CurrentDirectory = '/'", "\"$([Environment]::CurrentDirectory -eq '/')\"", "False"),
            ("Push-Location / -StackName left; Set-Location -StackName left", "(Get-Location -Stack).Name", "default"),
        })
        {
            await shared.Connection.OutputAsync(Hosted.Call(change) with { TouchesGlobals = true });

            Assert.Equal(before, await shared.Connection.OutputAsync(Hosted.Call(seen)));
        }
    }

    [PwshFact]
    public async Task A_call_that_changes_the_session_leaves_the_functions_that_came_along()
    {
        var call = Hosted.Call("$global:left++; Along") with
        {
            TouchesGlobals = true,
            Image = new RemoteImage
            {
                Functions = new Dictionary<string, RemoteScript> { ["Along"] = new("\"along $global:left\"") },
            },
        };

        Assert.Equal("along 1", await shared.Connection.OutputAsync(call));
        Assert.Equal("along 1", await shared.Connection.OutputAsync(call));
    }

    [PwshFact]
    public async Task A_command_with_parameters_is_called_by_its_name()
    {
        var result = await shared.Connection.InvokeCommandAsync(
            "Join-Path", new Dictionary<string, object?> { ["Path"] = "a", ["ChildPath"] = "b" }, null, CancellationToken.None);

        Assert.Equal(Path.Join("a", "b"), ((PSObject)result.Value!).BaseObject);
    }
}
